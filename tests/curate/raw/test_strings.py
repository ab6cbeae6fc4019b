"""Strings: a column is what its buffers say, and bytes that are no text are refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.raw import strings
from curate.raw.strings import series


def made(texts: list[str | None], before: bytes = b"") -> pl.Series:
    parts = [before, *((text or "").encode() for text in texts)]
    offsets = np.cumsum([len(part) for part in parts])
    there = np.array([text is not None for text in texts], bool)
    return series(np.frombuffer(b"".join(parts), np.uint8), offsets, there)


@given(st.lists(st.text() | st.none(), max_size=80), st.binary(max_size=9))
def test_a_column_is_made_of_its_bytes(texts: list[str | None], before: bytes) -> None:
    assert made(texts, before).equals(pl.Series(texts, dtype=pl.String), null_equal=True)


def test_texts_in_english_and_japanese() -> None:
    texts = ["Say hi.", "", None, "要約してください。" * 9, "😀"]
    assert made(texts).to_list() == texts
    assert made(["a", "b"]).null_count() == 0


@pytest.mark.parametrize("broken", [b"\xff", "あ".encode()[:2], b"\xed\xa0\x80", b"\xc0\x80"])
def test_bytes_that_are_no_text_are_refused(broken: bytes) -> None:
    data = np.frombuffer(b"x" * 20 + broken, np.uint8)
    with pytest.raises(pl.exceptions.ComputeError, match="utf"):
        series(data, np.array([0, 20, len(data)]))


def test_a_column_keeps_its_texts_when_others_are_made() -> None:
    texts = ["要約してください。" * 9, "a" * 40]
    first = made(list(texts))
    made(["x" * 200, "y" * 200, None])
    assert first.to_list() == texts


def test_a_column_too_large_for_the_room_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strings, "MOST_KEPT", 100)
    before = len(strings.ROOM.stream.getvalue())
    assert made(["a" * 50_000]).to_list() == ["a" * 50_000]
    assert len(strings.ROOM.stream.getvalue()) == before
