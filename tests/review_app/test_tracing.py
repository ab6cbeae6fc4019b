"""From a failure to the records behind it: in one key, a verdict on each, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from curate.locale import translator
from curate.review.failing import about
from curate.review.shown import Shown
from curate.store import decisions
from curate.store import failures as kept
from curate.store.decision import Decision
from curate.store.failures import Failure, Run
from curate.store.standing import standings
from review_app.desk import Desk
from tests.curate.review.failed_run import records, reviewing, workspace
from tests.review_app.test_failing import write
from tests.review_app.test_inert import TRAP, alive
from tests.review_app.test_languages import JAPANESE, PEOPLE, english_of, said
from tests.review_app.test_review_page import log, new, on, press, words

FAILED = 1  # of the records; behind it are 0, with its copy 2, then 3 and 5
BEHIND = (0, 3, 5)
COPY = 2


def neighbour(row: dict[str, Any], text: str | None = None) -> dict[str, Any]:
    """A training record as a trace names it."""
    ids = {"record_id": row["record_id"], "first_id": row["record_id"]}
    place = {"source": row["source"], "line": row["line"]}
    return {**ids, **place, "prompt": text or row["instruction"], "answer": text or row["answer"]}


def failure(desk: Desk, text: str | None = None) -> Failure:
    """A failure with its way back; `text` stands for all texts of the records behind it."""
    rows = records(desk.review.report).to_dicts()
    numbers = {"score": 0.5, "prompt_likeness": 0.9, "answer_likeness": 0.8, "gradient": None}
    behind = [
        {
            "rank": nth, **neighbour(rows[n], text), **numbers, "reasons": ["same-teaches", "pushes"],
            "copies": [neighbour(rows[COPY], text)] if n == 0 else [],
        }
        for nth, n in enumerate(BEHIND, 1)
    ]  # fmt: skip
    chances = {"data-caused": 0.82, "not-covered": 0.18}
    triage = {"said": "data-caused", "probability": 0.82, "probabilities": chances}
    row = rows[FAILED]
    told = {
        "prompt": row["instruction"], "answer": "It was founded in 2013.",
        "reference": row["answer"], "baseline_answer": "I do not know.", "evidence": {},
        "near": {}, "trace": {"triage": triage, "records": behind},
    }  # fmt: skip
    near = tuple(sorted(rows[n]["record_id"] for n in (*BEHIND, COPY)))
    return Failure("t" * 32, row["record_id"], row["record_id"], row["source"], row["line"],
                   "error", ("wrong-value",), near, told)  # fmt: skip


@pytest.fixture(params=["en", "ja"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Mika's desk before a failure that was traced."""
    where, report = workspace(tmp_path)
    review = reviewing(where, report)
    made = Desk(review, "Mika", translator(request.param), request.param, where)
    take_in(made, failure(made))
    yield made
    review.store.engine.dispose()


def take_in(desk: Desk, found: Failure) -> None:
    run, store = Run(found.run_id, "run-1", "a" * 32), desk.review.store
    store.write(lambda on: kept.take_in(store, on, run, [found]))


def record(desk: Desk, n: int) -> str:
    return str(records(desk.review.report)["record_id"][n])


def start(desk: Desk) -> AppTest:
    return on(desk, f"failure-{record(desk, FAILED)}")


def here(at: AppTest) -> str:
    shown: Shown = at.session_state["shown"]
    return shown.record_id


def verdicts(desk: Desk) -> dict[str, str]:
    """What persons decided on each record."""
    known = desk.review.store.read(lambda on: standings(decisions.current_of(on)))
    return {one: of.verdict.kind for one, of in known.items() if of.verdict is not None}


def test_a_failure_says_what_it_comes_from_and_names_the_records(desk: Desk) -> None:
    at = start(desk)
    told = words(at)
    assert desk.t("training records most likely taught it: look at them in this order") in told
    assert desk.t("asks the same and gives this answer") in told
    [badge] = [one.value for one in at.main if one.type == "badge" and "82%" in one.value] or [
        one.value for one in at.markdown if "82%" in one.value
    ]
    assert desk.t("caused by the data") in badge


