"""Search: from texts to all pairs that are alike, on the threads of one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np

from curate.dedup.alike import Compared
from curate.dedup.candidates import Pairs, candidates
from curate.dedup.clusters import Similarities
from curate.dedup.shingles import Numbers, Offsets, sets
from curate.dedup.sketch import Sketcher
from curate.dedup.texts import Texts

FLOOR = 0.5  # similarity from which a pair is kept, so that a threshold can be moved down to it

SetsOf = Callable[[Offsets], tuple[Numbers, Offsets]]
"""The sets of shingles of texts, whose sorted numbers are given, end to end."""


class Found(NamedTuple):
    """All candidates at FLOOR or above with their similarity, and the sets they were compared by.

    Pairs are numbers of texts, the smaller first.
    """

    pairs: Pairs
    similarity: Similarities
    compared: Compared


def search(texts: Texts, sketcher: Sketcher, threads: int) -> Found:
    """Every pair of texts that is alike."""
    with ThreadPoolExecutor(threads) as pool:
        keys = list(pool.map(partial(sketch, texts, sketcher), range(texts.stretches)))
        ends = np.cumsum([part.shape[1] for part in keys], dtype=np.int64)
        pairs = paired(keys, np.arange(ends[-1] if len(ends) else 0), threads)
        del keys  # the largest of all that is held
        return compared(pairs, lambda wanted: sets_at(texts, ends, wanted, pool), threads)


def paired(keys: Sequence[Numbers], rank: Offsets, threads: int) -> Pairs:
    """The candidates: the pairs that share a key."""

    def band(number: int) -> Numbers:
        return np.concatenate([np.empty(0, np.uint64), *(part[number] for part in keys)])

    bands = [partial(band, number) for number in range(len(keys[0]) if keys else 0)]
    return candidates(bands, rank, threads)


def compared(pairs: Pairs, sets_of: SetsOf, threads: int) -> Found:
    """The pairs that are alike indeed."""
    sets = Compared.of(pairs, sets_of)
    similarity = sets.similarity(pairs, threads)
    near = similarity >= FLOOR
    return Found(pairs[near], similarity[near], sets)


def sketch(texts: Texts, sketcher: Sketcher, number: int) -> Numbers:
    """The band keys of one stretch."""
    return sketcher(*texts.whole(number))


def sets_at(
    texts: Texts, ends: Offsets, wanted: Offsets, pool: ThreadPoolExecutor
) -> tuple[Numbers, Offsets]:
    """The sets of these texts, whose numbers are sorted."""
    cuts = [0, *np.searchsorted(wanted, ends)]

    def of_stretch(number: int) -> tuple[Numbers, Offsets]:
        inside = wanted[cuts[number] : cuts[number + 1]]
        if not len(inside):
            return np.empty(0, np.uint64), np.zeros(1, np.int64)
        start = ends[number - 1] if number else 0
        return sets(*texts.some(number, inside - start))

    return joined(list(pool.map(of_stretch, range(len(ends)))))


def joined(parts: Sequence[tuple[Numbers, Offsets]]) -> tuple[Numbers, Offsets]:
    """Sets of several stretches as one."""
    starts = np.cumsum([0, *(len(numbers) for numbers, _ in parts)])
    bounds = [ends[1:] + start for (_, ends), start in zip(parts, starts, strict=False)]
    numbers = [np.empty(0, np.uint64), *(numbers for numbers, _ in parts)]
    return np.concatenate(numbers), np.concatenate([np.zeros(1, np.int64), *bounds])
