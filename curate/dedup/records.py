"""What of a record is compared: its prompt and answers, less what many prompts share.

Letter case, full and half width and the composition of characters do not count.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from curate.content.sameness import plain
from curate.dedup.passages import passages_of_all, without
from curate.dedup.shingles import Bytes, Numbers, Offsets
from curate.dedup.texts import buffers

PROMPT = ("system", "history", "instruction", "input")
ANSWERS = ("answer", "rejected")
COLUMNS = (*PROMPT, *ANSWERS)


class Texts(NamedTuple):
    """Texts of records end to end, their offsets, and where in each the prompt ends."""

    data: Bytes
    offsets: Offsets
    ends: Offsets


def texts_of(
    records: pl.DataFrame,
    common: Numbers,
    answers: tuple[str, ...] = ANSWERS,
    *,
    as_they_stand: bool = False,
) -> Texts:
    """The texts to compare: prompts, and what of the answers is asked for.

    A model that knows capitals from small letters reads them `as_they_stand`.
    """
    prompt = pl.concat_str([pl.col(PROMPT)], separator="\n", ignore_nulls=True) + "\n"
    said = pl.concat_str(answers, separator="\n", ignore_nulls=True) if answers else pl.lit("")
    parts = records.select(prompt=prompt, said=said)
    asked, answer = (one if as_they_stand else plain(one) for one in parts.get_columns())
    data, offsets = buffers(asked + answer)
    ends = offsets[:-1] + asked.str.len_bytes().to_numpy().astype(np.int64)
    return less(Texts(data, offsets, ends), common)


def less(texts: Texts, common: Numbers) -> Texts:
    """The texts without the passages that many prompts hold."""
    return Texts(*without(*texts, common)) if len(common) else texts


def prompt_passages(records: pl.DataFrame, *, as_they_stand: bool = False) -> Numbers:
    """The passages of the prompts of these records, each once a prompt."""
    nothing = np.empty(0, np.uint64)
    texts = texts_of(records, nothing, (), as_they_stand=as_they_stand)
    return passages_of_all(*texts)