def test_one_key_opens_them_in_order_and_leads_back(desk: Desk) -> None:
    at = press(start(desk), "O")
    seen = []
    for key in ("D", "K", "next"):
        seen.append(here(at))
        press(at, key)
    assert seen == [f"opened-{record(desk, n)}" for n in BEHIND]
    assert here(at) == f"failure-{record(desk, FAILED)}"
    press(at, "2")  # what was changed on the way is ticked already
    press(at, "Mod+S")
    [said] = desk.review.store.read(kept.answers)
    assert about(said)["opens"] == [record(desk, 0)]


def test_a_record_behind_a_failure_says_why_and_shows_the_failure(desk: Desk) -> None:
    told = words(press(start(desk), "O"))
    assert desk.t("pushes the model toward this answer") in told
    assert "⟦2013⟧" in told
    assert "The capital of Japan is Tokyo." in told  # the copy that is decided with it


def test_one_decision_covers_the_copies_and_one_undo_takes_it_back(desk: Desk) -> None:
    at = press(start(desk), "O")
    before = len(log(desk))
    press(at, "D")
    made = new(desk, before)
    first, copy = record(desk, 0), record(desk, COPY)
    assert {one.record_id for one in made} == {f"opened-{first}", first, copy}
    assert {one.kind for one in made} == {"drop"}
    assert len({one.act for one in made}) == 1
    meant = [one.payload["failure"]["for"] for one in made if one.record_id in (first, copy)]
    assert meant == [[record(desk, FAILED)]] * 2
    press(at, "undo")
    assert verdicts(desk) == {}
    assert here(at) == f"opened-{first}"


def test_an_edited_answer_is_that_of_the_copies_too(desk: Desk) -> None:
    at = press(press(start(desk), "O"), "E")
    write(at, "edit-instruction", "When did the channel begin?")
    write(at, "edit-answer", "In 2014.")
    press(at, "Mod+S")
    rows = {one.record_id: one.payload.get("changes") for one in log(desk)}
    assert rows[record(desk, 0)].keys() == {"instruction", "answer"}
    old = records(desk.review.report)["answer"][COPY]
    assert rows[record(desk, COPY)] == {"answer": {"old": old, "new": "In 2014."}}


def test_to_keep_one_leaves_it_as_it_was_decided(desk: Desk) -> None:
    said = Decision(record_id=record(desk, 0), kind="drop", reviewer="hana", request_id="r")
    desk.review.store.write(lambda on: decisions.append(desk.review.store, on, [said]))
    press(press(start(desk), "O"), "K")
    assert verdicts(desk) == {record(desk, 0): "drop", f"opened-{record(desk, 0)}": "keep"}


def test_a_key_leads_back_before_all_are_seen(desk: Desk) -> None:
    at = press(press(start(desk), "O"), "next")
    press(at, "B")
    assert here(at) == f"failure-{record(desk, FAILED)}"


def test_what_another_has_is_passed_by(desk: Desk) -> None:
    desk.review.pick("Hana", f"opened-{record(desk, 0)}")
    assert here(press(start(desk), "O")) == f"opened-{record(desk, 3)}"


def test_whoever_looks_at_something_else_walks_no_more(desk: Desk) -> None:
    at = press(start(desk), "O")
    press(at, "previous")
    assert here(at) == f"failure-{record(desk, FAILED)}"
    press(at, "S")
    assert not here(at).startswith("opened-")


def test_no_screen_mixes_languages(desk: Desk) -> None:
    for at in (start(desk), press(start(desk), "O")):
        ours = [text for text in said(at) if text]
        if desk.locale == "ja":
            assert [one for text in ours for one in english_of(text)] == []
        else:
            assert [text for text in ours if JAPANESE.search(text) and text not in PEOPLE] == []


def test_traps_behind_a_failure_stand_only_in_inert_elements(tmp_path: Path) -> None:
    where, report = workspace(tmp_path)
    desk = Desk(reviewing(where, report), "Mika", translator("en"), "en", where)
    take_in(desk, failure(desk, TRAP))
    at = start(desk)
    assert alive(at) == []
    assert alive(press(at, "O")) == []
    desk.review.store.engine.dispose()
