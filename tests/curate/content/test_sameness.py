"""sameness: which texts have the same wording."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.content.sameness import UNSTABLE, folded, folded_column, plain, width, wordings
from curate.content.screen import holds_one_of

SAME = [
    ("Hello  World!", "hello world"),
    ("a\r\nb\tc", "A b c"),
    ("  spaced out . ", "spaced out"),
    ("ＡＢＣ　１２３", "abc 123"),
    ("ﾃｽﾄです。", "テストです"),
    ("東京 は\nどこ？", "東京はどこ"),
    ("がんばれ", "か\u3099んばれ"),
    ("Élan", "E\u0301lan"),
    ("A\u00a0b", "a b"),
    ("Wait…", "wait"),
    ("soft\u00adware", "software"),
    ("\ufeff東\u200b京", "東京"),
]
DIFFERENT = [
    ("now here", "nowhere"),
    ("hello, world", "hello world"),
    ("はし", "ハシ"),
    ("3.5", "35"),
    ("東京 Tower", "東京 Towers"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_wording(one: str, other: str) -> None:
    first, second = folded(pl.Series([one, other]))
    assert first == second


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_wording(one: str, other: str) -> None:
    first, second = folded(pl.Series([one, other]))
    assert first != second


def test_a_text_folds_alike_whatever_stands_beside_it() -> None:
    texts = [text for pair in SAME + DIFFERENT for text in pair]
    together = folded(pl.Series(texts)).to_list()
    assert together == [folded(pl.Series([text]))[0] for text in texts]


PLAIN = [
    ("HELLO World!", "hello world!"),
    ("ＡＢＣ！", "abc!"),
    ("ﾃｽﾄです。", "テストです。"),
    ("が", "か\u3099"),
    ("ÉLAN", "e\u0301lan"),
    ("safe\u202e \u2066\u200dtext\u2069", "safe text"),
    ("葛\U000e0100城\ufe0f", "葛城"),
    ("한\u3164글\uffa0", "한글"),
]


@pytest.mark.parametrize(("one", "other"), PLAIN)
def test_case_width_and_composition_alone(one: str, other: str) -> None:
    for beside in ([], ["now"] * 3, ["東京"] * 3, ["Now"] * 3):  # however many hold capitals
        first, second = plain(pl.Series([one, other, *beside]))[:2]
        assert first == second


def test_plain_leaves_white_space_and_punctuation() -> None:
    texts = pl.Series(["a  b.", None, "東京 は。\n", ""], dtype=pl.String)
    assert plain(texts).to_list() == texts.to_list()


def test_folding_again_changes_nothing() -> None:
    once = folded(pl.Series([text for pair in SAME for text in pair]))
    assert folded(once).to_list() == once.to_list()


def test_null_stays_null_and_the_series_given_is_untouched() -> None:
    texts = pl.Series(["A B", None, "カ ナ", "x\ny"], dtype=pl.String)
    assert folded(texts).to_list() == ["a b", None, "カナ", "x y"]
    assert texts.to_list() == ["A B", None, "カ ナ", "x\ny"]


def test_as_an_expression() -> None:
    frame = pl.DataFrame({"prompt": ["A  b", "ＡＢ"]})
    assert frame.select(folded_column("prompt"))["prompt"].to_list() == ["a b", "ab"]


def test_what_needs_no_normalising_is_left_alone_by_unicode() -> None:
    characters = [chr(c) for c in range(0x10000) if not 0xD800 <= c < 0xE000]
    stable = pl.Series(characters).filter(~holds_one_of(UNSTABLE, pl.Series(characters)))
    assert len(stable) > 30_000
    for character in stable:
        assert unicodedata.normalize("NFKC", character) == character
        assert not unicodedata.combining(character)


def test_a_kana_is_as_wide_as_two_letters() -> None:
    assert width("abcd") == 4
    assert width("日本") == 4


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_wording_has_one_number(one: str, other: str) -> None:
    first, second = wordings(pl.Series([one, other]))
    assert first == second


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_wording_has_another_number(one: str, other: str) -> None:
    first, second = wordings(pl.Series([one, other]))
    assert first != second


LETTERS = st.text(st.sampled_from("aAzZ .!?\n\t\r\v\f\x1c'あア。…é\u0301Ａ \u3000"), max_size=12)


@given(st.lists(LETTERS, min_size=1, max_size=20))
def test_numbers_are_equal_where_folded_forms_are(texts: list[str]) -> None:
    forms = folded(pl.Series(texts)).to_list()
    numbers = wordings(pl.Series(texts)).to_list()
    assert len({*zip(forms, numbers, strict=True)}) == len({*forms}) == len({*numbers})


def test_no_text_and_none() -> None:
    assert wordings(pl.Series([], dtype=pl.String)).to_list() == []
    nothing, empty = wordings(pl.Series([None, ""]))
    assert nothing == empty
