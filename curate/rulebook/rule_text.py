"""What a rule looks at: a column of a record, or its beginning or end, as an expression."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

WINDOW = 300  # characters of an opening or an ending

TWO_SENTENCES = r"\A\s*(?:(?s:.)*?(?:[.!?]+[\"'”’)\]]*\s+|[。！？]+[」』）)]*\s*|\n\s*)){2}"


def around(field: str, column: str) -> pl.Expr:
    """What a field looks at in a column, or for an opening a little more of it."""
    text = pl.col(column)
    if field == "answer-opening":
        return text.str.slice(0, WINDOW)
    if field == "answer-ending":
        return text.str.tail(WINDOW)
    return text.map_batches(unescaped, return_dtype=pl.String) if column == "history" else text


def unescaped(history: pl.Series) -> pl.Series:
    """JSON without the escapes that would glue their letter to the next word; every span stays."""
    if history.null_count() == len(history):
        return history
    for escape, plain in (("\\n", " \n"), ("\\t", " \t"), ('\\"', ' "')):
        history = history.str.replace_all(escape, plain, literal=True)
    return history


def exactly(field: str, column: str) -> pl.Expr:
    """What a field looks at in a column: of an opening, no more than two sentences."""
    text = around(field, column)
    if field != "answer-opening":
        return text
    return pl.coalesce(text.str.extract(TWO_SENTENCES, 0), text)


def before(field: str, column: str) -> pl.Expr:
    """What stands before that in the column."""
    if field != "answer-ending":
        return pl.lit("")
    length = pl.col(column).str.len_chars().cast(pl.Int64)
    return pl.col(column).str.slice(0, (length - WINDOW).clip(0))


def begins_with(text: pl.Expr, literals: Sequence[str]) -> pl.Expr:
    """Whether the text begins with one of the literals, white space aside."""
    return text.str.contains(rf"\A\s*(?:{either(literals)})")


def either(literals: Sequence[str]) -> str:
    return "|".join(re.escape(literal) for literal in literals)
