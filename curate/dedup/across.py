"""The records of a snapshot against a few others: is anything near a record of the test set?"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.dedup.alike import similarities
from curate.dedup.clusters import Similarities
from curate.dedup.passages import apart_of_all
from curate.dedup.records import Texts, texts_of
from curate.dedup.shingles import Numbers, sets
from curate.dedup.sketch import Sketcher
from curate.dedup.whole import NO_PASSAGES, Question, sketched, texts_at, together
from curate.engines import Engine
from curate.snapshot import Snapshot


class Near(NamedTuple):
    """Records by their number in the snapshot, the other records by their row, how alike."""

    records: npt.NDArray[np.int64]
    others: npt.NDArray[np.int64]
    similarity: Similarities


def near(
    snapshot: Snapshot,
    others: pl.DataFrame,
    engine: Engine,
    sketcher: Sketcher,
    threshold: float,
    answers: tuple[str, ...],
) -> Near:
    """Every record that is at least so like one of the others, with these answers or none."""
    question = Question(snapshot, sketcher, NO_PASSAGES, answers)
    theirs = texts_of(others, NO_PASSAGES, answers)
    keys = sketcher(theirs.data, theirs.offsets)
    found = engine.map(partial(sketched, question), range(len(snapshot.parts)))
    pairs: list[npt.NDArray[np.int64]] = [np.empty((0, 2), np.int64)]
    ends = [0]
    for _, part in found:
        pairs.append(meeting(part, keys) + np.array([ends[-1], 0], np.int64))
        ends.append(ends[-1] + part.shape[1])
    every = np.unique(np.concatenate(pairs), axis=0)
    mine = np.unique(every[:, 0])
    texts = together([texts_at(question, engine, np.array(ends[1:]), mine), theirs])
    places = np.stack([np.searchsorted(mine, every[:, 0]), every[:, 1] + len(mine)], axis=1)
    similarity = compared(texts, places)
    close = similarity >= threshold
    return Near(every[close, 0], every[close, 1], similarity[close])


def meeting(ours: Numbers, theirs: Numbers) -> npt.NDArray[np.int64]:
    """(text of ours, text of theirs) for every pair that shares a key in a band."""
    pairs = [np.empty((0, 2), np.int64)]
    for mine, other in zip(ours, theirs, strict=True):
        order = np.argsort(other, kind="stable")
        first = np.searchsorted(other[order], mine, "left")
        count = np.searchsorted(other[order], mine, "right") - first
        count[mine == 0] = 0
        rows = np.repeat(np.arange(len(mine)), count)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
        pairs.append(np.stack([rows, order[first[rows] + nth]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)


def compared(texts: Texts, pairs: npt.NDArray[np.int64]) -> Similarities:
    """How alike pairs of texts are; 0 where what is their own is not half as alike.

    Milder than between records of one set: a question of the test set with a word changed is a
    leak also where it stands under the same paragraph.
    """
    similarity = similarities([sets(texts.data, texts.offsets)], pairs)
    return np.where(apart_of_all(*texts, pairs) >= similarity / 2, similarity, 0.0)
