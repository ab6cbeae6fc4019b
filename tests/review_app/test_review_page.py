"""The review page: every key leads to its decision, and what is shown is what was found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from curate import demo
from curate.audit import audit
from curate.locale import translator
from curate.review.settings import change
from curate.review.shown import Shown
from curate.store import decisions
from curate.store.decision import Decision
from review_app.desk import Desk
from tests.review_app.conftest import at_desk, draw


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole demo with all its findings, nothing decided."""
    folder = tmp_path_factory.mktemp("audited")
    demo.write(folder)
    with chdir(folder):
        audit(["data.jsonl", "chat.jsonl", "faq.csv"], workspace=folder / ".curate")
    return folder / ".curate"


@pytest.fixture
def desk(audited: Path, tmp_path: Path) -> Iterator[Desk]:
    """Mika's desk there."""
    made = at_desk(Path(shutil.copytree(audited, tmp_path / "copy")))
    yield made
    made.review.store.engine.dispose()


def log(desk: Desk) -> list[Decision]:
    return desk.review.store.read(lambda on: list(decisions.log(on)))


def new(desk: Desk, before: int) -> list[Decision]:
    return log(desk)[before:]


def press(at: AppTest, key: str) -> AppTest:
    """Press the button of a key."""
    shown: Shown = at.session_state["shown"]
    named = [one for one in at.button if one.key in (f"{key}-{shown.request_id}", f"{key}-empty")]
    assert named, f"no button {key}"
    named[0].click().run()
    assert not at.exception, at.exception
    return at


def of_check(desk: Desk, check: str, nth: int = 0) -> str:
    """A record that a check found something on, not decided so far."""
    found = desk.review.report.findings.filter(
        (pl.col("check") == check) & pl.col("record_id").is_not_null()
    )
    done = {one.record_id for one in log(desk)}
    return [one for one in found["record_id"].unique(maintain_order=True) if one not in done][nth]


def on(desk: Desk, record_id: str) -> AppTest:
    """The page with one record, as a link to it opens it."""
    at = AppTest.from_function(linked, default_timeout=60)
    at.query_params["record"] = record_id
    at.session_state["desk"] = desk
    at.run()
    assert not at.exception, at.exception
    assert at.session_state["shown"].record_id == record_id
    return at


def linked() -> None:
    import streamlit as st

    from review_app.pages import review

    review.page(st.session_state["desk"])


def words(at: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*at.text, *at.code))


def test_keep_drop_and_skip_are_decisions_with_their_findings_and_time(empty_desk: Desk) -> None:
    at = draw("review", empty_desk)
    first = at.session_state["shown"]
    press(at, "K")
    [kept] = log(empty_desk)
    assert (kept.record_id, kept.kind) == (first.record_id, "keep")
    assert (kept.reviewer, kept.ordered_by) == ("Mika", first.ordered_by)
    assert kept.findings == first.item.checks[first.record_id]
    assert kept.seconds is not None
    press(at, "D")
    assert [one.kind for one in log(empty_desk)] == ["keep", "drop"]


def test_undo_takes_the_last_one_back_and_shows_it(desk: Desk) -> None:
    at = draw("review", desk)
    before = len(log(desk))
    record = at.session_state["shown"].record_id
    press(at, "S")
    assert at.session_state["shown"].record_id != record
    press(at, "undo")
    assert at.session_state["shown"].record_id == record
    assert [one.kind for one in new(desk, before)] == ["skip", "undo"]


def test_next_and_previous_decide_nothing(desk: Desk) -> None:
    at = draw("review", desk)
    before = len(log(desk))
    first = at.session_state["shown"].record_id
    press(at, "next")
    second = at.session_state["shown"].record_id
    assert second != first
    press(at, "previous")
    assert at.session_state["shown"].record_id == first
    press(at, "previous")
    assert "There is no record before this one." in words(at)
    assert log(desk)[before:] == []


