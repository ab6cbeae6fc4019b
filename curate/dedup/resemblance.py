"""Search: from texts to all pairs that are alike, on the threads of one process."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np

from curate.dedup.alike import Compared, SetsOf
from curate.dedup.candidates import Pairs, candidates
from curate.dedup.clusters import Similarities
from curate.dedup.shingles import Numbers, Offsets, Room, Sets, sets
from curate.dedup.sketch import Sketcher
from curate.dedup.texts import Texts

KEYS = Room()
FLOOR = 0.5  # similarity from which a pair is kept, so that a threshold can be moved down to it


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

    size = sum(part.shape[1] for part in keys)

    def band(number: int) -> Numbers:
        return np.concatenate([part[number] for part in keys], out=KEYS.of(size)[:size])

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
) -> Sequence[Sets]:
    """The sets of these texts, whose numbers are sorted."""
    cuts = [0, *np.searchsorted(wanted, ends)]

    def of_stretch(number: int) -> Sets:
        start = ends[number - 1] if number else 0
        return sets(*texts.some(number, wanted[cuts[number] : cuts[number + 1]] - start))

    needed = [number for number in range(len(ends)) if cuts[number] < cuts[number + 1]]
    return list(pool.map(of_stretch, needed))
