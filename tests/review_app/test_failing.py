"""Failures in the app: what a model got wrong, and each verdict on it with its effect."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from curate.intake import take_in
from curate.locale import translator
from curate.review.failing import about
from curate.review.failures import VERDICTS, recipe_notes
from curate.review.shown import Shown
from curate.store import decisions
from curate.store import failures as kept
from curate.store.decision import Decision
from curate.store.failures import Failure, Run
from review_app.desk import Desk
from review_app.failed_case import KEYS
from tests.curate.review.failed_run import records, reviewing, run_folder, workspace
from tests.review_app.conftest import at_desk, draw
from tests.review_app.test_inert import TRAP, alive
from tests.review_app.test_languages import JAPANESE, PEOPLE, english_of, said
from tests.review_app.test_review_page import audited as audited
from tests.review_app.test_review_page import log, new, on, press, words

WRONG = [
    {"n": 1, "answer": "It was founded in 2013."},
    {"n": 4, "answer": "青川チャンネルは2013年に設立されました。", "severity": "warn"},
]
NEAR_TEST = "How do plants make their food from sunlight?"
RULE = """\
channel-year:
  says: "the answer gives the channel a wrong year"
  field: answer
  severity: error
  matches: 'founded in 2013'
  bad: ["It was founded in 2013."]
  good: ["It was founded in 2014."]
"""


@pytest.fixture(params=["en", "ja"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Mika's desk before two failures of a run, in each language."""
    where, report = workspace(tmp_path)
    review = reviewing(where, report)
    found = records(report)
    approval = Decision(
        record_id=found["record_id"][0], kind="keep", reviewer="hana", request_id="r0",
        reason="looks right",
    )  # fmt: skip
    review.store.write(lambda on: decisions.append(review.store, on, [approval]))
    take_in(where, run_folder(tmp_path, found, WRONG), review.store)
    yield Desk(review, "Mika", translator(request.param), request.param, where)
    review.store.engine.dispose()


def first(desk: Desk) -> str:
    """The English failure."""
    return f"failure-{records(desk.review.report)['record_id'][1]}"


def record(desk: Desk, n: int) -> str:
    return str(records(desk.review.report)["record_id"][n])


def screen(desk: Desk) -> AppTest:
    return on(desk, first(desk))


def verdict(desk: Desk, name: str) -> AppTest:
    """The screen with the form of a verdict open."""
    return press(screen(desk), KEYS[name])


def write(at: AppTest, field: str, text: str) -> AppTest:
    """Type into a box."""
    shown: Shown = at.session_state["shown"]
    at.text_area(key=f"{field}-{shown.request_id}").set_value(text).run()
    assert not at.exception, at.exception
    return at


def given(desk: Desk) -> list[str]:
    """The verdicts in force."""
    return [about(one)["verdict"] for one in desk.review.store.read(kept.answers)]


def test_the_answer_stands_beside_the_reference_with_the_difference(desk: Desk) -> None:
    said = words(screen(desk))
    assert "It was founded in ⟦2014⟧." in said
    assert "It was founded in ⟦2013⟧." in said
    assert "I do not know." in said
    assert desk.t("the answer states another value than the reference") in said


def test_the_training_records_tell_who_approved_them_and_when(desk: Desk) -> None:
    said = words(screen(desk))
    assert "When was the Blue River channel founded?" in said
    kept_by = rf"✓ \d\d-\d\d \d\d:\d\d  hana  {desk.t('keep')}  looks right"
    assert re.search(kept_by, said)


def test_failures_come_first_in_an_order_of_their_own(desk: Desk) -> None:
    at = draw("review", desk)
    at.selectbox(key=f"order-{desk.locale}").set_value("failure-linked").run()
    assert not at.exception, at.exception
    assert at.session_state["shown"].record_id == first(desk)


def test_failures_alone_can_be_asked_for(desk: Desk) -> None:
    at = draw("review", desk)
    at.multiselect(key="only-check").set_value(["model-failure"]).run()
    assert not at.exception, at.exception
    assert at.session_state["shown"].record_id.startswith("failure-")


