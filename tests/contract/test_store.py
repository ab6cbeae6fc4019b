"""Every store keeps the same promises; the same cases run on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.report import Report
from curate.review import Review
from curate.review.exchange import read_decisions, write_decisions
from curate.review.frames import Filters
from curate.review.settings import change
from curate.review.shown import Shown
from curate.review.why import Nothing
from curate.store import decisions, migrating, notes
from curate.store.database import HEAD, Store, open_store
from curate.store.decision import Decision
from curate.store.refusals import Refused, StoreTrouble
from curate.store.standing import standings
from curate.store.tables import metadata
from curate.workspace import Workspace
from tests.contract.conftest import Clock

EDIT = {"changes": {"answer": {"old": "", "new": "こんにちは。"}}}


@pytest.fixture
def review(store: Store, report: Report) -> Review:
    return Review(report, store)


def shown(found: Shown | Nothing) -> Shown:
    assert isinstance(found, Shown), found
    return found


def entry(record: str = "a", kind: str = "keep", by: str = "mika", **more: object) -> Decision:
    request = str(more.pop("request_id", f"{record} {kind} {by}"))
    return Decision(record_id=record, kind=kind, reviewer=by, request_id=request, **more)  # type: ignore[arg-type]


def append(store: Store, *entries: Decision) -> list[Decision]:
    return store.write(lambda on: decisions.append(store, on, entries))


def verdict(store: Store, record: str) -> str | None:
    found = standings(store.read(lambda on: list(decisions.current_of(on, [record]))))
    spoken = found[record].verdict if record in found else None
    return spoken.kind if spoken else None


# Decisions


def test_a_decision_is_kept_with_all_that_was_said(
    store: Store, opened: Callable[[], Store]
) -> None:
    said = entry(kind="edit", payload=EDIT, reason="空です", findings=("empty-answer",), seconds=2.5,
                 ordered_by="severity")  # fmt: skip
    [kept] = append(store, said)
    assert list(opened().read(lambda on: list(decisions.log(on, "a")))) == [kept]
    assert (kept.payload, kept.reason, kept.findings) == (EDIT, "空です", ("empty-answer",))
    assert (kept.id, kept.decided_at, kept.act) == (1, 1_800_000_000.0, said.request_id)


def test_the_same_request_counts_once(store: Store) -> None:
    first = append(store, entry())
    assert append(store, entry(), entry()) == [*first]
    assert len(store.read(lambda on: list(decisions.log(on)))) == 1


def test_undo_brings_the_earlier_decision_back_and_removes_nothing(store: Store) -> None:
    append(store, entry())
    [late] = append(store, entry(kind="drop"))
    assert verdict(store, "a") == "drop"
    for _ in range(2):
        store.write(lambda on: decisions.undo(store, on, [late.id or 0], "mika"))
    assert verdict(store, "a") == "keep"
    log = store.read(lambda on: [one.kind for one in decisions.log(on)])
    assert log == ["keep", "drop", "undo"]


def test_what_cannot_be_undone_is_named(store: Store) -> None:
    append(store, entry())
    [undo] = store.write(lambda on: decisions.undo(store, on, [1], "mika"))
    with pytest.raises(Refused, match="no decision 99"):
        store.write(lambda on: decisions.undo(store, on, [1, 99], "mika"))
    with pytest.raises(Refused, match="is an undo"):
        store.write(lambda on: decisions.undo(store, on, [undo.id or 0], "mika"))


def test_a_clock_set_back_does_not_turn_decisions_round(store: Store, clock: Clock) -> None:
    append(store, entry())
    clock.at -= 3600
    append(store, entry(kind="drop"))
    assert verdict(store, "a") == "drop"


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        ("hide", {}, "unknown kind of decision"),
        ("edit", {}, "old and the new text"),
        ("edit", {"changes": {"answer": {"new": "x"}}}, "old and the new text"),
        ("choose", {"keep": []}, "places that stay"),
    ],
)
def test_a_malformed_decision_is_refused(
    store: Store, kind: str, payload: dict[str, object], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        append(store, entry(kind=kind, payload=payload))
    assert store.read(lambda on: list(decisions.log(on))) == []


WORDS = st.tuples(
    st.sampled_from("ab"), st.sampled_from(["keep", "drop", "skip", "comment", "undo"]),
    st.sampled_from(["mika", "太郎"]), st.booleans(),
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=st.lists(WORDS, max_size=12))
def test_the_view_of_current_decisions_is_what_the_log_says(
    store: Store, story: list[tuple[str, str, str, bool]]
) -> None:
    """Held against the plainest reading: the last one of each that is not undone."""
    with store.engine.begin() as on:
        on.execute(sa.delete(metadata.tables["decisions"]))
    made: list[Decision] = []
    for nth, (record, kind, by, final) in enumerate(story):
        if kind == "undo":
            taken_back = [made.pop().id or 0] if made else []
            store.write(lambda on, ids=taken_back, by=by: decisions.undo(store, on, ids, by))
        else:
            made += append(store, entry(record, kind, by, request_id=str(nth), adjudicates=final))
    latest = {(o.record_id, o.reviewer, o.adjudicates): o for o in made if o.kind != "comment"}
    found = store.read(lambda on: list(decisions.current_of(on)))
    assert Counter(one.id for one in found) == Counter(one.id for one in latest.values())


# Claims


def test_a_claim_leads_through_the_queue_until_it_is_empty(review: Review) -> None:
    seen = []
    while isinstance(found := review.claim("mika"), Shown):
        seen.append(found.record_id)
        review.decide(found, "keep", seconds=1.0)
    assert len(seen) == len(set(seen)) == len(review.queue())
    assert [why.says for why in found.reasons] == ["decided: {n} of {total}"]


def test_a_record_is_one_persons_until_the_lease_ends(review: Review, clock: Clock) -> None:
    hers = shown(review.claim("mika"))
    assert shown(review.claim("mika")).request_id == hers.request_id  # a reload
    his = shown(review.claim("太郎"))
    assert his.item.key != hers.item.key
    clock.at += 299
    assert shown(review.renew(hers) or Nothing(())).until == clock.at + 300
    clock.at += 299
    assert shown(review.claim("花子")).item.key != hers.item.key
    clock.at += 2
    assert shown(review.claim("次郎")).item.key == hers.item.key
    assert review.renew(hers) is None


def test_a_double_submit_counts_once_even_with_another_verdict(review: Review) -> None:
    found = shown(review.claim("mika"))
    first = review.decide(found, "keep")
    again = review.decide(found, "drop")
    assert (first.again, again.again) == (False, True)
    assert again.decisions == first.decisions
    assert shown(review.claim("mika")).item.key != found.item.key


def test_a_late_submit_is_refused_and_kept_as_a_draft(review: Review, clock: Clock) -> None:
    hers = shown(review.claim("mika"))
    clock.at += 301
    his = shown(review.claim("太郎"))
    assert his.item.key == hers.item.key
    with pytest.raises(Refused, match="too late: 太郎 has this record until"):
        review.decide(hers, "edit", EDIT)
    review.decide(his, "keep")
    with pytest.raises(Refused, match=r"decided meanwhile \(太郎\)"):
        review.decide(hers, "edit", EDIT)
    assert review.pick("mika", hers.record_id).draft == {
        "kind": "edit",
        "payload": EDIT,
        "reason": None,
    }
    assert [one.kind for one in review.history(hers.record_id)] == ["keep"]


def test_a_late_submit_of_what_nobody_took_is_welcome(review: Review, clock: Clock) -> None:
    hers = shown(review.claim("mika"))
    clock.at += 10_000
    assert not review.decide(hers, "keep").again


def test_a_draft_comes_back_to_the_same_person_and_goes_with_the_decision(review: Review) -> None:
    found = shown(review.claim("mika"))
    review.keep_draft(found, {"answer": "書きかけ"})
    again = shown(review.claim("mika"))
    assert again.draft == {"answer": "書きかけ"}
    review.decide(again, "keep")
    assert review.store.read(lambda on: notes.draft(on, found.record_id, "mika")) is None


def test_next_goes_on_and_comes_round(review: Review) -> None:
    keys = [item.key for item in review.queue()]
    at = shown(review.claim("mika"))
    walked = []
    for _ in keys:
        walked.append(at.item.key)
        at = shown(review.claim("mika", after=at))
    assert walked == keys
    assert at.item.key == keys[0]


def test_undo_takes_back_ones_own_last_act_and_the_record_is_asked_again(review: Review) -> None:
    first = shown(review.claim("mika"))
    review.decide(first, "drop")
    review.decide(shown(review.claim("太郎")), "keep")
    [back] = review.undo("mika")
    assert (back.record_id, back.kind) == (first.record_id, "drop")
    assert shown(review.claim("mika")).item.key == first.item.key
    assert review.undo("mika") == []


def test_a_skip_is_for_oneself(review: Review) -> None:
    first = shown(review.claim("mika"))
    review.decide(first, "skip")
    assert shown(review.claim("mika")).item.key != first.item.key
    assert shown(review.claim("太郎")).item.key == first.item.key


def test_why_a_queue_is_empty(review: Review) -> None:
    filters = Filters(check=("unclosed-code",))
    total = len(review.queue("severity", filters))
    review.decide(shown(review.claim("mika", filters=filters)), "keep")
    shown(review.claim("太郎", filters=filters))
    found = review.claim("mika", filters=filters)
    assert isinstance(found, Nothing)
    told = found.told(lambda english: english)
    assert told[0] == f"decided: 1 of {total}"
    assert told[1].startswith("with 太郎 until ")
    assert told[2].startswith("left out by the filters: ")
    assert found.until is not None


def test_eight_at_once_never_hold_the_same_record(review: Review) -> None:
    held: list[str] = []

    def work(name: str) -> None:
        held.append(shown(review.claim(name)).item.key)

    threads = [threading.Thread(target=work, args=(f"r{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(held)) == 8


# Two reviewers


def test_two_blind_reviewers_and_the_last_word(review: Review) -> None:
    change(review.store, "double_share", 1.0)
    first = shown(review.claim("mika"))
    assert first.blind
    review.decide(first, "keep")
    second = shown(review.claim("太郎"))
    assert second.item.key == first.item.key
    review.decide(second, "drop")
    assert verdict(review.store, first.record_id) is None
    assert shown(review.claim("花子")).item.key != first.item.key
    last = shown(review.claim("花子", adjudicating=True))
    assert (last.item.key, last.blind) == (first.item.key, False)
    review.decide(last, "drop")
    assert verdict(review.store, first.record_id) == "drop"


def test_two_who_agree_need_no_third(review: Review) -> None:
    change(review.store, "double_share", 1.0)
    for name in ("mika", "太郎"):
        found = shown(review.claim(name))
        review.decide(found, "keep")
    assert verdict(review.store, found.record_id) == "keep"
    assert isinstance(review.claim("花子", adjudicating=True), Nothing)


def test_the_same_said_of_a_record_that_is_opened_again_counts_once(review: Review) -> None:
    """As after a reload, or the way back; another verdict, or a reason, is said indeed."""
    found = shown(review.claim("mika"))
    [first] = review.decide(found, "edit", EDIT, "敬体に").decisions
    review.keep_draft(found, {"answer": "typed on it since"})
    for reason in (None, "敬体に"):
        again = review.decide(review.pick("mika", found.record_id), "edit", EDIT, reason)
        assert (again.again, again.decisions) == (True, (first,))
    assert review.history(found.record_id) == [first]
    picked = review.pick("mika", found.record_id)
    assert picked.draft is None
    assert not review.decide(picked, "edit", EDIT, "another reason").again
    assert not review.decide(review.pick("mika", found.record_id), "keep").again
    assert not review.decide(review.pick("太郎", found.record_id), "keep").again
    assert [one.kind for one in review.history(found.record_id)] == ["edit", "edit", "keep", "keep"]


@pytest.mark.parametrize("kind", ["skip", "keep", "drop"])
def test_only_an_edit_ends_the_draft_of_an_edit(review: Review, kind: str) -> None:
    found = shown(review.claim("mika"))
    typed = {"kind": "edit", "payload": EDIT, "reason": "途中"}
    review.keep_draft(found, typed)
    review.decide(found, kind)
    assert review.pick("mika", found.record_id).draft == typed
    review.decide(review.pick("mika", found.record_id), "edit", EDIT)
    assert review.pick("mika", found.record_id).draft is None


def test_a_record_that_is_not_there_cannot_be_opened(review: Review) -> None:
    with pytest.raises(Refused, match="no such record"):
        review.pick("mika", "0" * 32)
    assert review.claim("mika")


def test_a_record_opened_by_hand_can_be_decided_anew(review: Review) -> None:
    found = shown(review.claim("mika"))
    review.decide(found, "drop")
    again = review.pick("太郎", found.record_id)
    assert again.adjudicates
    late = review.pick("太郎", found.record_id)
    review.decide(again, "keep")
    assert verdict(review.store, found.record_id) == "keep"
    assert review.decide(late, "drop").again


# In and out


def test_decisions_go_out_and_come_in_as_often_as_one_likes(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    append(store, entry(kind="edit", payload=EDIT), entry("b", "drop", "太郎", reason="重複"))
    store.write(lambda on: decisions.undo(store, on, [1], "mika"))
    file = tmp_path / "decisions.jsonl"
    assert write_decisions(store, file) == 3
    other = open_store(Workspace(tmp_path / "other"), clock=clock)
    append(other, entry("c"))
    for new in (3, 0):
        taken = read_decisions(other, file)
        assert (taken.new, taken.known) == (new, 3 - new)
    assert verdict(other, "a") is None
    assert verdict(other, "b") == "drop"
    back = tmp_path / "back.jsonl"
    assert write_decisions(other, back) == 4
    assert set(file.read_bytes().splitlines()) < set(back.read_bytes().splitlines())
    other.engine.dispose()


# Settings, tables


def test_the_migrations_make_what_the_code_knows(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with store.engine.connect() as on:
        found = compare_metadata(MigrationContext.configure(on), metadata)
    assert found == []
    assert ScriptDirectory.from_config(migrating.configured()).get_current_head() == HEAD


def test_a_store_of_a_newer_curate_is_left_alone(store: Store, opened: Callable[[], Store]) -> None:
    with store.engine.begin() as on:
        on.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTrouble, match="newer curate"):
        opened()


def test_many_who_open_a_new_store_at_once_make_its_tables_once(
    opened: Callable[[], Store],
) -> None:
    wrong: list[Exception] = []

    def work() -> None:
        try:
            opened()
        except Exception as error:  # noqa: BLE001 - told below, in the test's own thread
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