def test_the_way_back_leads_over_what_was_undone(desk: Desk) -> None:
    at = draw("review", desk)
    press(press(at, "K"), "D")
    third = at.session_state["shown"].record_id
    press(at, "S")
    fourth = at.session_state["shown"].record_id
    press(at, "undo")
    assert at.session_state["shown"].record_id == third
    press(at, "next")
    assert at.session_state["shown"].record_id == fourth
    press(at, "previous")
    assert at.session_state["shown"].record_id == third


def test_the_span_is_marked_and_carries_its_number(desk: Desk) -> None:
    at = on(desk, of_check(desk, "mojibake"))
    assert "⟦" in words(at)
    assert "⟧¹" in words(at)


def test_a_fault_in_an_earlier_answer_is_marked_there_and_its_turns_are_open(
    tmp_path: Path,
) -> None:
    turns = [("A loop?", "```python\nx = 1"), ("ありがとう。", "どういたしまして。")]
    texts = [
        {"role": role, "content": text}
        for turn in turns
        for role, text in zip(("user", "assistant"), turn, strict=True)
    ]
    audit([{"messages": texts}], workspace=tmp_path / ".curate", only="unclosed-code")
    made = at_desk(tmp_path / ".curate")
    at = on(made, of_check(made, "unclosed-code"))
    assert "⟦```⟧¹" in words(at)
    [earlier] = [one for one in at.expander if "Earlier turns" in one.label]
    assert earlier.proto.expanded
    made.review.store.engine.dispose()


def test_hidden_characters_are_written_out(desk: Desk) -> None:
    at = on(desk, of_check(desk, "hidden-characters"))
    assert "⟨U+" in words(at)


def test_the_suggestion_is_shown_and_accepted(desk: Desk) -> None:
    record = of_check(desk, "hidden-characters")
    at = on(desk, record)
    before = len(log(desk))
    assert any(one.value.startswith("- ") for one in at.code)
    press(at, "A")
    [made] = new(desk, before)
    assert (made.record_id, made.kind) == (record, "edit")
    [change_made] = made.payload["changes"].values()
    assert change_made["old"] != change_made["new"]


def test_a_link_to_a_record_that_is_gone_shows_another_and_says_so(desk: Desk) -> None:
    at = AppTest.from_function(linked, default_timeout=60)
    at.query_params["record"] = "deadbeef" * 4
    at.session_state["desk"] = desk
    at.run()
    assert "There is no such record in the audited data." in words(at)
    assert at.session_state["shown"].record_id != "deadbeef" * 4


def test_a_page_loaded_again_on_a_decided_record_decides_nothing_twice(desk: Desk) -> None:
    record = of_check(desk, "empty-answer")
    before = len(log(desk))
    for _ in range(2):
        press(on(desk, record), "K")
    assert [one.kind for one in new(desk, before)] == ["keep"]
    press(on(desk, record), "D")
    assert [one.kind for one in new(desk, before)] == ["keep", "drop"]


def test_a_category_alone_is_a_relabel(desk: Desk) -> None:
    at = on(desk, of_check(desk, "mojibake"))
    before = len(log(desk))
    press(at, "E")
    box = next(one for one in at.text_input if one.label == "Category")
    box.set_value("greetings").run()
    press(at, "Mod+S")
    [made] = new(desk, before)
    assert made.kind == "relabel"
    assert made.payload["changes"]["category"]["new"] == "greetings"


def test_nothing_changed_is_no_edit(desk: Desk) -> None:
    at = on(desk, of_check(desk, "mojibake"))
    before = len(log(desk))
    press(press(at, "E"), "Mod+S")
    assert new(desk, before) == []
    assert "Nothing was changed" in words(at)


@pytest.mark.parametrize("check", ["contradiction", "near-duplicate", "exact-duplicate"])
def test_of_several_one_is_chosen_in_one_act(desk: Desk, check: str) -> None:
    at = on(desk, of_check(desk, check))
    before = len(log(desk))
    press(at, "2")
    made = new(desk, before)
    assert {one.kind for one in made} == {"choose"}
    assert len({one.act for one in made}) == 1
    [stays] = made[0].payload["keep"]
    goes = made[0].payload["drop"]
    assert goes
    assert stays not in goes
    press(at, "undo")
    assert [one.kind for one in new(desk, before + len(made))] == ["undo"] * len(made)


