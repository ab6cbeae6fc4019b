"""The same sketch by the `datasketch` library: slower, and what tests hold ours to."""

from __future__ import annotations

import numpy as np

from curate.dedup.shingles import STEP, Bytes, Numbers, Offsets, sets
from curate.errors import BadSetting

SPREAD = np.uint64(29)


def banded(data: Bytes, offsets: Offsets, permutations: int, bands: int, rows: int) -> Numbers:
    """The band keys of every text: (bands, texts). A text without shingles has the key 0."""
    try:
        from datasketch import MinHash
    except ImportError as error:
        raise BadSetting(
            "near-duplicate.engine = datasketch: it is not installed; pip install datasketch"
        ) from error
    numbers, bounds = sets(data, offsets)
    keys = np.zeros((bands, len(offsets) - 1), np.uint64)
    for text in range(len(offsets) - 1):
        found = numbers[bounds[text] : bounds[text + 1]]
        if len(found):
            sketch = MinHash(num_perm=permutations)
            sketch.update_batch([number.tobytes() for number in found])
            keys[:, text] = band_keys(sketch.hashvalues.astype(np.uint64), bands, rows)
    return keys


def band_keys(hashes: Numbers, bands: int, rows: int) -> Numbers:
    """One number for each band of a sketch."""
    banded = hashes[: bands * rows].reshape(bands, rows)
    keys = np.arange(1, bands + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for row in range(rows):
            keys = (keys ^ keys >> SPREAD) * STEP + banded[:, row]
    return (keys ^ keys >> SPREAD) * STEP | np.uint64(1)
