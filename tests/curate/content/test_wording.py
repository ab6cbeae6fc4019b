"""Wording leaves out what does not change a question, and nothing that does."""

from __future__ import annotations

import pytest

from curate.content.wording import wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is the capital?", "what is  the capital"),
        ("「東京」の人口は？", "東京の人口は"),
        ("ＡＢＣとは何ですか。", "abcとは何ですか"),
        ("Say 'hello'.", "Say “hello”"),
    ],
)
def test_the_same_question(one: str, other: str) -> None:
    assert wording(one) == wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3+4", "3-4"),
        ("6 / 2", "6 * 2"),
        ("a < b", "a > b"),
        ("C", "C++"),
        ("東京は", "京都は"),
        ("が", "か"),
    ],
)
def test_another_question(one: str, other: str) -> None:
    assert wording(one) != wording(other)
