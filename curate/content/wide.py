"""Texts that can hold a fault, told apart very fast from the many that cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import polars as pl

from curate.content import screen


def is_wide(text: pl.Expr) -> pl.Expr:
    """Whether a text holds more than ASCII; null stays null."""
    return text.map_batches(screen.is_wide, return_dtype=pl.Boolean)


def only_where(asked: pl.Expr, text: pl.Expr) -> pl.Expr:
    """The text where it is asked for, else the empty text, which costs little to search."""
    return pl.when(asked).then(text).otherwise(pl.lit(""))


def wide_holds(column: str, pattern: str) -> pl.Expr:
    """Whether a text of a column holds a pattern that is found beyond ASCII only; never null."""
    return pl.col(column).map_batches(
        partial(_screened_holds, screen.is_wide, pattern), return_dtype=pl.Boolean
    )


def control_holds(column: str, pattern: str) -> pl.Expr:
    """The same, of a pattern that is found at ASCII control characters only."""
    return pl.col(column).map_batches(
        partial(_screened_holds, screen.has_control, pattern), return_dtype=pl.Boolean
    )


def _screened_holds(
    could: Callable[[pl.Series], pl.Series], pattern: str, texts: pl.Series
) -> pl.Series:
    return found_in(texts, could(texts).arg_true(), [pattern])


def holds_any(text: pl.Expr, patterns: Sequence[str]) -> pl.Expr:
    """Whether a text holds one of the patterns, none of which fits the empty text; never null.

    The text is made once for all patterns, and where it is empty it is not searched.
    """
    return text.map_batches(partial(_holds_any, patterns), return_dtype=pl.Boolean)


def _holds_any(patterns: Sequence[str], texts: pl.Series) -> pl.Series:
    return found_in(texts, (texts != "").arg_true(), patterns)


def found_in(texts: pl.Series, rows: pl.Series, patterns: Sequence[str]) -> pl.Series:
    """Which texts hold one of the patterns, where only those of these rows are searched."""
    found = pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True).alias(texts.name)
    if rows.is_empty():
        return found
    some = texts.gather(rows)
    holds = some.str.contains(patterns[0])
    for pattern in patterns[1:]:
        holds |= some.str.contains(pattern)
    return found.scatter(rows, holds)