def test_all_of_several_can_stay(desk: Desk) -> None:
    at = on(desk, of_check(desk, "contradiction"))
    before = len(log(desk))
    press(at, "K")
    made = new(desk, before)
    assert {one.kind for one in made} == {"choose"}
    assert made[0].payload["drop"] == []


def test_what_another_decided_stays_hidden_from_the_second(empty_desk: Desk) -> None:
    change(empty_desk.review.store, "double_share", 1.0)
    hana = at_desk(empty_desk.workspace.path, "Hana")
    shown = hana.review.claim("Hana")
    assert isinstance(shown, Shown)
    hana.review.decide(shown, "drop", reason="nonsense of hers")
    at = on(empty_desk, shown.record_id)
    assert "nonsense of hers" not in words(at)
    assert at.session_state["shown"].blind
    hana.review.store.engine.dispose()


def test_an_empty_queue_says_why(empty_desk: Desk) -> None:
    at = draw("review", empty_desk)
    for _ in range(30):
        if "shown" not in at.session_state:
            break
        press(at, "K")
    assert "Nothing is left for you here" in [one.value for one in at.subheader]
    assert any(one.value.startswith("decided: ") for one in at.text)


def test_filters_change_the_queue(desk: Desk) -> None:
    at = draw("review", desk)
    only = next(one for one in at.multiselect if one.label == "Check")
    only.set_value(["mojibake"]).run()
    assert not at.exception, at.exception
    shown: Shown = at.session_state["shown"]
    assert any("mojibake" in names for names in shown.item.checks.values())


def differed(desk: Desk) -> str:
    """A record that Hana drops and Taro edits; Mika is to have the last word."""
    change(desk.review.store, "double_share", 1.0)
    record = of_check(desk, "mojibake")
    for name, kind, payload in (
        ("Hana", "drop", {}),
        ("Taro", "edit", {"changes": {"answer": {"old": "one word", "new": "one term"}}}),
    ):
        shown = desk.review.pick(name, record)
        desk.review.decide(shown, kind, payload, f"because {name} says so")
    return record


def test_whoever_has_the_last_word_sees_both_sides(desk: Desk) -> None:
    at = on(desk, differed(desk))
    for part in ("Hana: ", "Taro: ", "because Hana says so", "because Taro says so", "term"):
        assert part in words(at)


@pytest.mark.parametrize(("key", "kind"), [("1", "drop"), ("2", "edit")])
def test_a_number_takes_a_side_as_the_last_word(desk: Desk, key: str, kind: str) -> None:
    at = on(desk, differed(desk))
    before = len(log(desk))
    press(at, key)
    [made] = new(desk, before)
    assert (made.kind, made.reviewer, made.adjudicates) == (kind, "Mika", True)


def test_a_first_opinion_shows_no_side(desk: Desk) -> None:
    change(desk.review.store, "double_share", 1.0)
    record = of_check(desk, "mojibake")
    desk.review.decide(desk.review.pick("Hana", record), "drop", {}, "because Hana says so")
    assert "because Hana says so" not in words(on(desk, record))


def test_the_order_is_asked_in_each_language_and_keeps_the_record(desk: Desk) -> None:
    at = draw("review", desk)
    at.selectbox(key="order-en").set_value("oldest").run()
    shown = at.session_state["shown"].record_id
    at.session_state["desk"] = replace(desk, locale="ja", t=translator("ja"))
    at.run()
    assert at.selectbox(key="order-ja").value == "oldest"
    assert "In the order of the files" not in at.selectbox(key="order-ja").options
    assert at.session_state["shown"].record_id == shown


def test_a_decision_made_in_another_window_is_told(desk: Desk) -> None:
    at = draw("review", desk)
    desk.review.decide(at.session_state["shown"], "keep")
    before = len(log(desk))
    press(at, "D")
    assert new(desk, before) == []
    assert "you had decided this record as keep already" in words(at)


