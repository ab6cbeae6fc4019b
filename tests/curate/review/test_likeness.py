"""Likeness: chrF between edits is that of sacrebleu, and a kappa's interval holds the kappa."""

from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.chrf import CHRF

from curate.content.agreement import pairs
from curate.review.likeness import alike, edited_twice, kappa_interval, likeness
from curate.store.decision import Decision


def edit(by: str, **fields: str) -> Decision:
    changes = {name: {"old": "old", "new": new} for name, new in fields.items()}
    return Decision(
        record_id="a", kind="edit", reviewer=by, request_id=by, payload={"changes": changes}
    )


def test_equal_texts_are_wholly_alike() -> None:
    assert alike("東京です。", "東京です。") == alike("", "") == 100
    assert likeness([("a cat", "a cat")] * 3).chrf == 100


def test_it_is_chrf_in_both_directions() -> None:
    one, other = "The meeting is on Friday.", "The meeting was moved to Friday."
    there = CHRF().sentence_score(one, [other]).score
    back = CHRF().sentence_score(other, [one]).score
    assert alike(one, other) == alike(other, one) == pytest.approx((there + back) / 2)
    assert alike(one, other) > alike(one, "猫が好きです。")


@given(st.text(max_size=30), st.text(max_size=30))
def test_it_lies_between_0_and_100_whichever_comes_first(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 100.0001
    assert alike(one, other) == pytest.approx(alike(other, one))


def test_without_pairs_nothing_is_said() -> None:
    found = likeness([])
    assert (found.edits, found.chrf) == (0, None)


def test_the_interval_holds_the_mean() -> None:
    found = likeness([("a cat", "a cat"), ("a cat", "a dog"), ("one", "two"), ("そうです", "はい")])
    assert found.edits == 4
    assert found.low is not None
    assert found.chrf is not None
    assert found.high is not None
    assert found.low < found.chrf < found.high


def test_only_the_same_field_edited_by_two_is_compared() -> None:
    given = {"mika": edit("mika", answer="A", system="S"), "太郎": edit("太郎", answer="B"),
             "hana": Decision(record_id="a", kind="keep", reviewer="hana", request_id="h")}  # fmt: skip
    assert list(edited_twice(given)) == [("mika", "太郎", ("A", "B"))]


@given(st.lists(st.tuples(st.sampled_from("kde"), st.sampled_from("kde")), min_size=30))
def test_the_interval_of_kappa_is_about_it(both: list[tuple[str, str]]) -> None:
    items = [{"a": one, "b": other} for one, other in both]
    [pair] = pairs(items)
    sure = kappa_interval(items)
    assert (sure.low is None) == (sure.high is None)
    if pair.kappa is not None and sure.low is not None and sure.high is not None:
        assert sure.low - 0.15 <= pair.kappa <= sure.high + 0.15
    if both == both[:1] * len(both) and both[0][0] == both[0][1]:
        assert sure.low is None


@given(st.lists(st.tuples(*[st.sampled_from("kde")] * 3), min_size=40))
def test_of_three_people_it_is_about_the_mean_of_their_pairs(
    all_three: list[tuple[str, ...]],
) -> None:
    items = [dict(zip("abc", said, strict=True)) for said in all_three]
    kappas = [pair.kappa for pair in pairs(items) if pair.kappa is not None]
    sure = kappa_interval(items)
    if kappas and sure.low is not None and sure.high is not None:
        assert sure.low - 0.15 <= fmean(kappas) <= sure.high + 0.15


def test_an_item_that_somebody_did_not_see_counts_for_the_others_only() -> None:
    two = [{"a": "k", "b": "d"}, *[{"a": "k", "b": "k"}, {"a": "d", "b": "d"}] * 20]
    alone = [{"c": "k"}] * 50
    assert kappa_interval([*two, *alone]) == kappa_interval(two)
