"""Shingles: the compiled ones are those of plain Python, for every text."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.dedup.shingles import sets, shared, tokenised
from curate.dedup.texts import buffers
from tests.curate.dedup import plain

TEXTS = [
    "one two three four five six",
    "  white\tspace\nof every　kind between words  ",
    "東京は日本の首都です。",
    "the word 東京 inside a sentence, and ｆｕｌｌ　ｗｉｄｔｈ",
    "สวัสดีครับ ยินดีที่ได้รู้จัก",
    "ကျွန်တော် ភាសាខ្មែរ 한국어 단어들 Ελληνικά слова",
    "emoji 👩‍👩‍👧 and 𠮷野家 beyond the basic plane",
    "short",
    "短い",
    "",
    " \n ",
]

texts = st.text(
    st.one_of(st.sampled_from("ab cd\n　東京のラーใ👩é"), st.characters(exclude_categories=["Cs"]))
)


def count_of_tokens(text: str) -> int:
    data, offsets = buffers(pl.Series([text]))
    return tokenised(data, 0, int(offsets[1]), np.empty(len(data) + 1, np.uint64))


def sets_of(*given: str) -> list[set[int]]:
    numbers, bounds = sets(*buffers(pl.Series(given, dtype=pl.String)))
    return [set(numbers[a:b].tolist()) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_words_and_single_characters(text: str) -> None:
    assert count_of_tokens(text) == len(plain.tokens(text))
    assert len(sets_of(text)[0]) == len(plain.shingles(text))


@given(texts, texts)
def test_any_two_texts_share_what_they_share_in_plain_python(one: str, other: str) -> None:
    numbers, bounds = sets(*buffers(pl.Series([one, other], dtype=pl.String)))
    a, b = plain.shingles(one), plain.shingles(other)
    assert np.diff(bounds).tolist() == [len(a), len(b)]
    assert shared(numbers, bounds, 0, 1) == len(a & b)


def test_white_space_does_not_count_and_order_does() -> None:
    assert sets_of("a b c d e f") == sets_of(" a  b\nc d　e f ")
    assert sets_of("a b c d e f") != sets_of("f e d c b a")
    assert sets_of("今日は晴れです") == sets_of("今日は 晴れ です")


def test_a_short_text_is_one_shingle_and_like_itself_alone() -> None:
    one, same, other, none = sets_of("a b", "a  b", "a b c", " ")
    assert one == same
    assert one != other
    assert none == set()


def test_the_numbers_are_the_same_on_every_machine() -> None:
    numbers, _ = sets(*buffers(pl.Series(["one two three four five", "東京は日本"])))
    assert [f"{number:016x}" for number in numbers.tolist()] == FIXED


FIXED = ["4db918a014a2c49b", "50fcedcd026282ff"]
