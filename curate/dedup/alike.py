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

SetsOf = Callable[[Offsets], Sequence[Sets]]
"""The sets of texts, whose sorted numbers are given; in as many pieces as is convenient."""


def similarities(sets: Sequence[Sets], pairs: Pairs) -> Similarities:
    """The similarity of every pair of texts, which are numbered through all the pieces.

    |A and B| / |A or B| of two sorted sets; 0 where one is empty.
    """
    for numbers, bounds in sets:
        held(bounds, len(numbers))
    starts = [part.numbers.ctypes.data + 8 * part.bounds[:-1] for part in sets]
    sizes = [np.empty(0, np.int64), *(np.diff(part.bounds) for part in sets)]
    at = np.concatenate([np.empty(0, np.int64), *starts]).astype(np.uint64)
    within(pairs, len(at))
    found = np.empty(len(pairs), np.float64)
    _similarities(at, np.concatenate(sizes), pairs, len(pairs), found)
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
        places = np.searchsorted(self.texts, pairs)
        parts = np.array_split(places, max(1, min(threads, len(places))))
        with ThreadPoolExecutor(threads) as pool:
            found = pool.map(lambda part: similarities(self.sets, part), parts)
            return np.concatenate(list(found))
