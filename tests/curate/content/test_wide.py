"""Text beyond ASCII is told apart, and only what may hold a pattern is searched."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content.wide import holds_any, wide_holds

TEXTS = [None, "", "plain text", "naïve", "ｶﾀｶﾅ と text", "東京 text", "text only"]


def asked(expression: pl.Expr, texts: list[str | None]) -> list[bool]:
    frame = pl.DataFrame({"answer": texts}, schema={"answer": pl.String})
    return frame.select(expression).to_series().to_list()


def test_plain_ascii_is_never_searched() -> None:
    found = asked(wide_holds("answer", "text"), TEXTS)
    assert found == [False, False, False, False, True, True, False]


@pytest.mark.parametrize("texts", [[], [None, ""], ["plain"]], ids=["none", "empty", "ascii"])
def test_where_nothing_is_searched_nothing_is_found(texts: list[str | None]) -> None:
    assert asked(wide_holds("answer", "."), texts) == [False] * len(texts)


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
    wide = [literals[0] in (text or "") and not (text or "").isascii() for text in texts]
    assert asked(wide_holds("answer", literals[0]), texts) == wide