def test_a_wrong_reference_is_edited(desk: Desk) -> None:
    at = verdict(desk, "reference-wrong")
    write(at, "reference", "In 2013.")
    assert any("⟦" in one.value for one in at.code)
    press(at, "Mod+S")
    assert given(desk) == ["reference-wrong"]
    edit = log(desk)[-1]
    assert (edit.record_id, edit.kind) == (record(desk, 1), "edit")
    assert edit.payload["changes"]["answer"]["new"] == "In 2013."
    assert at.session_state["shown"].record_id != first(desk)


def test_ticked_training_records_are_opened_and_say_why(desk: Desk) -> None:
    at = verdict(desk, "training-records-wrong")
    shown: Shown = at.session_state["shown"]
    at.button(key=f"tick-1-{shown.request_id}").click().run()
    press(at, "Mod+S")
    [said] = desk.review.store.read(kept.answers)
    assert about(said)["opens"] == [record(desk, 0)]
    at = on(desk, f"opened-{record(desk, 0)}")
    assert "It was founded in ⟦2013⟧." in words(at)
    assert f"Mika  {desk.t(VERDICTS['training-records-wrong'])}" in words(at)
    assert "looks right" in words(at)  # who approved of it stays in its history
    press(at, "D")
    drop = log(desk)[-1]
    assert (drop.record_id, drop.kind) == (record(desk, 0), "drop")
    assert drop.payload["failure"]["for"] == [record(desk, 1)]
    press(at, "undo")
    assert at.session_state["shown"].record_id == f"opened-{record(desk, 0)}"


def test_a_tick_is_taken_away_again(desk: Desk) -> None:
    at = verdict(desk, "training-records-wrong")
    shown: Shown = at.session_state["shown"]
    for _ in range(2):
        at.button(key=f"tick-1-{shown.request_id}").click().run()
    press(at, "Mod+S")
    assert given(desk) == []
    assert at.session_state["shown"].record_id == first(desk)


def test_an_opened_record_can_be_skipped_and_edited(desk: Desk) -> None:
    at = verdict(desk, "training-records-wrong")
    shown: Shown = at.session_state["shown"]
    at.button(key=f"tick-1-{shown.request_id}").click().run()
    press(at, "Mod+S")
    at = on(desk, f"opened-{record(desk, 0)}")
    press(at, "E")
    write(at, "edit-answer", "It was founded in 2014.")
    press(at, "Mod+S")
    edit = log(desk)[-1]
    assert (edit.record_id, edit.kind) == (record(desk, 0), "edit")
    assert edit.payload["changes"]["answer"]["new"] == "It was founded in 2014."
    press(at, "undo")
    press(at, "S")
    assert log(desk)[-1].kind == "skip"


def test_a_new_record_lies_where_an_audit_reads_it_until_it_is_undone(desk: Desk) -> None:
    at = verdict(desk, "coverage-missing")
    write(at, "instruction", "Since when is there a Blue River channel?")
    write(at, "output", "Since 2014.")
    press(at, "Mod+S")
    file = desk.workspace.path / "written" / "records.jsonl"
    assert json.loads(file.read_bytes())["output"] == "Since 2014."
    assert "written/records.jsonl" in words(at)
    press(at, "undo")
    assert file.read_bytes() == b""
    assert at.session_state["shown"].record_id == first(desk)


def test_a_new_record_near_the_test_set_is_refused_and_its_text_stays(desk: Desk) -> None:
    at = verdict(desk, "coverage-missing")
    write(at, "instruction", NEAR_TEST)
    write(at, "output", "They do not.")
    press(at, "Mod+S")
    assert given(desk) == []
    near = "this is too near a record of the test set, which must not be trained on; "
    assert desk.t(near + "write about something else") in words(at)
    shown: Shown = at.session_state["shown"]
    assert at.text_area(key=f"instruction-{shown.request_id}").value == NEAR_TEST
    write(at, "instruction", "Since when is there a Blue River channel?")
    write(at, "output", "Since 2014.")
    press(at, "Mod+S")
    assert given(desk) == ["coverage-missing"]


