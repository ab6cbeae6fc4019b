"""Words: English at blanks, Japanese where a reader would cut, and never a character lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app import inert
from review_app.words import words


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("for 14 days.", "for| |14| |days|."),
        ("東京タワーは1958年に完成しました。", "東京|タワー|は|1958|年|に|完成しました|。"),
        ("三月五日に京都の会社を訪問した。", "三|月|五|日|に|京都|の|会社|を|訪問した|。"),
        ("青い空が美しい", "青い|空|が|美しい"),
        ("一般的な方法", "一般的な|方法"),
        ("子どもは十冊まで借りられます", "子どもは|十冊まで|借りられます"),
    ],
)
def test_texts_are_cut_between_words(text: str, cut: str) -> None:
    assert "|".join(words(text)) == cut


@given(st.text(max_size=80))
def test_no_character_is_lost(text: str) -> None:
    assert "".join(words(text)) == text


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("完成しました。", "完成しています。", "- ⟦完成しました⟧。\n+ ⟦完成しています⟧。"),
        ("会社は遠い", "会社が遠い", "- 会社⟦は⟧遠い\n+ 会社⟦が⟧遠い"),
        ("サービスを使う", "サーバーを使う", "- ⟦サービス⟧を使う\n+ ⟦サーバー⟧を使う"),
        ("京都駅で待つ", "東京駅で待つ", "- ⟦京都駅⟧で待つ\n+ ⟦東京駅⟧で待つ"),
    ],
)
def test_a_difference_never_cuts_a_word(before: str, after: str, told: str) -> None:
    assert inert.changes(before, after) == told
