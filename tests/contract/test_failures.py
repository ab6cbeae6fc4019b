"""Failures in the store: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from curate.store import decisions
from curate.store import failures as kept
from curate.store.database import Store
from curate.store.decision import Decision
from curate.store.failures import Failure, Run
from tests.contract.conftest import Clock


def failure(run: str, record: str, **more: object) -> Failure:
    one = Failure(
        run, record, f"first-{record}", "データ.jsonl", 3, "error", ("loop", "no-stop"),
        ("x", "y"), {"answer": "はい、" * 9, "evidence": {"loop": {}}},
    )  # fmt: skip
    return replace(one, **more)  # type: ignore[arg-type]


def take_in(store: Store, run: str, *records: str) -> int:
    told = Run(run, f"run {run}", "approved", {"model": "tiny"})
    found = [failure(run, record) for record in records]
    return store.write(lambda on: kept.take_in(store, on, told, found))


def test_what_was_taken_in_is_read_back(store: Store, opened: Callable[[], Store]) -> None:
    assert take_in(store, "1", "a", "b") == 2
    assert opened().read(lambda on: kept.of_run(on, "1")) == [failure("1", "a"), failure("1", "b")]
    [run] = store.read(kept.all_runs)
    assert (run.name, run.told) == ("run 1", {"model": "tiny"})


def test_twice_is_once(store: Store) -> None:
    assert [take_in(store, "1", "a"), take_in(store, "1", "a"), take_in(store, "1", "a", "b")] == [
        1,
        0,
        1,
    ]
    assert len(store.read(kept.all_runs)) == 1


def test_the_newest_run_speaks_for_a_record(store: Store, clock: Clock) -> None:
    take_in(store, "2", "a", "b")
    clock.at += 1
    take_in(store, "1", "a")
    found = store.read(kept.standing)
    assert [(one.record_id, one.run_id) for one in found] == [("a", "1"), ("b", "2")]
    assert [one.told for one in found] == [{}, {}]
    [newest, older] = store.read(lambda on: kept.of_record(on, "first-a"))
    assert (newest.run_id, older.run_id) == ("1", "2")
    assert newest.told["answer"] == "はい、" * 9


def test_a_later_run_takes_a_failure_away_and_an_earlier_one_cannot(
    store: Store, clock: Clock
) -> None:
    take_in(store, "1", "a", "b")
    clock.at += 1
    take_in(store, "2", "a")
    store.write(lambda on: kept.gone(on, "1", ["a"]))
    assert [one.record_id for one in store.read(kept.standing)] == ["a", "b"]
    store.write(lambda on: kept.gone(on, "2", ["b", "c"]))
    assert [one.record_id for one in store.read(kept.standing)] == ["a"]
    [told] = store.read(lambda on: kept.of_record(on, "b"))
    assert told.gone_in == "2"


def test_verdicts_on_failures_are_told_until_they_are_undone(store: Store) -> None:
    made = [
        Decision(record_id=one, kind="keep", reviewer="mika", request_id=one)
        for one in ("failure-a", "a", "failure_b")
    ]
    written = store.write(lambda on: decisions.append(store, on, made))
    assert [one.record_id for one in store.read(kept.answers)] == ["failure-a"]
    store.write(lambda on: decisions.undo(store, on, [written[0].id or 0], "mika"))
    assert store.read(kept.answers) == []


def test_a_record_that_fails_again_after_a_run_without_its_failure_is_another_failure(
    store: Store, clock: Clock
) -> None:
    take_in(store, "1", "あ", "b")
    clock.at += 1
    take_in(store, "2", "あ")  # it fails still, so it is the same failure
    assert keys(store) == ["failure-b", "failure-あ"]
    clock.at += 1
    take_in(store, "3")
    store.write(lambda on: kept.gone(on, "3", ["あ", "b"]))
    clock.at += 1
    take_in(store, "4", "あ")
    assert keys(store) == ["failure-あ-again-1"]
    [earlier] = store.read(lambda on: [one.key for one in kept.of_run(on, "2")])
    assert earlier == "failure-あ"
    every = store.read(lambda on: kept.of_record(on, "あ"))
    assert [(one.run_id, one.again) for one in every] == [("4", 1), ("2", 0), ("1", 0)]


def test_an_id_under_which_something_is_decided_tells_its_record() -> None:
    for kind in (kept.FAILED, kept.OPENED):
        for again in (0, 1, 12):
            key = kept.key_of(kind, "記録", again)
            assert (kept.record_of(key), kept.relapses(key)) == ("記録", again)


def keys(store: Store) -> list[str]:
    return [one.key for one in store.read(kept.standing)]
