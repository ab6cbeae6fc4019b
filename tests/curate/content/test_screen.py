"""Which texts hold which bytes is told of every text, however polars keeps them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content.screen import has_control, holds_one_of, is_wide

LONG = "a text too long to lie in its own view"
TEXTS = ["", "plain", LONG, f"{LONG}\t\n", "東京", f"{LONG}、東京", "a\rb", f"{LONG}\x7f", None]

texts = st.lists(
    st.none() | st.text("aaaaaaa \t\n\r\x00\x1f\x7f\x80é東😀", max_size=80), max_size=40
)


def controls(text: str) -> bool:
    return any((char < " " and char not in "\t\n") or char == "\x7f" for char in text)


def test_plain_texts_hold_neither() -> None:
    plain = pl.Series("answer", ["", "Hello, world.", f"{LONG}\n\t{LONG}"])
    assert is_wide(plain).equals(pl.Series("answer", [False] * 3), check_names=True)
    assert has_control(plain).to_list() == [False] * 3


def test_each_text_is_told_apart() -> None:
    column = pl.Series(TEXTS)
    assert is_wide(column).to_list() == [False] * 4 + [True, True, False, False, None]
    assert has_control(column).to_list() == [False] * 6 + [True, True, False]
    assert holds_one_of("一-九京", column).to_list() == [False] * 4 + [True, True] + [False] * 3


def test_a_column_without_texts() -> None:
    assert is_wide(pl.Series([], dtype=pl.String)).to_list() == []
    assert is_wide(pl.Series([None, None], dtype=pl.String)).to_list() == [None, None]


def test_only_texts_are_looked_at() -> None:
    with pytest.raises(TypeError, match="a column of texts is needed, not one of Int64"):
        is_wide(pl.Series([1]))


@settings(deadline=None)
@given(texts, texts, st.integers(0, 20), st.integers(0, 20))
def test_what_python_says_of_every_text(
    first: list[str | None], second: list[str | None], start: int, length: int
) -> None:
    column = pl.concat(
        [pl.Series(part, dtype=pl.String) for part in (first, second)], rechunk=False
    )
    for some in (column, column.slice(start, length), column.reverse(), column.unique()):
        said = some.to_list()
        wide = [None if text is None else not text.isascii() for text in said]
        control = [text is not None and controls(text) for text in said]
        chosen = [text is not None and bool(set(text) & set("東😀")) for text in said]
        assert is_wide(some).to_list() == wide
        assert has_control(some).to_list() == control
        assert holds_one_of("\u6771\U0001f5ff-\U0001f64f", some).to_list() == chosen
