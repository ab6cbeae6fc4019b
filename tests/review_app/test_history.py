"""History: a record's whole life, and nothing of it that a blind reviewer may not see."""

from __future__ import annotations

from dataclasses import replace

from curate.review import lookup
from curate.review.frames import Filters
from curate.review.shown import Shown
from curate.show.showing import where
from curate.store import decisions
from curate.store.decision import Decision
from curate.store.standing import standings
from review_app.desk import Desk
from tests.review_app.conftest import draw


def half_decided(desk: Desk) -> tuple[str, str]:
    """A record that one of two has decided, and who that is."""
    known = standings(desk.review.store.read(lambda on: list(decisions.current_of(on))))
    wanted = {one: item.wanted for item in desk.review.queue() for one in item.records}
    for record_id, standing in known.items():
        if wanted.get(record_id) == 2 and len(standing.blind) == 1:
            return record_id, next(iter(standing.blind))
    raise AssertionError("nobody waits for a second decision")


def twice_decided(desk: Desk) -> str:
    known = standings(desk.review.store.read(lambda on: list(decisions.current_of(on))))
    return next(one for one, standing in known.items() if len(standing.blind) == 2)


def test_a_record_is_found_by_the_beginning_of_its_id_and_by_its_place(desk: Desk) -> None:
    record_id = twice_decided(desk)
    [place] = lookup.find(desk.review, record_id[:10])
    assert place.record_id == record_id
    assert lookup.find(desk.review, f"{place.source}:{place.line}") == [place]
    for nothing in ("", "zzzz", "nowhere.jsonl:1", f"{place.source}:999999", record_id[:3]):
        assert lookup.find(desk.review, nothing) == []


def test_everything_that_was_said_is_there_once_both_have_spoken(desk: Desk) -> None:
    record_id = twice_decided(desk)
    at = draw("history", desk)
    at.text_input[0].set_value(record_id).run()
    assert not at.exception
    [log, *_] = at.dataframe
    assert set(log.value["Reviewer"]) == {"Mika", "太郎"}
    assert record_id in [one.value for one in at.code]


def test_a_blind_reviewer_sees_only_their_own_words(desk: Desk) -> None:
    """A page that shows the whole log while the second decision is open is caught."""
    record_id, spoke = half_decided(desk)
    other = "太郎" if spoke == "Mika" else "Mika"
    life = lookup.life(desk.review, record_id, other)
    assert life.blind
    assert life.withheld >= 1
    assert [one for one in life.entries if one.reviewer == spoke and one.policy is None] == []
    assert life.standing.verdict is None
    mine = lookup.life(desk.review, record_id, spoke)
    assert [one.reviewer for one in mine.entries if one.is_verdict] == [spoke]
    at = draw("history", replace(desk, reviewer=other))
    at.text_input[0].set_value(record_id).run()
    assert [one.value for one in at.info] == [
        "Others have decided. You see what they said when everybody asked has spoken."
    ]
    shown = " ".join(str(one.value) for one in (*at.text, *at.code, *at.dataframe))
    assert spoke not in shown


def test_what_was_undone_is_said_to_be_undone(empty_desk: Desk) -> None:
    shown = empty_desk.review.claim("Mika")
    assert isinstance(shown, Shown)
    empty_desk.review.decide(shown, "drop", reason="empty")
    empty_desk.review.undo("Mika")
    at = draw("history", empty_desk)
    at.text_input[0].set_value(shown.record_id).run()
    log = at.dataframe[0].value
    assert list(log["Decision"]) == ["drop", "undo"]
    assert list(log["Note"]) == ["undone · empty", f"undo {log['No.'][0]}"]
    assert "It waits in the queue." in [one.value for one in at.text]


def test_a_choice_says_which_record_stays_and_which_goes(empty_desk: Desk) -> None:
    store, frame = empty_desk.review.store, empty_desk.review.report.snapshot.frame(0)
    mine, other = frame.select("record_id", "source", "line").rows()[:2]
    payload = {"keep": [{"record_id": other[0]}], "drop": [{"record_id": mine[0]}]}
    made = Decision(
        record_id=mine[0], kind="choose", reviewer="Mika", request_id="1", payload=payload
    )
    store.write(lambda on: decisions.append(store, on, [made]))
    at = draw("history", empty_desk)
    at.text_input[0].set_value(mine[0]).run()
    [note] = at.dataframe[0].value["Note"]
    kept, gone = (f"{where(one[1], one[2])} ({one[0][:8]}…)" for one in (other, mine))
    assert note == f"keeps {kept}; drops {gone}; this record goes"


def test_private_values_stay_masked_in_what_was_changed(desk: Desk) -> None:
    found = lookup.flagged(desk.review, Filters(check=("secret",)))["record_id"]
    shown = desk.review.pick("Mika", found[0])
    record = desk.review.report.record(shown.record_id)
    assert record is not None
    old = record["answer"]
    desk.review.decide(shown, "edit", {"changes": {"answer": {"old": old, "new": "Ask me."}}})
    at = draw("history", desk)
    at.text_input[0].set_value(shown.record_id).run()
    told = "\n".join(str(one.value) for one in (*at.code, *at.text))
    assert "Ask" in told
    assert old not in told
    assert "•••" in told


def test_one_begins_with_ones_own_latest_decisions(desk: Desk) -> None:
    at = draw("history", desk)
    [mine] = at.dataframe
    assert set(mine.value["Reviewer"]) == {"Mika"}
    assert list(mine.value["Time"]) == sorted(mine.value["Time"], reverse=True)


def test_what_is_not_there_is_said_not_to_be(desk: Desk) -> None:
    at = draw("history", desk)
    at.text_input[0].set_value("feedfeedfeed").run()
    assert [one.value for one in at.caption] == ["There is no such record in the audited data."]


def test_a_decision_without_a_time_has_a_dash(empty_desk: Desk) -> None:
    shown = empty_desk.review.claim("Mika")
    assert isinstance(shown, Shown)
    empty_desk.review.decide(shown, "keep", seconds=None)
    [log] = draw("history", empty_desk).dataframe
    assert list(log.value["Seconds"]) == ["–"]
