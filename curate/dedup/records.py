"""What of a record is compared: its prompt and answer, less what many prompts share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from curate.dedup.passages import passages_of_all, without
from curate.dedup.shingles import Bytes, Numbers, Offsets
from curate.dedup.texts import buffers

PROMPT = ("system", "history", "instruction", "input")
COLUMNS = (*PROMPT, "answer")


class Texts(NamedTuple):
    """Texts of records end to end, their offsets, and where in each the prompt ends."""

    data: Bytes
    offsets: Offsets
    ends: Offsets


def texts_of(records: pl.DataFrame, common: Numbers, *, answers: bool = True) -> Texts:
    """The texts to compare, of prompts alone where `answers` is false."""
    prompt = pl.concat_str([pl.col(PROMPT)], separator="\n", ignore_nulls=True) + "\n"
    answer = pl.col("answer").fill_null("") if answers else pl.lit("")
    parts = records.select(prompt=prompt, length=prompt.str.len_bytes(), answer=answer)
    data, offsets = buffers(parts["prompt"] + parts["answer"])
    ends = offsets[:-1] + parts["length"].to_numpy().astype(np.int64)
    texts = Texts(data, offsets, ends)
    return Texts(*without(*texts, common)) if len(common) else texts


def prompt_passages(records: pl.DataFrame) -> Numbers:
    """The passages of the prompts of these records, each once a prompt."""
    nothing = np.empty(0, np.uint64)
    return passages_of_all(*texts_of(records.with_columns(answer=pl.lit("")), nothing))
