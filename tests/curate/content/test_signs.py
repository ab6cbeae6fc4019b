"""A sign is seen in every text that holds it, wherever it stands, for every check that asks."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.content.signs import KINDS, MOST, Kind, Sign, showing, shown, shows, sign

HOLDS: dict[Kind, str] = {
    "figure": r"(?s:[0-9].*[0-9]{4}|[0-9]{4}.*[0-9])|[0-9]\.[0-9]+\.[0-9]|\+[0-9]|[A-Z]{2}[0-9]{2}",
    "at-sign": "@",
    "control": r"[\x00-\x08\x0b-\x1f\x7f]",
    "wide": r"[^\x00-\x7f]",
    "eastern": r"[^\x00-\u2e7f]",
    "any": r"[\s\S]",
}
LITERALS = ("I will ", "important to obey", "GPT", "<s>", "<|", "`", "回答", "予約しました", "京")
PIECES = (
    *LITERALS,
    "I wil",
    "GP",
    "AB",
    "1",
    "23",
    ".",
    "+",
    "@",
    " ",
    "\r",
    "\t",
    "é",
    "東",
    "the",
)

texts = st.lists(st.none() | st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
signs = st.builds(
    Sign,
    st.frozensets(st.sampled_from(LITERALS)),
    st.frozensets(st.sampled_from(KINDS)),
)


def held(one: Sign, text: str | None) -> bool:
    """What Python says; of a literal of two bytes or one its first byte is enough."""
    bytes_ = (text or "").encode()
    spelt = [literal.encode() for literal in one.literals]
    some = any((word if len(word) > 2 else word[:1]) in bytes_ for word in spelt)
    return some or any(re.search(HOLDS[kind], text or "") is not None for kind in one.kinds)


def test_plain_texts_show_nothing() -> None:
    plain = pl.Series(["", "Hello, world.\n\tIn 1999 it's +.- far away.", None])
    for kind in KINDS[:-1]:
        assert shows(sign(kinds=[kind]), plain).to_list() == [False] * 3
    assert shows(sign("予約", "I will "), plain).to_list() == [False] * 3
    assert shows(sign(kinds=["any"]), plain).to_list() == [False, True, False]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("figure", "Call 0120-9"), ("figure", "at 10.0.0.1"), ("figure", "+8"),
        ("figure", "GB82 WEST"), ("at-sign", "keiko.mori@"), ("control", "a\rb"),
        ("wide", "café"), ("eastern", "連絡先"), ("eastern", "⺀"),
    ],
)  # fmt: skip
def test_each_kind_is_seen(kind: Kind, text: str) -> None:
    assert shows(sign(kinds=[kind]), pl.Series([text, "a plain text"])).to_list() == [True, False]


def test_a_literal_is_seen_at_either_end_and_alone() -> None:
    asked = sign("important to obey", "GPT", "回答", "お")
    texts = [
        "GPT",
        "a GPT",
        "GPT-4",
        "回答",
        "模範回答",
        "It is important to obey",
        "お",
        "GP T",
        "回",
    ]
    assert shows(asked, pl.Series(texts)).to_list() == [True] * 7 + [False] * 2


def test_checks_are_told_apart_by_column() -> None:
    records = pl.DataFrame({"prompt": ["TODO", "x", "x"], "answer": ["x", "TODO", None]})
    asked = [{"prompt": sign("TODO")}, {"answer": sign("TODO")}, {"answer": sign(kinds=["any"])}]
    assert shown(records, asked).tolist() == [0b101, 0b110, 0]


def test_as_many_checks_as_there_are_bits() -> None:
    records = pl.DataFrame({"answer": ["7 0120"]})
    asked = [{"answer": sign(kinds=["figure"])}] * MOST
    assert shown(records, asked).tolist() == [(1 << MOST) - 1]


def test_nothing_is_asked_of_no_records() -> None:
    none = pl.DataFrame({"answer": []}, schema={"answer": pl.String})
    assert shown(none, [{"answer": sign("TODO")}]).tolist() == []


@settings(deadline=None)
@given(texts, st.lists(signs, min_size=1, max_size=4))
def test_what_python_says_of_every_text(made: list[str | None], asked: list[Sign]) -> None:
    records = pl.DataFrame({"answer": made}, schema={"answer": pl.String})
    told = shown(records, [{"answer": one} for one in asked]).tolist()
    wanted = [sum(held(one, text) << at for at, one in enumerate(asked)) for text in made]
    assert told == wanted


@settings(deadline=None)
@given(texts, st.lists(signs, min_size=1, max_size=4), st.sampled_from([1, MOST]))
def test_the_rows_that_show_each_of_many_signs(
    made: list[str | None], asked: list[Sign], times: int
) -> None:
    column = pl.Series("answer", made, dtype=pl.String)
    rows = [found.to_list() for found in showing(asked * times, column)]
    assert rows == [shows(one, column).arg_true().to_list() for one in asked] * times
