"""Sides: how alike two records are, shingle by shingle, in full, each on its own side.

By the bag of its shingles a record is like the reversed task: translate into German, translate into
English. And what is left of two records without the passages that many prompts hold is equal where
these passages alone say what is to be done. So shingles are compared once more, of the whole texts,
where one that begins in the answer is another than the same in the prompt.
"""

from __future__ import annotations

import numpy as np

from curate.dedup.alike import similarities
from curate.dedup.candidates import Pairs
from curate.dedup.clusters import Similarities
from curate.dedup.passages import sound
from curate.dedup.records import Texts
from curate.dedup.shingles import ROOM, Sets
from curate.kernel import library
from curate.kernel.library import BYTES, COUNT, LONGS, NUMBERS, longest

_sets_by_side = library.function(
    "sets_by_side", BYTES, COUNT, LONGS, LONGS, COUNT, NUMBERS, NUMBERS, LONGS
)


def side_by_side(texts: Texts, pairs: Pairs, threads: int = 1) -> Similarities:
    """The Jaccard similarity of pairs of texts, whose shingles know on which side they begin."""
    return similarities([sets_by_side(texts)], pairs, threads)


def sets_by_side(texts: Texts) -> Sets:
    """The set of shingles of every text, those of its prompt apart from those of its answers."""
    data, offsets, ends = texts
    sound(data, offsets, ends)
    found = ROOM.of(int(offsets[-1] - offsets[0]) + 1)
    slots = np.empty(3 * longest(offsets) + 3, np.uint64)
    bounds = np.empty(len(offsets), np.int64)
    filled = _sets_by_side(data, len(data), offsets, ends, len(ends), found, slots, bounds)
    return Sets(found[:filled].copy(), bounds)