def test_a_note_for_the_recipe_is_listed_with_the_failures(desk: Desk) -> None:
    press(write(verdict(desk, "under-trained"), "note", "more epochs"), "Mod+S")
    assert recipe_notes(desk.review.store) == ["more epochs"]
    assert "more epochs" in words(draw("failures", desk))


def test_a_rule_is_tried_on_everything_before_it_is_saved(desk: Desk) -> None:
    at = verdict(desk, "rule-missing")
    write(at, "rule", RULE)
    press(at, "Mod+S")
    assert given(desk) == []  # what it finds was not on the screen yet
    told = {"found": 1, "checked": 8}
    assert desk.say("{found} of {checked} records found", **told) in [
        one.value for one in at.caption
    ]
    press(at, "Mod+S")
    [file] = (desk.workspace.path / "written").glob("rule-*.yaml")
    assert file.read_text(encoding="utf-8") == RULE
    press(at, "undo")
    assert not file.exists()


def test_a_rule_begins_with_the_failure_as_its_examples(desk: Desk) -> None:
    at = verdict(desk, "rule-missing")
    shown: Shown = at.session_state["shown"]
    draft = str(at.text_area(key=f"rule-{shown.request_id}").value)
    assert 'bad: ["It was founded in 2013."]' in draft
    assert 'good: ["It was founded in 2014."]' in draft


def test_a_rule_that_cannot_be_read_says_where(desk: Desk) -> None:
    at = write(verdict(desk, "rule-missing"), "rule", "channel-year: {sayz: x}")
    shown: Shown = at.session_state["shown"]
    at.button(key=f"try-{shown.request_id}").click().run()
    assert any(one.value.startswith("draft:1") for one in at.code)
    press(at, "Mod+S")
    assert given(desk) == []


@pytest.mark.parametrize("name", VERDICTS)
def test_a_verdict_without_what_it_needs_is_not_given(desk: Desk, name: str) -> None:
    at = verdict(desk, name)
    before = len(log(desk))
    press(at, "Mod+S")
    assert new(desk, before) == []
    assert at.session_state["shown"].record_id == first(desk)
    press(at, "Esc")
    assert not [
        one for one in at.button if one.key == f"Mod+S-{at.session_state['shown'].request_id}"
    ]


def test_what_is_typed_comes_back_in_another_window(desk: Desk) -> None:
    write(verdict(desk, "under-trained"), "note", "typed and not saved")
    again = screen(desk)
    shown: Shown = again.session_state["shown"]
    assert again.text_area(key=f"note-{shown.request_id}").value == "typed and not saved"


def test_what_is_typed_survives_a_look_at_another_form(desk: Desk) -> None:
    at = write(verdict(desk, "under-trained"), "note", "more epochs")
    press(press(press(at, "Esc"), "3"), "Esc")
    press(at, "4")
    shown: Shown = at.session_state["shown"]
    assert at.text_area(key=f"note-{shown.request_id}").value == "more epochs"


def test_a_failure_that_another_took_says_so_and_keeps_the_text(desk: Desk) -> None:
    at = write(verdict(desk, "under-trained"), "note", "Mine.")
    desk.review.release(at.session_state["shown"])
    other = desk.review.pick("Hana", first(desk))
    press(at, "Mod+S")
    assert given(desk) == []
    assert any("Hana" in one.value for one in at.text)
    desk.review.release(other)
    again = screen(desk)
    shown: Shown = again.session_state["shown"]
    assert again.text_area(key=f"note-{shown.request_id}").value == "Mine."


def test_the_failures_page_leads_into_the_review_and_tells_what_came_of_it(desk: Desk) -> None:
    at = draw("failures", desk)
    at.button(key="to-review").click().run()
    assert not at.exception, at.exception
    assert at.session_state["shown"].record_id == first(desk)
    press(write(verdict(desk, "under-trained"), "note", "more epochs"), "Mod+S")
    table = draw("failures", desk).dataframe[0].value
    assert list(table[desk.t("State")]) == [
        desk.t("Under-trained"), desk.t("in the queue"),
    ]  # fmt: skip


