"""Text beyond ASCII is told apart, and only what may hold a pattern is searched."""

from __future__ import annotations

import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content.screen import holds_one_of
from curate.content.wide import (
    EAST_ASIAN,
    control_holds,
    holds_any,
    may_be_japanese,
    wide_holds,
)

TEXTS = [None, "", "plain text", "naïve", "ｶﾀｶﾅ と text", "東京 text", "text only"]


def asked(expression: pl.Expr, texts: list[str | None]) -> list[bool]:
    frame = pl.DataFrame({"answer": texts}, schema={"answer": pl.String})
    return frame.select(expression).to_series().to_list()


def test_only_texts_with_such_characters_are_searched() -> None:
    found = asked(wide_holds("answer", "text", "ァ-ヶ一-龠"), TEXTS)
    assert found == [False, False, False, False, False, True, False]
    found = asked(control_holds("answer", "text"), [*TEXTS, "text\r", "\x00"])
    assert found == [False] * len(TEXTS) + [True, False]


def test_japanese_is_told_from_accents_and_signs() -> None:
    found = asked(may_be_japanese(pl.col("answer")), [*TEXTS, "“Привет” – ok"])
    assert found == [False, False, False, False, True, True, False, False]


def test_no_character_of_japanese_is_missed() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    column = pl.Series("answer", every)
    japanese = column.filter(column.str.contains(r"[\p{Hiragana}\p{Katakana}\p{Han}]"))
    assert len(japanese) > 90_000
    assert holds_one_of(EAST_ASIAN, japanese).all()


@pytest.mark.parametrize("texts", [[], [None, ""], ["plain"]], ids=["none", "empty", "ascii"])
def test_where_nothing_is_searched_nothing_is_found(texts: list[str | None]) -> None:
    assert asked(wide_holds("answer", ".", "東"), texts) == [False] * len(texts)


def test_any_of_several_patterns_will_do() -> None:
    found = asked(holds_any(pl.col("answer"), ["東京", "plain", "only"]), TEXTS)
    assert found == [False, False, True, False, False, True, True]


@settings(deadline=None)
@given(
    st.lists(st.none() | st.text("aé東 "), max_size=12),
    st.lists(st.sampled_from("aé東"), min_size=1),
)
def test_what_is_found_does_not_depend_on_what_is_left_out(
    texts: list[str | None], literals: list[str]
) -> None:
    whole = [any(literal in (text or "") for literal in literals) for text in texts]
    assert asked(holds_any(pl.col("answer"), literals), texts) == whole
    wide = [literals[0] in (text or "") and "é" in (text or "") for text in texts]
    assert asked(wide_holds("answer", literals[0], "é"), texts) == wide
