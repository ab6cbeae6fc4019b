"""repeats: what comes back is told of every text as Python tells it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.content.repeats import repeating

PIECE, LEAST, LONG = 8, 24, 60
UNITS = ["a cat sat. ", "また来て。", "x", "一", " and then the end came"]

texts = st.lists(
    st.none() | st.lists(st.sampled_from(UNITS), max_size=12).map("".join) | st.text(max_size=80)
)


def python_says(text: str | None) -> bool:
    whole = (text or "").encode()
    middle, late = len(whole) // 2, whole[-2 * PIECE :][: PIECE + PIECE // 2]
    if len(whole) < LEAST:
        return False
    again = whole[middle : middle + PIECE] in whole[middle + 1 :]
    return again or (len(whole) >= LONG and late in whole[:-PIECE])


def told(made: list[str | None]) -> list[bool | None]:
    column = pl.Series("answer", made, dtype=pl.String)
    return repeating(column, piece=PIECE, least=LEAST, long=LONG).to_list()


def test_texts_that_go_on() -> None:
    assert (
        told(["The harbour was built for the herring fleet.", "", None, "abc" * 7]) == [False] * 4
    )
    assert told([]) == []


@pytest.mark.parametrize("text", ["round and round it goes, " * 4, "また来て、" * 6, "ab" * 12])
def test_texts_that_go_round(text: str) -> None:
    assert told([text, text[:7]]) == [True, False]


def test_the_end_may_come_back_from_before_the_middle() -> None:
    text = (
        "the end of it all, said one. " + "0123456789" + "abcdefghij" * 2 + "the end of it all, s"
    )
    assert told([text]) == [python_says(text)] == [True]


@given(texts)
def test_what_python_says_of_every_text(made: list[str | None]) -> None:
    assert told(made) == [python_says(text) for text in made]


def test_a_piece_too_short_for_the_kernel() -> None:
    with pytest.raises(ValueError, match="pieces of 7 bytes"):
        repeating(pl.Series(["a"]), piece=7, least=60, long=60)
