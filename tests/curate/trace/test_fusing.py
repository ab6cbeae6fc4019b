"""Fusing: ranks, scores fused, and copies that are one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.trace.fusing import BLIND, ONE_WAY, best, fused, ranks, together

SCORES = st.lists(st.integers(0, 5), min_size=1, max_size=12)


def test_equal_scores_share_a_rank_and_nan_has_none() -> None:
    found = ranks(np.array([[0.5, 0.9, 0.5, np.nan, 0.1]]))
    assert found[0, [0, 1, 2, 4]].tolist() == [2, 1, 2, 4]
    assert np.isnan(found[0, 3])


def test_both_channels_count_and_a_missing_one_adds_nothing() -> None:
    gradient, text = np.array([[0.9, 0.8, np.nan]]), np.array([[0.1, 0.8, 0.9]])
    found = fused([gradient, text])[0]
    shares = np.array([[1, 8 / 9, 0], [1 / 9, 8 / 9, 1]])
    assert np.allclose(found, ((BLIND + shares) / (1 + BLIND)).prod(axis=0))
    alone = (BLIND + text / 0.9) / (1 + BLIND)
    assert np.allclose(fused([np.full((1, 3), np.nan), text]), alone)
    assert np.allclose(fused([np.full((1, 3), -0.5), text]), alone)  # pushes nowhere


def test_one_channel_that_is_sure_is_enough() -> None:
    """Far ahead by one and nothing by the other comes before what is middling by both."""
    found = fused([np.array([[1.0, 0.0, 0.2, 0.0]]), np.array([[0.0, 1.0, 0.2, 0.0]])])[0]
    assert found[0] == found[1] > found[2] > found[3]


@settings(deadline=None, max_examples=40)
@given(SCORES, st.data())
def test_a_higher_score_never_lowers_a_record(scores: list[int], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.integers(0, 5), min_size=len(scores), max_size=len(scores)))
    raised = data.draw(st.integers(0, len(scores) - 1))
    row, fixed = np.array([scores], float), np.array([other], float)
    before = fused([row, fixed])
    row[0, raised] += 1
    after = fused([row, fixed])
    assert after[0, raised] >= before[0, raised]
    assert ranks(after)[0, raised] <= ranks(before)[0, raised]


@settings(deadline=None, max_examples=40)
@given(SCORES, st.integers(0, 15))
def test_the_best_are_those_of_a_whole_sort(scores: list[int], most: int) -> None:
    ids = [f"{(7 * n) % 13:02}" for n in range(len(scores))]
    found = best(np.array(scores, float), ids, most).tolist()
    assert found == sorted(range(len(scores)), key=lambda n: (-scores[n], ids[n]))[:most]


def test_copies_are_one_and_contradictions_are_two() -> None:
    asked = "Please tell me in which year the Blue River channel was founded by its first owner"
    prompts = [
        f"{asked}.", f"{asked}!", f"{asked}.", "When did it begin?",
        "青川チャンネルはいつ設立されましたか。", "青川チャンネルはいつ設立されたのですか。",
    ]  # fmt: skip
    answers = ["In 2013.", "In 2013.", "In 2014.", "In 2013.", "2013年です。", "2013年です。"]
    assert together(prompts, answers, np.ones((6, 6))) == [0, 0, 2, 3, 4, 4]
    assert together(prompts, answers) == [0, 0, 2, 3, 4, 5]  # near letters may name other things
    assert together(["What is 3 plus 4?", "What is 2 plus 5?"], ["7", "7"], np.ones((2, 2))) == [
        0,
        1,
    ]


def test_the_same_said_of_two_things_is_two() -> None:
    prompts = ["What colour is the Baxdov lamp?", "What colour is the Kivluz lamp?"]
    apart = np.full((2, 2), ONE_WAY - 0.1)
    assert together(prompts, ["It is red."] * 2, apart) == [0, 1]
    assert together(
        ["青川ランプは何色ですか。", "白浜ランプは何色ですか。"], ["赤です。"] * 2, apart
    ) == [0, 1]


def test_there_are_no_chains() -> None:
    """The third is like the second only; it stays on its own where the second is a copy."""
    prompts = ["a b c d e f g h i j", "d e f g h i j k l m", "g h i j k l m n o p"]
    assert together(prompts, ["yes indeed"] * 3, np.ones((3, 3))) == [0, 0, 2]
    assert together(prompts[1:], ["yes indeed"] * 2, np.ones((2, 2))) == [0, 0]


def test_nothing_is_together_with_nothing() -> None:
    assert together([], []) == []
    assert best(np.array([]), [], 10).tolist() == []
