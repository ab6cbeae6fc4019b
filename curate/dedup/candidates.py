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

from curate.dedup.shingles import Numbers, Offsets, compiled

EVERY_PAIR_UP_TO = 32  # texts under one key; beyond, each is paired with the first ...
FIRST_FEW = 16  # ... so many, and with its neighbour

Pairs = npt.NDArray[np.int64]
"""(pairs, 2) numbers of texts, the smaller first."""

MANY = np.uint8(2)


@compiled
def perhaps_repeated(keys: Numbers) -> npt.NDArray[np.int64]:
    """The places of keys that may stand more than once; none that does is missing."""
    slots = 1024
    while slots < 8 * len(keys):
        slots *= 2
    mask = np.uint64(slots - 1)
    seen = np.zeros(slots, np.uint8)
    for key in keys:
        slot = key >> np.uint64(20) & mask
        seen[slot] = min(seen[slot] + np.uint8(1), MANY)
    places = np.empty(len(keys), np.int64)
    filled = 0
    for at in range(len(keys)):
        key = keys[at]
        if key != np.uint64(0) and seen[key >> np.uint64(20) & mask] == MANY:
            places[filled] = at
            filled += 1
    return places[:filled].copy()


@compiled
def pairs_under(keys: Numbers, places: npt.NDArray[np.int64]) -> Pairs:
    """Pairs of the texts at these places, which are sorted by key and then by rank."""
    size = len(places)
    made = 0
    pairs = np.empty((1024, 2), np.int64)
    first = 0
    for at in range(1, size + 1):
        if at < size and keys[places[at]] == keys[places[first]]:
            continue
        count = at - first
        few = count <= EVERY_PAIR_UP_TO
        for later in range(first + 1, at):
            nearest = later if few else min(later, first + FIRST_FEW)
            if made + nearest - first + 1 > len(pairs):
                wider = np.empty((2 * len(pairs), 2), np.int64)
                wider[:made] = pairs[:made]
                pairs = wider
            for earlier in range(first, nearest):
                pairs[made, 0], pairs[made, 1] = places[earlier], places[later]
                made += 1
            if nearest < later:
                pairs[made, 0], pairs[made, 1] = places[later - 1], places[later]
                made += 1
        first = at
    return pairs[:made].copy()


def in_band(keys: Numbers, rank: Offsets) -> npt.NDArray[np.int64]:
    """The pairs of texts that share a key in one band, each pair as one number."""
    places = perhaps_repeated(keys)
    ordered = places[np.lexsort((rank[places], keys[places]))]
    pairs = pairs_under(keys, ordered)
    smaller, larger = np.sort(pairs, axis=1).T
    return np.asarray(smaller * len(keys) + larger)


def candidates(bands: Sequence[Callable[[], Numbers]], rank: Offsets, threads: int = 1) -> Pairs:
    """Every pair that shares a key in any band, once; a band is fetched when its turn comes.

    `rank` orders the texts where a key is shared by very many, whatever the order of the input.
    """
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda band: in_band(band(), rank), bands))
    every = np.unique(np.concatenate([np.empty(0, np.int64), *found]))
    return np.stack(np.divmod(every, max(len(rank), 1)), axis=1)
