"""Ids made at once are those made one by one, which fixed vectors hold (tests/curate/test_ids.py)."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.record import Message, content_id
from curate.sources.ids import ids

BLOCK = 128  # bytes that BLAKE2b takes at once
LETTERS = st.characters(codec="utf-8")
CONTROLS = st.sampled_from('"\\\b\t\n\v\f\r\x00\x1b\x1f\x20\x7f/あ😀\u2028')
TEXT = st.text(LETTERS | CONTROLS, max_size=40) | st.text(max_size=2 * BLOCK)
ROWS = st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=6)


def one_by_one(
    system: str, asked: str, context: str, answer: str, rejected: str | None = None
) -> tuple[str, str]:
    """As the canonical form is described."""
    before: list[Message] = [("system", system)] if system else []
    before.append(("user", f"{asked}\n\n{context}" if context else asked))
    whole = [*before, ("assistant", answer)]
    if rejected is not None:
        whole.append(("rejected", rejected))
    return content_id(whole), content_id(before)


def at_once(rows: list[tuple[str, ...]], **given: Any) -> list[tuple[str, str]]:
    system, asked, context, answer, rejected = (
        pl.Series(column, dtype=pl.String) for column in zip(*rows, strict=True)
    )
    every = {"context": context, "system": system, "rejected": rejected, **given}
    found, prompts = ids(asked, answer, **every)
    return list(zip(found.to_list(), prompts.to_list(), strict=True))


@given(ROWS)
@settings(deadline=None)
def test_ids_of_many_are_those_of_each(rows: list[tuple[str, ...]]) -> None:
    assert at_once(rows) == [one_by_one(*row) for row in rows]
    assert at_once(rows, rejected=None) == [one_by_one(*row[:4]) for row in rows]
    plain = [("", row[1], "", row[3]) for row in rows]
    bare = at_once(rows, context=None, system=None, rejected=None)
    assert bare == [one_by_one(*row) for row in plain]


@pytest.mark.parametrize("letter", ["a", "あ", "\x01"])
def test_texts_of_every_length_round_the_blocks(letter: str) -> None:
    rows = [("", letter * size, "", "b" * more) for size in range(2 * BLOCK) for more in (0, 1, 99)]
    assert at_once([(*row, "") for row in rows], rejected=None) == [one_by_one(*r) for r in rows]


def test_every_character_of_one_byte_wherever_it_stands() -> None:
    rows = [("", "x" * at + chr(code), "", "東京", "") for code in range(256) for at in range(9)]
    assert at_once(rows) == [one_by_one(*row) for row in rows]


def test_where_a_text_ends_is_part_of_the_id() -> None:
    rows = [("", "ab", "", "c", ""), ("", "a", "", "bc", ""), ("a", "b", "", "c", "")]
    rows += [("", "a", "b", "c", ""), ("", 'a"],["assistant","b', "", "c", "")]
    assert len({record_id for record_id, _ in at_once(rows)}) == len(rows)


def test_columns_as_polars_may_hold_them() -> None:
    texts = pl.Series(["aa", None, "要約" * 9, "b", "c" * 40, ""])
    in_pieces = pl.concat([texts, texts.head(2), texts.tail(3)])
    for column in (texts, texts[1:5], in_pieces, texts.filter(texts != "b"), texts.gather([4, 0])):
        rows = [("", text or "", "", text or "") for text in column]
        found = zip(*ids(column, column), strict=True)
        assert list(found) == [one_by_one(*row) for row in rows]


def test_no_records_have_no_ids_and_columns_are_of_one_length() -> None:
    nothing = pl.Series(dtype=pl.String)
    assert [len(column) for column in ids(nothing, nothing)] == [0, 0]
    with pytest.raises(pl.exceptions.ShapeError):
        ids(pl.Series(["a"]), pl.Series(["a", "b"]))
