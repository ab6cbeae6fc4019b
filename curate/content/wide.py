"""Texts that can hold a fault, told apart very fast from the many that cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import polars as pl

from curate.content import screen

EAST_ASIAN = "\u2e80-\U0010ffff"
"""From the first radicals on; typographic signs, accents and most alphabets come before."""


def is_wide(text: pl.Expr) -> pl.Expr:
    """Whether a text holds more than ASCII; null stays null."""
    return text.map_batches(screen.is_wide, return_dtype=pl.Boolean)


def only_where(asked: pl.Expr, text: pl.Expr) -> pl.Expr:
    """The text where it is asked for, else the empty text, which costs little to search."""
    return pl.when(asked).then(text).otherwise(pl.lit(""))


def may_be_japanese(text: pl.Expr) -> pl.Expr:
    """Whether a text holds a character from where kana and kanji are; never null."""
    return holds_one_of(text, EAST_ASIAN)


def holds_one_of(text: pl.Expr, characters: str) -> pl.Expr:
    """Whether a text holds one of the characters beyond ASCII of a class; never null."""
    return text.map_batches(partial(screen.holds_one_of, characters), return_dtype=pl.Boolean)


def wide_holds(column: str, pattern: str, characters: str) -> pl.Expr:
    """Whether a text holds a pattern, of which one of these characters is a part; never null."""
    return _searched(column, partial(screen.holds_one_of, characters), pattern)


def control_holds(column: str, pattern: str) -> pl.Expr:
    """The same, of a pattern that is found at ASCII control characters only."""
    return _searched(column, screen.has_control, pattern)


def _searched(column: str, could: Callable[[pl.Series], pl.Series], pattern: str) -> pl.Expr:
    def held(texts: pl.Series) -> pl.Series:
        return found_in(texts, could(texts).arg_true(), [pattern])

    return pl.col(column).map_batches(held, return_dtype=pl.Boolean)


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
    if len(rows) == len(texts):
        return _holding(texts, patterns)
    return found.scatter(rows, _holding(texts.gather(rows), patterns))


def _holding(some: pl.Series, patterns: Sequence[str]) -> pl.Series:
    holds = some.str.contains(patterns[0])
    for pattern in patterns[1:]:
        holds |= some.str.contains(pattern)
    return holds
