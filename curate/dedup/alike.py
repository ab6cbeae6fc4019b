"""How alike candidates really are: the Jaccard similarity of their sets of shingles, exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from curate.dedup.candidates import Pairs
from curate.dedup.clusters import Similarities
from curate.dedup.shingles import Offsets, Sets
from curate.kernel import library
from curate.kernel.library import COUNT, FLOATS, LONGS, NUMBERS, PAIRS, held, within

_similarities = library.function("similarities", NUMBERS, LONGS, PAIRS, COUNT, FLOATS, gives=None)

PAIRS_AT_ONCE = 4096  # of one piece of work: some pairs take longer than others

SetsOf = Callable[[Offsets], Sequence[Sets]]
"""The sets of texts, whose sorted numbers are given; in as many pieces as is convenient."""


def similarities(sets: Sequence[Sets], pairs: Pairs, threads: int = 1) -> Similarities:
    """The similarity of every pair of texts, which are numbered through all the pieces.

    |A and B| / |A or B| of two sorted sets; 0 where one is empty.
    """
    for numbers, bounds in sets:
        held(bounds, len(numbers))
    starts = [part.numbers.ctypes.data + 8 * part.bounds[:-1] for part in sets]
    sizes = [np.empty(0, np.int64), *(np.diff(part.bounds) for part in sets)]
    at = np.concatenate([np.empty(0, np.int64), *starts]).astype(np.uint64)
    lengths = np.concatenate(sizes)
    within(pairs, len(at))
    found = np.empty(len(pairs), np.float64)

    def fill(first: int) -> None:
        some = slice(first, first + PAIRS_AT_ONCE)
        _similarities(at, lengths, pairs[some], len(pairs[some]), found[some])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, range(0, len(pairs), PAIRS_AT_ONCE)))
    return found


@dataclass(frozen=True)
class Compared:
    """The sets of the texts that are candidates, by the texts' own numbers."""

    texts: Offsets  # their numbers, sorted
    sets: Sequence[Sets]

    @classmethod
    def of(cls, pairs: Pairs, sets_of: SetsOf) -> Compared:
        """Those of all texts in these pairs."""
        there = np.zeros(pairs.max(initial=-1) + 1, np.bool_)
        there[pairs] = True  # np.unique would sort them
        texts = np.flatnonzero(there)
        return cls(texts, sets_of(texts))

    def similarity(self, pairs: Pairs, threads: int = 1) -> Similarities:
        """Of pairs of texts by their own numbers."""
        place = np.empty(self.texts.max(initial=-1) + 1, np.int64)  # np.searchsorted is slower
        place[self.texts] = np.arange(len(self.texts))
        return similarities(self.sets, place[pairs], threads)
