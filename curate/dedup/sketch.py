"""Sketch: MinHash of a text's shingles, cut into bands; texts that share a band may be alike.

128 affine hashes x -> a * x + b modulo 2 ** 32 (Broder 1997; Indyk and Motwani 1998 for the
bands). Two texts of Jaccard similarity s share at least one of `bands` bands of `rows` hashes with
probability 1 - (1 - s ** rows) ** bands: at 0.8 that is 0.998 for 20 x 6 and at 0.7 0.92, for
32 x 4 0.9999998 and 0.9998; at 0.5 it is 0.27 and 0.87.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from curate.dedup.shingles import Bytes, Numbers, Offsets
from curate.kernel import library
from curate.kernel.library import BYTES, COUNT, FACTORS, LONGS, NUMBERS, held, longest

PERMUTATIONS = 128
SEED = 0x63757261_7465

Factors = npt.NDArray[np.uint32]

_banded = library.function(
    "banded", BYTES, COUNT, LONGS, COUNT, FACTORS, FACTORS, COUNT, COUNT, COUNT, NUMBERS, FACTORS,
    library.array(np.uint64, 2), gives=None,
)  # fmt: skip


def factors(permutations: int = PERMUTATIONS) -> tuple[Factors, Factors]:
    """The odd factors and the summands of the hashes, the same on every machine."""
    state, drawn = SEED, []
    for _ in range(2 * permutations):  # SplitMix64 (Steele, Lea and Flood 2014)
        state = (state + 0x9E3779B97F4A7C15) % (1 << 64)
        value = state
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % (1 << 64)
        value = (value ^ value >> 27) * 0x94D049BB133111EB % (1 << 64)
        drawn.append((value ^ value >> 31) >> 32)
    numbers = np.array(drawn, np.uint32)
    return numbers[:permutations] | np.uint32(1), numbers[permutations:]


def banded(
    data: Bytes, offsets: Offsets, factor: Factors, summand: Factors, bands: int, rows: int
) -> Numbers:
    """The band keys of every text: (bands, texts). A text without shingles has the key 0."""
    held(offsets, len(data))
    if bands * rows > len(factor) or len(factor) != len(summand):
        raise ValueError(f"{bands} bands of {rows} rows are more than {len(factor)} hashes")
    size = len(offsets) - 1
    keys = np.zeros((bands, size), np.uint64)
    found, least = np.empty(longest(offsets) + 1, np.uint64), np.empty(len(factor), np.uint32)
    hashes = factor, summand, len(factor)
    _banded(data, len(data), offsets, size, *hashes, bands, rows, found, least, keys)
    return keys


@dataclass(frozen=True)
class Sketcher:
    """How texts are sketched; the same on every worker."""

    bands: int = 20
    rows: int = 6
    permutations: int = PERMUTATIONS
    engine: str = "kernel"

    def recall(self, similarity: float) -> float:
        """The share of the pairs which are just so alike that is found."""
        return 1 - (1 - similarity**self.rows) ** self.bands

    def __call__(self, data: Bytes, offsets: Offsets) -> Numbers:
        """The band keys of texts: (bands, texts)."""
        if self.engine == "datasketch":
            from curate.dedup.reference import banded as by_datasketch

            return by_datasketch(data, offsets, self.permutations, self.bands, self.rows)
        return banded(data, offsets, *factors(self.permutations), self.bands, self.rows)
