"""claims: which short answers contradict each other, and in what."""

from __future__ import annotations

import polars as pl
import pytest

from curate.content.claims import disagreement, label
from curate.content.sameness import folded

AGREE = [
    ("3万円", "30,000円"),
    ("May 3, 2024", "2024年5月3日"),
    ("2024年", "2024年5月"),
    ("three", "3"),
    ("1, 2, 3", "3, 2, 1"),
    ("Paris", "Paris, France."),
    ("夏目栄之助", "栄之助"),
    ("The bridge is not safe", "The bridge isn't safe"),
    ("Yes", "Yes, it is."),
    ("はい", "はい、そうです。"),
    ("I have 3 dogs and a very long story to tell you about them all.", "5"),
    ("The 3 cats sat on the wall and sang.", "A dog with 4 legs ran off down the whole street."),
    ("Positive", "positive!"),
]
CONTRADICT = [
    ("Yes", "No", "label"),
    ("はい。", "いいえ、違います。", "label"),
    ("Answer: (A)", "B", "label"),
    ("positive", "Negative.", "label"),
    ("肯定的", "中立", "label"),
    ("真", "偽", "label"),
    ("It is 5 km.", "It is 6 km.", "number"),
    ("42", "The answer is 43.", "number"),
    ("333m", "高さは332mです。", "number"),
    ("built in 1990", "built in 1991", "number"),
    ("費用は三万円です", "費用は2万円です", "number"),
    ("May 3, 2024", "2024-05-04", "date"),
    ("締め切りは5月3日です。", "締め切りは5月4日です。", "date"),
    ("1990年", "平成3年", "date"),
    ("It supports IPv6.", "It does not support IPv6.", "negation"),
    ("You can eat the seeds.", "You can't eat the seeds.", "negation"),
    ("予約は必要です。", "予約は必要ではありません。", "negation"),
    ("返品できます", "返品できません", "negation"),
    ("店は日曜日も開いている。", "店は日曜日も開いていない。", "negation"),
    ("Paris", "London", "text"),
    ("東京", "大阪", "text"),
    ("10 km", "6.2 miles", "text"),
]


def said(*answers: str) -> str | None:
    return disagreement(folded(pl.Series(answers)).to_list())


@pytest.mark.parametrize(("one", "other"), AGREE)
def test_agree(one: str, other: str) -> None:
    assert said(one, other) is None
    assert said(other, one) is None


@pytest.mark.parametrize(("one", "other", "kind"), CONTRADICT)
def test_contradict(one: str, other: str, kind: str) -> None:
    assert said(one, other) == kind
    assert said(other, one) == kind


@pytest.mark.parametrize("answer", ["no one knows", "yes men know", "noon", "a dog", "はいた靴"])
def test_no_label_in_a_sentence_that_only_begins_like_one(answer: str) -> None:
    assert label(answer) is None


def test_the_strongest_of_several_is_told() -> None:
    assert said("Paris", "Rome", "Yes", "No") == "label"


def test_free_texts_are_not_compared() -> None:
    assert said("In 1990 " + "much happened. " * 30, "In 1991 " + "much happened. " * 30) is None


def test_many_answers_do_not_take_for_ever() -> None:
    assert said(*(f"word{'abcdefghij'[n % 10] * (n // 10 + 1)}" for n in range(1500))) == "text"
