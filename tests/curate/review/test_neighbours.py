"""Neighbours: the nearest prompts, how their answers differ, and what that costs."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from curate.review.neighbours import COMMON, NEAREST, disagreement, neighbours, share_among

PLACES = ["Astervale", "Bellmoor", "Corwick", "Dunhollow", "Eskerby", "Fenwillow"]
PROMPTS = [
    *(f"When was the museum of {place} founded?" for place in PLACES),
    *(f"In which year did the museum of {place} open?" for place in PLACES),
    *(f"{place}の博物館はいつ設立されましたか。" for place in ("青川", "白浜", "黒崎")),
    *(f"{place}の博物館が設立された年を教えてください。" for place in ("青川", "白浜", "黒崎")),
]  # fmt: skip
YEARS = ["in 1911", "in 1964", "in 1899", "in 2003", "in 1750", "in 1980"]
ANSWERS = [
    *YEARS,
    *YEARS,
    "1912年です",
    "2004年です",
    "1868年です",
    "1912年です",
    "2004年です",
    "1868年です",
]


def test_the_same_question_in_other_words_is_near() -> None:
    near = neighbours(pl.Series(PROMPTS))
    assert all(n + 6 in near.numbers[n] for n in range(6))
    assert all(n + 3 in near.numbers[n] for n in range(12, 15))
    assert np.all(np.diff(near.likeness, axis=1) <= 0)
    assert all(n not in row for n, row in enumerate(near.numbers.tolist()))


@pytest.mark.parametrize("wrong", [0, 12])
def test_an_answer_unlike_those_to_the_same_question_stands_out(wrong: int) -> None:
    answers = [*ANSWERS]
    near = neighbours(pl.Series(PROMPTS))
    before = disagreement(near, pl.Series(answers))[wrong]
    answers[wrong] = "It has never been founded." if wrong == 0 else "まだ設立されていません。"
    assert disagreement(near, pl.Series(answers))[wrong] > before + 0.1


def test_equal_answers_do_not_disagree_and_nothing_is_said_without_neighbours() -> None:
    prompts = pl.Series(["Name a colour, please.", "Name a colour, please!", "氏名", None])
    found = disagreement(neighbours(prompts), pl.Series(["Blue.", "Blue.", "a", "b"]))
    assert found[:2] == pytest.approx([0.0, 0.0])
    assert np.isnan(found[2:]).all()


def test_prompts_that_are_all_alike_say_nothing() -> None:
    near = neighbours(pl.Series(["Say something nice."] * (COMMON + 1)))
    assert (near.numbers == -1).all()


def test_the_share_counts_the_record_itself_and_missing_neighbours_as_unmarked() -> None:
    near = neighbours(pl.Series([*PROMPTS[:3], "全く別の話"]))
    assert (near.numbers[0] >= 0).sum() == 2
    marked = np.array([True, False, True, True])
    assert share_among(near, marked).tolist() == [n / (NEAREST + 1) for n in (2, 2, 2, 1)]


def test_no_text_and_one_text_have_no_neighbours() -> None:
    assert neighbours(pl.Series([], dtype=pl.String)).numbers.shape == (0, NEAREST)
    assert (neighbours(pl.Series(["alone in the world"])).numbers == -1).all()
