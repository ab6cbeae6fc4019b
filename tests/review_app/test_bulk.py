"""Bulk: nothing happens before the count is typed, then all of it, and one undo takes it back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from curate.locale import translator
from curate.review import lookup
from curate.review.frames import Filters
from curate.store import decisions
from review_app.desk import Desk
from tests.review_app.conftest import draw

CHECK = "empty-answer"


def entries(desk: Desk) -> int:
    return desk.review.store.read(decisions.newest)


def filtered(desk: Desk, kind: str = "drop") -> AppTest:
    at = draw("bulk", desk)
    at.multiselect[0].set_value([CHECK]).run()
    at.segmented_control(key="kind-en").set_value(kind).run()
    assert not at.exception
    return at


def confirm(at: AppTest, typed: str) -> AppTest:
    at.text_input(key="typed").set_value(typed)
    next(one for one in at.button if one.label == "Decide").click().run()
    assert not at.exception, at.exception
    return at


def test_what_the_filters_let_through_is_counted_and_shown(empty_desk: Desk) -> None:
    at = filtered(empty_desk)
    n = lookup.flagged(empty_desk.review, Filters(check=(CHECK,)))["record_id"].n_unique()
    assert n > 1
    assert f"To decide: {n}. That go: {n}. Left alone: 0." in [one.value for one in at.text]
    assert len(at.dataframe[0].value) >= n
    assert entries(empty_desk) == 0


def test_without_a_filter_there_is_nothing_to_confirm(empty_desk: Desk) -> None:
    at = draw("bulk", empty_desk)
    assert "Choose at least one filter." in [one.value for one in at.caption]
    assert [one for one in at.button if one.label == "Decide"] == []


@pytest.mark.parametrize("typed", ["", "yes", "1", "0"])
def test_another_number_changes_nothing(empty_desk: Desk, typed: str) -> None:
    at = confirm(filtered(empty_desk), typed)
    assert entries(empty_desk) == 0
    assert [one.value for one in at.warning] == ["That is not the number; nothing was recorded."]


def test_the_count_decides_all_and_one_undo_takes_all_back(empty_desk: Desk) -> None:
    review = empty_desk.review
    ids = set(lookup.flagged(review, Filters(check=(CHECK,)))["record_id"])
    at = confirm(filtered(empty_desk), str(len(ids)))
    made = review.store.read(lambda on: list(decisions.log(on)))
    assert {one.record_id for one in made} == ids
    assert {(one.kind, one.reviewer, one.ordered_by) for one in made} == {("drop", "Mika", "bulk")}
    assert len({one.act for one in made}) == 1
    [act] = lookup.large_acts(review)
    at.button(key=act.name).click().run()
    assert not at.exception
    assert list(review.store.read(lambda on: list(decisions.current_of(on)))) == []
    assert [one.undone for one in lookup.large_acts(review)] == [True]


def test_what_was_decided_meanwhile_is_not_decided_over(empty_desk: Desk) -> None:
    at = filtered(empty_desk)
    ids = sorted(set(lookup.flagged(empty_desk.review, Filters(check=(CHECK,)))["record_id"]))
    shown = empty_desk.review.pick("太郎", ids[0])
    empty_desk.review.decide(shown, "keep")
    before = entries(empty_desk)
    at = confirm(at, str(len(ids)))
    assert entries(empty_desk) == before
    assert at.warning


def test_a_policy_is_previewed_counted_and_undone(desk: Desk) -> None:
    at = draw("bulk", desk)
    known = {act.name: act.undone for act in lookup.large_acts(desk.review)}
    assert list(known.values()) == [False]
    at.button(key=next(iter(known))).click().run()
    at.segmented_control(key="way-en").set_value("policy").run()
    at.selectbox(key="policy-check").set_value("exact-duplicate").run()
    at.radio(key="keep-en").set_value("survivor").run()
    assert not at.exception
    [told] = [one.value for one in at.text if one.value.startswith("To decide")]
    n = told.split()[2].rstrip(".")
    before = entries(desk)
    confirm(at, n)
    assert entries(desk) == before + int(n)
    assert lookup.large_acts(desk.review)[0].policy == "exact-duplicate: survivor"


def test_a_check_without_survivors_says_what_to_do(desk: Desk) -> None:
    at = draw("bulk", desk)
    at.segmented_control(key="way-en").set_value("policy").run()
    at.selectbox(key="policy-check").set_value(CHECK).run()
    at.radio(key="keep-en").set_value("survivor").run()
    assert [one.value for one in at.warning] == [
        "This check names no survivor: choose in review, or let all stay or go."
    ]


def test_once_all_are_decided_the_page_says_that_nothing_is_left(empty_desk: Desk) -> None:
    left = "Nothing is left to decide here: every record was decided, or none is found."
    at = filtered(empty_desk)
    assert left not in [one.value for one in at.caption]
    at = confirm(at, str(len(at.dataframe[0].value)))
    at.multiselect[0].set_value([CHECK]).run()
    assert not at.exception, at.exception
    assert left in [one.value for one in at.caption]
    assert len(at.dataframe) == 0


def test_another_language_keeps_what_was_chosen(empty_desk: Desk) -> None:
    at = filtered(empty_desk)
    told = [one.value for one in at.dataframe]
    for locale in ("ja", "en"):
        at.session_state["desk"] = replace(empty_desk, locale=locale, t=translator(locale))
        at.run()
        assert not at.exception, at.exception
        assert at.segmented_control(key=f"kind-{locale}").value == "drop"
        assert at.multiselect[0].value == [CHECK]
    assert [len(one.value) for one in at.dataframe] == [len(one) for one in told]
    at.segmented_control(key="way-en").set_value("policy").run()
    at.radio(key="keep-en").set_value("none").run()
    at.session_state["desk"] = replace(empty_desk, locale="ja", t=translator("ja"))
    at.run()
    assert at.segmented_control(key="way-ja").value == "policy"
    assert at.radio(key="keep-ja").value == "none"
