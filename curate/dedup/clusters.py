"""Clusters: which records stay and which are removable, each with the kept one it is like.

No chains: a record is removable only where a kept record itself is like it, at or above the
threshold. In the order of their rank (the best survivor first) records are kept unless they are
like one already kept. So a cluster never loses all its members, a record without a partner is
never touched, and neither the order of the input nor the order of the pairs matters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from curate.dedup.candidates import Pairs

Similarities = npt.NDArray[np.float64]


class Removable(NamedTuple):
    """Numbers of removable records, of the kept records they are like, and how alike they are."""

    records: npt.NDArray[np.int64]
    kept: npt.NDArray[np.int64]
    similarity: Similarities


def removable(pairs: Pairs, similarity: Similarities, threshold: float) -> Removable:
    """What may go; `pairs` are numbers by rank (the smaller is rather kept) with their similarity.

    Of several kept records that are like a removable one, the likest is named, then the best.
    """
    close = similarity >= threshold
    pairs, similarity = pairs[close], similarity[close]
    order = np.lexsort((pairs[:, 0], -similarity, pairs[:, 1]))
    pairs, similarity = pairs[order], similarity[order]
    gone: dict[int, int] = {}  # a removable record, and the place of its pair
    for place, (kept, record) in enumerate(zip(*pairs.T.tolist(), strict=True)):
        if kept not in gone and record not in gone:
            gone[record] = place
    named = np.array([*gone.values()], np.int64)
    return Removable(pairs[named, 1], pairs[named, 0], similarity[named])


def ranked(
    pairs: Pairs, similarity: Similarities, rank: npt.NDArray[np.int64], threshold: float
) -> Removable:
    """The same of pairs of records, of which the one with the smaller rank is rather kept."""
    order = np.argsort(rank)
    records, kept, how = removable(np.sort(rank[pairs], axis=1), similarity, threshold)
    return Removable(order[records], order[kept], how)