def test_the_overview_counts_failures(desk: Desk) -> None:
    press(write(verdict(desk, "under-trained"), "note", "more epochs"), "Mod+S")
    table = draw("overview", desk).dataframe[0].value
    assert list(table[desk.t("Failures")]) == [2]
    assert list(table[desk.t("open")]) == [1]
    assert list(table[desk.t("Under-trained")]) == [1]


def test_the_history_names_the_verdict(desk: Desk) -> None:
    press(write(verdict(desk, "under-trained"), "note", "more epochs"), "Mod+S")
    at = draw("history", desk)
    assert desk.t(VERDICTS["under-trained"]) in list(at.dataframe[0].value[desk.t("Decision")])
    at.text_input[0].set_value(first(desk)).run()
    assert not at.exception, at.exception


def test_a_failure_that_is_none_says_so(desk: Desk) -> None:
    at = on(desk, "failure-nowhere")
    assert desk.t("There is no such record in the audited data.") in words(at)


@pytest.mark.parametrize("name", [None, *VERDICTS])
def test_no_form_mixes_languages(desk: Desk, name: str | None) -> None:
    at = verdict(desk, name) if name else screen(desk)
    if name == "rule-missing":
        at.button(key=f"try-{at.session_state['shown'].request_id}").click().run()
    ours = [text for text in said(at) if text]
    if desk.locale == "ja":
        assert [one for text in ours for one in english_of(text)] == []
    else:
        assert [text for text in ours if JAPANESE.search(text) and text not in PEOPLE] == []


@pytest.mark.parametrize("name", [None, *VERDICTS])
def test_traps_in_a_failure_stand_only_in_inert_elements(desk: Desk, name: str | None) -> None:
    row = records(desk.review.report).row(1, named=True)
    near = {"record_id": "n", "first_id": "n", "prompt": TRAP, "answer": TRAP, "score": 0.5}
    told = {
        "prompt": TRAP, "answer": TRAP, "reference": f"{TRAP}!", "baseline_answer": TRAP,
        "evidence": {"wrong-value": {"expected": [TRAP], "found": [TRAP]}},
        "near": {"prompt": [near], "answer": [near]},
    }  # fmt: skip
    run = Run("t" * 32, TRAP, "a" * 32)
    trap = Failure(run.run_id, row["record_id"], row["record_id"], TRAP, 1, "error", (TRAP,),
                   ("n",), told)  # fmt: skip
    spoken = Decision(record_id="n", kind="keep", reviewer=TRAP, request_id="t", reason=TRAP)
    store = desk.review.store
    store.write(lambda on: kept.take_in(store, on, run, [trap]))
    store.write(lambda on: decisions.append(store, on, [spoken]))
    at = verdict(desk, name) if name else screen(desk)
    assert alive(at) == []
    assert alive(draw("failures", desk)) == []
    assert alive(draw("overview", desk)) == []


def test_what_is_private_in_a_record_stays_hidden(audited: Path, tmp_path: Path) -> None:
    desk = at_desk(Path(shutil.copytree(audited, tmp_path / "copy")))
    private = desk.review.report.findings.filter(check="personal-data")["record_id"][0]
    row = desk.review.report.record(private)
    assert row is not None
    secret = "karen.mitchell@northgate-office.net"
    assert secret in str(row["answer"])
    told = {
        "prompt": "How?", "answer": f"Mail {secret}", "reference": row["answer"],
        "baseline_answer": secret, "near": {},
        "evidence": {"wrong-value": {"expected": [secret], "found": []}},
    }  # fmt: skip
    run = Run("p" * 32, "run-1", "a" * 32)
    failure = Failure(run.run_id, private, private, row["source"], row["line"], "error",
                      ("wrong-value",), (), told)  # fmt: skip
    store = desk.review.store
    store.write(lambda on: kept.take_in(store, on, run, [failure]))
    for at in (on(desk, failure.key), draw("failures", desk)):
        assert "How?" in words(at)
        assert secret not in words(at)
        assert all(secret not in str(one.value) for one in (*at.json, *at.dataframe))
    store.engine.dispose()
