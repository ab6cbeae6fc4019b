"""Candidates: the pairs of texts that share a band, found without a pair of every two texts.

Most band keys stand alone. A small table of counters per band tells those apart first, so that only
the keys that may stand twice are sorted. A key that very many texts share (a line that a million
records hold) gives no pair of every two of them: each is paired with the first few and with its
neighbour, and the comparison of these finds the cluster all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from curate.dedup.shingles import ROOM, Numbers, Offsets
from curate.kernel import library
from curate.kernel.library import BYTES, COUNT, LONGS, NUMBERS, within

EVERY_PAIR_UP_TO = 32  # texts under one key; beyond, each is paired with the first ...
FIRST_FEW = 16  # ... so many, and with its neighbour

Pairs = npt.NDArray[np.int64]
"""(pairs, 2) numbers of texts, the smaller first."""

PairNumbers = npt.NDArray[np.int64]
"""The same pairs, each as one number: the smaller times the count of texts, plus the larger."""

COUNTERS = 8  # for each key; fewer would take more keys for repeated ones


_perhaps_repeated = library.function("perhaps_repeated", NUMBERS, COUNT, BYTES, COUNT, LONGS)
_count_of_pairs = library.function("count_of_pairs", NUMBERS, LONGS, COUNT, COUNT, COUNT, LONGS)
_pairs_under = library.function(
    "pairs_under", NUMBERS, COUNT, LONGS, COUNT, COUNT, COUNT, LONGS, LONGS, LONGS, gives=None
)


def perhaps_repeated(keys: Numbers) -> npt.NDArray[np.int64]:
    """The places of keys that may stand more than once; none that does is missing.

    The counters know none, one and more: small enough to stay in the cache of a core.
    """
    size = 256
    while 4 * size < COUNTERS * len(keys):
        size *= 2
    places = ROOM.of(len(keys) + 1).view(np.int64)
    filled = _perhaps_repeated(keys, len(keys), np.zeros(size, np.uint8), size, places)
    return places[:filled].copy()


def pairs_under(keys: Numbers, places: npt.NDArray[np.int64], rank: Offsets) -> PairNumbers:
    """Pairs of the texts at these places, which are sorted by key."""
    within(places, min(len(keys), len(rank)))
    largest = np.zeros(1, np.int64)
    limits = EVERY_PAIR_UP_TO, FIRST_FEW
    count = _count_of_pairs(keys, places, len(places), *limits, largest)
    pairs = np.empty(count, np.int64)
    room = np.empty(2 * int(largest[0]), np.int64)
    _pairs_under(keys, len(keys), places, len(places), *limits, rank, room, pairs)
    return pairs


def in_band(keys: Numbers, rank: Offsets) -> PairNumbers:
    """The pairs of texts that share a key in one band."""
    places = perhaps_repeated(keys)
    return pairs_under(keys, places[np.argsort(keys[places])], rank)


def candidates(bands: Sequence[Callable[[], Numbers]], rank: Offsets, threads: int = 1) -> Pairs:
    """Every pair that shares a key in any band, once; a band is fetched when its turn comes.

    `rank` orders the texts where a key is shared by very many, whatever the order of the input.
    """
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda band: in_band(band(), rank), bands))
    every = np.sort(np.concatenate([np.empty(0, np.int64), *found]))
    every = every[np.diff(every, prepend=-1) > 0]  # np.unique takes eight times as long
    return np.stack(np.divmod(every, max(len(rank), 1)), axis=1)
