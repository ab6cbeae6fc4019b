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

from curate.dedup.shingles import Bytes, Numbers, Offsets, compiled, inlined

EVERY_PAIR_UP_TO = 32  # texts under one key; beyond, each is paired with the first ...
FIRST_FEW = 16  # ... so many, and with its neighbour

Pairs = npt.NDArray[np.int64]
"""(pairs, 2) numbers of texts, the smaller first."""

PairNumbers = npt.NDArray[np.int64]
"""The same pairs, each as one number: the smaller times the count of texts, plus the larger."""

COUNTERS = 8  # for each key; fewer would take more keys for repeated ones


@inlined
def counter(key: np.uint64, seen: Bytes) -> tuple[np.uint64, np.uint8]:
    """Where a key's counter of two bits lies among bytes that hold four each, and its first bit."""
    number = key >> np.uint64(20)
    first = np.uint8(1) << np.uint8(2 * (number & np.uint64(3)))
    return number >> np.uint64(2) & np.uint64(len(seen) - 1), first


@compiled
def perhaps_repeated(keys: Numbers) -> npt.NDArray[np.int64]:
    """The places of keys that may stand more than once; none that does is missing.

    The counters know none, one and more: small enough to stay in the cache of a core.
    """
    size = 256
    while 4 * size < COUNTERS * len(keys):
        size *= 2
    seen = np.zeros(size, np.uint8)
    for key in keys:
        at, once = counter(key, seen)
        seen[at] |= once | (seen[at] & once) << 1
    places = np.empty(len(keys), np.int64)
    filled = 0
    for place in range(len(keys)):
        at, once = counter(keys[place], seen)
        places[filled] = place  # stays where the next line counts it
        filled += int(seen[at] & once << 1 != 0) & int(keys[place] != np.uint64(0))
    return places[:filled].copy()


@compiled
def pairs_under(keys: Numbers, places: npt.NDArray[np.int64], rank: Offsets) -> PairNumbers:
    """Pairs of the texts at these places, which are sorted by key."""
    size, texts = len(places), len(keys)
    made = 0
    pairs = np.empty(1024, np.int64)
    first = 0
    for at in range(1, size + 1):
        if at < size and keys[places[at]] == keys[places[first]]:
            continue
        few = at - first <= EVERY_PAIR_UP_TO
        if not few:
            places[first:at] = places[first:at][np.argsort(rank[places[first:at]])]
        for later in range(first + 1, at):
            nearest = later if few else min(later, first + FIRST_FEW)
            if made + nearest - first + 1 > len(pairs):
                wider = np.empty(2 * len(pairs), np.int64)
                wider[:made] = pairs[:made]
                pairs = wider
            for earlier in range(first, nearest):
                pairs[made] = pair(places[earlier], places[later], texts)
                made += 1
            if nearest < later:
                pairs[made] = pair(places[later - 1], places[later], texts)
                made += 1
        first = at
    return pairs[:made].copy()


@inlined
def pair(one: int, other: int, texts: int) -> int:
    """Two of so many texts as one number."""
    return min(one, other) * texts + max(one, other)


def in_band(keys: Numbers, rank: Offsets) -> PairNumbers:
    """The pairs of texts that share a key in one band."""
    places = perhaps_repeated(keys)
    return np.asarray(pairs_under(keys, places[np.argsort(keys[places])], rank))


def candidates(bands: Sequence[Callable[[], Numbers]], rank: Offsets, threads: int = 1) -> Pairs:
    """Every pair that shares a key in any band, once; a band is fetched when its turn comes.

    `rank` orders the texts where a key is shared by very many, whatever the order of the input.
    """
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda band: in_band(band(), rank), bands))
    every = np.sort(np.concatenate([np.empty(0, np.int64), *found]))
    every = every[np.diff(every, prepend=-1) > 0]  # np.unique takes eight times as long
    return np.stack(np.divmod(every, max(len(rank), 1)), axis=1)
