"""Answers: whether two records that are alike answer alike.

A short answer weighs nothing beside a long prompt: two records can be 95 % alike and say the
opposite. So the answers are compared by themselves as well.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from curate.content.sameness import folded
from curate.dedup.alike import similarities
from curate.dedup.records import ANSWERS
from curate.dedup.resemblance import FLOOR
from curate.dedup.shingles import sets
from curate.dedup.texts import buffers


def answers_differ(some: pl.DataFrame, others: pl.DataFrame) -> pl.Series:
    """Of each record of some and the one of others in the same row: whether their answers, or
    those that they reject, are neither of the same wording nor half alike."""
    size = len(some)
    pairs = np.stack([np.arange(size), np.arange(size) + size], axis=1)
    differ = np.zeros(size, np.bool_)
    for column in ANSWERS:
        said = pl.concat([some[column], others[column]]).cast(pl.String).fill_null("")
        texts = folded(said)
        similarity = similarities([sets(*buffers(texts))], pairs)
        differ |= (texts[:size] != texts[size:]).to_numpy() & (similarity < FLOOR)
    return pl.Series(differ, dtype=pl.Boolean)
