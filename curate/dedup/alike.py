"""How alike candidates really are: the Jaccard similarity of their sets of shingles, exactly."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from curate.dedup.candidates import Pairs
from curate.dedup.clusters import Similarities
from curate.dedup.shingles import Numbers, Offsets
from curate.kernel import library
from curate.kernel.library import COUNT, FLOATS, LONGS, NUMBERS, PAIRS, held, within

_similarities = library.function("similarities", NUMBERS, LONGS, PAIRS, COUNT, FLOATS, gives=None)


def similarities(numbers: Numbers, bounds: Offsets, pairs: Pairs) -> Similarities:
    """The similarity of every pair.

    |A and B| / |A or B| of two sorted sets; 0 where one is empty.
    """
    held(bounds, len(numbers))
    within(pairs, len(bounds) - 1)
    found = np.empty(len(pairs), np.float64)
    _similarities(numbers, bounds, pairs, len(pairs), found)
    return found


@dataclass(frozen=True)
class Compared:
    """The sets of the texts that are candidates, by the texts' own numbers."""

    texts: Offsets  # their numbers, sorted
    numbers: Numbers
    bounds: Offsets

    @classmethod
    def of(cls, pairs: Pairs, sets_of: Callable[[Offsets], tuple[Numbers, Offsets]]) -> Compared:
        """Those of all texts in these pairs; `sets_of` gives the sets of some texts."""
        texts = np.unique(pairs)
        return cls(texts, *sets_of(texts))

    def similarity(self, pairs: Pairs, threads: int = 1) -> Similarities:
        """Of pairs of texts by their own numbers."""
        places = np.searchsorted(self.texts, pairs)
        parts = np.array_split(places, max(1, min(threads, len(places))))
        with ThreadPoolExecutor(threads) as pool:
            found = pool.map(lambda part: similarities(self.numbers, self.bounds, part), parts)
            return np.concatenate(list(found))
