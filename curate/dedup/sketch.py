"""Sketch: MinHash of a text's shingles, cut into bands; texts that share a band may be alike.

128 affine hashes x -> a * x + b modulo 2 ** 32 (Broder 1997; Indyk and Motwani 1998 for the
bands). Two texts of Jaccard similarity s share at least one of `bands` bands of `rows` hashes with
probability 1 - (1 - s ** rows) ** bands: at 0.7 that is 0.99 for 20 x 6 and 0.999 for 25 x 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from curate.dedup.shingles import STEP, Bytes, Numbers, Offsets, compiled, inlined, mixed, shingled

PERMUTATIONS = 128
SEED = 0x63757261_7465

Factors = npt.NDArray[np.uint32]


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


@inlined
def upper(shingle: np.uint64) -> np.uint32:
    """The better mixed half of a shingle."""
    return np.uint32(shingle >> np.uint64(32))


@inlined
def minima(shingles: Numbers, factor: Factors, summand: Factors, least: Factors) -> None:
    """The least value of every hash over the shingles, into `least`; four of them at once."""
    least[:] = np.uint32(0xFFFFFFFF)
    whole = len(shingles) - len(shingles) % 4
    for at in range(0, whole, 4):
        one, two = upper(shingles[at]), upper(shingles[at + 1])
        three, four = upper(shingles[at + 2]), upper(shingles[at + 3])
        for p in range(len(least)):
            a, b = factor[p], summand[p]
            early = min(np.uint32(one * a + b), np.uint32(two * a + b))
            late = min(np.uint32(three * a + b), np.uint32(four * a + b))
            least[p] = min(least[p], early, late)
    for at in range(whole, len(shingles)):
        last = upper(shingles[at])
        for p in range(len(least)):
            least[p] = min(least[p], np.uint32(last * factor[p] + summand[p]))


@compiled
def banded(
    data: Bytes, offsets: Offsets, factor: Factors, summand: Factors, bands: int, rows: int
) -> Numbers:
    """The band keys of every text: (bands, texts). A text without shingles has the key 0."""
    size = len(offsets) - 1
    keys = np.zeros((bands, size), np.uint64)
    longest = 0
    for text in range(size):
        longest = max(longest, offsets[text + 1] - offsets[text])
    found = np.empty(longest + 1, np.uint64)
    least = np.empty(len(factor), np.uint32)
    for text in range(size):
        made = shingled(data, offsets[text], offsets[text + 1], found)
        if made == 0:
            continue
        minima(found[:made], factor, summand, least)
        for band in range(bands):
            key = np.uint64(band + 1)
            for row in range(band * rows, band * rows + rows):
                key = key * STEP + np.uint64(least[row])
            keys[band, text] = mixed(key) | np.uint64(1)
    return keys


@dataclass(frozen=True)
class Sketcher:
    """How texts are sketched; the same on every worker."""

    bands: int = 20
    rows: int = 6
    permutations: int = PERMUTATIONS
    engine: str = "kernel"

    def __call__(self, data: Bytes, offsets: Offsets) -> Numbers:
        """The band keys of texts: (bands, texts)."""
        if self.engine == "datasketch":
            from curate.dedup.reference import banded as by_datasketch

            return by_datasketch(data, offsets, self.permutations, self.bands, self.rows)
        return banded(data, offsets, *factors(self.permutations), self.bands, self.rows)
