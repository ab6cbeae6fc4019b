"""A preference pair whose two answers do not differ, or whose rejected answer is blank.

Training on preferences learns from what is better about the chosen answer. Where both are the same
text there is nothing to learn, and a blank rejected answer only teaches that any words are better
than none. Most often the pair was put together by mistake, or a generation failed.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.checks.empty_answer import BLANK
from curate.finding import Hit


def applies(_: Params) -> pl.Expr:
    return pl.col("rejected").is_not_null()


def suspects(_: Params) -> pl.Expr:
    rejected, chosen = pl.col("rejected"), pl.col("answer").fill_null("")
    same = rejected.str.strip_chars() == chosen.str.strip_chars()
    return (same | rejected.str.contains(f"^{BLANK}$")).fill_null(value=False)


def judge(row: Row, _: Params) -> Iterator[Said]:
    if row["rejected"].strip() == (row["answer"] or "").strip():
        yield Hit("the chosen and the rejected answer are the same", field="rejected")
    else:
        yield Hit("the rejected answer is empty", field="rejected")


CHECK = Check(
    name="no-preference",
    says="its chosen and its rejected answer give nothing to choose between",
    group="pairs",
    severity="warn",
    why=__doc__,
    fields=("answer", "rejected"),
    applies=applies,
    suspects=suspects,
    look=by_record(judge, ("answer", "rejected")),
)
