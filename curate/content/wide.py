"""Text beyond ASCII: many faults can only be there, and plain ASCII is told apart very fast."""

from __future__ import annotations

import polars as pl


def is_wide(text: pl.Expr) -> pl.Expr:
    """Whether a text holds more than ASCII; null stays null."""
    return text.str.len_bytes() != text.str.len_chars()


def only_where(asked: pl.Expr, text: pl.Expr) -> pl.Expr:
    """The text where it is asked for, else the empty text, which costs nothing to search."""
    return pl.when(asked).then(text).otherwise(pl.lit(""))


def wide_only(column: str) -> pl.Expr:
    """The texts of a column that hold more than ASCII; the others are empty."""
    text = pl.col(column).fill_null("")
    return only_where(is_wide(text), text)