def test_a_second_click_is_silent(desk: Desk) -> None:
    at = draw("review", desk)
    desk.review.decide(at.session_state["shown"], "keep")
    press(at, "K")
    assert "you had decided" not in words(at)


def test_a_queue_that_is_filtered_empty_says_how_many_wait_and_opens_again(desk: Desk) -> None:
    hana = desk.review.claim("Hana")
    assert isinstance(hana, Shown)  # hers, and of no matter to those in conflict
    at = draw("review", desk)
    at.toggle(key="differing").set_value(True).run()
    assert "shown" not in at.session_state
    assert "because only where reviewers differ is shown: " in words(at)
    assert "with Hana" not in words(at)
    next(one for one in at.button if one.label == "Clear the filters").click().run()
    assert not at.exception, at.exception
    assert "shown" in at.session_state
    assert not at.toggle(key="differing").value


def test_past_the_last_record_the_queue_begins_again_and_says_so(empty_desk: Desk) -> None:
    at = draw("review", empty_desk)
    told = []
    for _ in empty_desk.review.queue():
        press(at, "next")
        told.append("the queue begins again" in words(at))
    assert told == [*[False] * (len(told) - 1), True]


def test_what_was_told_is_words_and_no_empty_toast(desk: Desk) -> None:
    at = press(press(draw("review", desk), "S"), "undo")
    assert "Taken back: " in words(at)
    assert not at.toast


def test_a_comment_decides_nothing_and_stands_in_the_history(desk: Desk) -> None:
    record = of_check(desk, "mojibake")
    at = on(desk, record)
    before = len(log(desk))
    press(at, "M")
    assert new(desk, before) == []
    at.text_input(key=f"reason-{at.session_state['shown'].request_id}").set_value("猫に聞く").run()
    press(at, "M")
    [made] = new(desk, before)
    assert (made.record_id, made.kind, made.reason) == (record, "comment", "猫に聞く")
    assert at.session_state["shown"].record_id == record
    assert any("猫に聞く" in one.value for one in at.text)
    press(at, "D")
    assert [(one.kind, one.reason) for one in new(desk, before + 1)] == [("drop", None)]


def test_a_comment_of_another_does_not_make_a_verdict_late(desk: Desk) -> None:
    record = of_check(desk, "mojibake")
    at = on(desk, record)
    desk.review.comment("Hana", record, "look at the source", "r-comment")
    before = len(log(desk))
    press(at, "D")
    assert [one.kind for one in new(desk, before)] == ["drop"]


@pytest.mark.parametrize("check", ["contradiction", "near-duplicate"])
def test_the_others_stay_in_sight_while_one_is_edited(desk: Desk, check: str) -> None:
    at = on(desk, of_check(desk, check))
    others = [
        one.showing.text(place.record_id, "answer", 100)
        for one in [at.session_state["case"][1]]
        for place in one.places
        if place.record_id != one.record_id
    ]
    assert others
    press(at, "E")
    for pieces in others:
        assert pieces[0].text[:20] in words(at)


@pytest.mark.parametrize(("key", "side"), [("X", 0), ("Y", 1)])
def test_a_letter_takes_a_side_where_numbers_choose_a_record(
    desk: Desk, key: str, side: int
) -> None:
    change(desk.review.store, "double_share", 1.0)
    record = of_check(desk, "contradiction")
    said = []
    for nth, name in enumerate(("Hana", "Taro")):
        shown = desk.review.pick(name, record)
        places = [{"record_id": one} for one in shown.item.members]
        payload = {"keep": places[nth : nth + 1], "drop": [p for p in places if p != places[nth]]}
        said.append(payload)
        desk.review.decide(shown, "choose", payload)
    at = on(desk, record)
    before = len(log(desk))
    press(at, key)
    made = new(desk, before)
    assert {one.record_id for one in made} == {p["record_id"] for p in places}
    assert all(one.adjudicates and one.payload == said[side] for one in made)
