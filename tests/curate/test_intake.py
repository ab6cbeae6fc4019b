"""Intake: failures come in once, never those of test records, and leave when a run has none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.errors import BadSource
from curate.intake import take_in
from curate.review.failing import case_of
from curate.store import decisions
from curate.store import failures as kept
from curate.store.database import Store, open_store
from curate.store.decision import Decision
from curate.workspace import Workspace
from tests import traced_run
from tests.curate.review.failed_run import records, run_folder, workspace

WRONG = [
    {"n": 1, "answer": "It was founded in 2013."},
    {"n": 4, "answer": "青川チャンネルは2013年に設立されました。"},
]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Workspace, pl.DataFrame, Store]]:
    where, report = workspace(tmp_path)
    store = open_store(where)
    yield where, records(report), store
    store.engine.dispose()


def standing(store: Store) -> list[str]:
    return [one.record_id for one in store.read(kept.standing)]


def test_failures_come_in_once(made: Any, tmp_path: Path) -> None:
    where, found, store = made
    run = run_folder(tmp_path, found, WRONG)
    first, again = take_in(where, run, store), take_in(where, run, store)
    assert (first.new, first.known, first.linked) == (2, 0, True)
    assert (again.new, again.known) == (0, 2)
    assert standing(store) == sorted(found["record_id"][n] for n in (1, 4))
    assert [one.name for one in store.read(kept.all_runs)] == ["run-1"]


def test_beside_a_failure_stands_the_record_that_taught_it(made: Any, tmp_path: Path) -> None:
    where, found, store = made
    take_in(where, run_folder(tmp_path, found, WRONG), store)
    for failing, taught in ((1, 0), (4, 3)):
        case = case_of(store, f"failure-{found['record_id'][failing]}")
        assert case is not None
        assert case.by_prompt[0].record_id == found["record_id"][taught]
        assert case.by_answer[0].record_id == found["record_id"][taught]
        assert case.by_answer[0].score > 0.7
        held_out = {found["record_id"][n] for n in (1, 4, 6)}
        assert not held_out & {one.record_id for one in (*case.by_prompt, *case.by_answer)}


def test_a_test_record_is_refused(made: Any, tmp_path: Path) -> None:
    where, found, store = made
    run = run_folder(tmp_path, found, [{"n": 6, "answer": "Soil."}])
    with pytest.raises(BadSource, match=rf"{found['record_id'][6]}, a record of test"):
        take_in(where, run, store)
    assert standing(store) == []


def test_a_record_that_only_says_it_is_dev_is_refused(made: Any, tmp_path: Path) -> None:
    where, found, store = made
    run = run_folder(tmp_path, found, [{"n": 6, "answer": "Soil."}])
    told = pl.read_parquet(run / "records.parquet").with_columns(split=pl.lit("dev"))
    told.write_parquet(run / "records.parquet")
    with pytest.raises(BadSource, match="a record of test"):
        take_in(where, run, store)


def test_a_failure_leaves_with_the_run_that_has_none(made: Any, tmp_path: Path) -> None:
    where, found, store = made
    first = run_folder(tmp_path, found, WRONG[:1])
    take_in(where, first, store)
    done = take_in(where, run_folder(tmp_path, found, WRONG[1:], "run-2"), store)
    assert (done.new, done.gone) == (1, 1)
    assert standing(store) == [found["record_id"][4]]
    again = take_in(where, first, store)  # an earlier run, carried here once more
    assert (again.new, again.gone) == (0, 0)
    assert standing(store) == [found["record_id"][4]]


def test_the_newest_run_speaks_for_a_record_that_fails_again(made: Any, tmp_path: Path) -> None:
    where, found, store = made
    take_in(where, run_folder(tmp_path, found, WRONG), store)
    done = take_in(where, run_folder(tmp_path, found, WRONG, "run-2"), store)
    case = case_of(store, f"failure-{found['record_id'][1]}")
    assert case is not None
    assert case.run.run_id == done.run.run_id
    assert len(standing(store)) == 2


def test_only_the_worst_come_in(made: Any, tmp_path: Path) -> None:
    where, found, store = made
    done = take_in(where, run_folder(tmp_path, found, WRONG), store, most=1)
    assert (done.new, done.left) == (1, 1)
    assert standing(store) == [found["record_id"][1]]


def test_without_the_approved_snapshot_it_says_that_nothing_is_linked(
    made: Any, tmp_path: Path
) -> None:
    where, found, store = made
    run = run_folder(tmp_path, found, WRONG)
    (run / "approved.json").write_text('{"id": "of another machine"}')
    assert not take_in(where, run, store).linked


def test_what_is_no_run_is_named(made: Any, tmp_path: Path) -> None:
    where, _, store = made
    with pytest.raises(BadSource, match=r"no finished run: it has no failures.parquet"):
        take_in(where, tmp_path, store)


@pytest.mark.parametrize("status", ["running", "interrupted"])
def test_an_unfinished_run_is_told_how_to_go_on(made: Any, tmp_path: Path, status: str) -> None:
    where, _, store = made
    run = tmp_path / "途中 run"
    run.mkdir()
    (run / "run.json").write_text(json.dumps({"status": status}))
    with pytest.raises(
        BadSource, match=r"is not finished.* go on with: train run --resume '.*途中 run'"
    ):
        take_in(where, run, store)


@pytest.fixture
def with_traces(tmp_path: Path) -> Iterator[tuple[Workspace, pl.DataFrame, Store, Path]]:
    where, report = traced_run.workspace(tmp_path)
    found = traced_run.records(report)
    store = open_store(where)
    yield where, found, store, traced_run.run_folder(tmp_path, where, found)
    store.engine.dispose()


def test_beside_a_failure_stands_its_trace(with_traces: Any) -> None:
    where, found, store, run = with_traces
    done = take_in(where, run, store)
    assert (done.new, done.traced) == (4, 4)
    case = case_of(store, f"failure-{found['record_id'][traced_run.ENGLISH]}")
    assert case is not None
    assert case.triage is not None
    assert case.triage["said"] == "data-caused"
    first = case.traced[0]
    assert first.record.answer == traced_run.BLUE
    assert first.reasons == ("near-teaches", "pushes")
    behind = {first.record.record_id, *(one.record_id for one in first.copies)}
    assert behind == set(found["record_id"][:2])
    assert behind <= set(case.failure.near)
    assert first.told["gradient"]["rank"] == 1
    assert (first.told["source"], first.told["line"]) == ("<memory>", 2)


def test_who_decided_on_a_traced_record_is_known(with_traces: Any) -> None:
    where, found, store, run = with_traces
    take_in(where, run, store)
    records_ = list(found["record_id"][:2])
    said = [
        Decision(record_id=one, kind="keep", reviewer="Mika", request_id=one) for one in records_
    ]
    store.write(lambda on: decisions.append(store, on, said))
    case = case_of(store, f"failure-{found['record_id'][traced_run.ENGLISH]}")
    assert case is not None
    first = case.traced[0]
    for one in (first.record, *first.copies):
        assert [decision.reviewer for decision in one.decisions] == ["Mika"]


def test_signals_are_kept_for_the_queue(with_traces: Any) -> None:
    where, found, store, run = with_traces
    done = take_in(where, run, store)
    folder = where.path / "signals"
    kept = pl.read_parquet(folder / f"{done.run.run_id}.parquet")
    assert kept["first_id"].to_list() == found["record_id"][:8].to_list()
    traced = pl.read_parquet(folder / f"{done.run.run_id}.traced.parquet")
    assert set(traced["failure_id"]) == set(standing(store))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    take_in(where, run, store)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_run_without_traces_leaves_no_signals(made: Any, tmp_path: Path) -> None:
    where, found, store = made
    take_in(where, run_folder(tmp_path, found, WRONG), store)
    case = case_of(store, f"failure-{found['record_id'][1]}")
    assert case is not None
    assert (case.triage, case.traced) == (None, ())
    assert not (where.path / "signals").exists()


def test_broken_traces_bring_nothing_in(with_traces: Any) -> None:
    where, _, store, run = with_traces
    (run / "traces" / "wrong-2.npy").unlink()
    with pytest.raises(BadSource, match=r"wrong-2\.npy is missing"):
        take_in(where, run, store)
    assert standing(store) == []
    assert not (where.path / "signals").exists()


def test_traces_of_other_data_bring_nothing_in(with_traces: Any) -> None:
    where, _, store, run = with_traces
    told = json.loads((run / "traces" / "trace.json").read_bytes())
    (run / "traces" / "trace.json").write_text(json.dumps(told | {"snapshot": "f" * 32}))
    with pytest.raises(BadSource, match="the traces are of another run"):
        take_in(where, run, store)
    assert standing(store) == []


def test_without_the_snapshot_the_signals_are_kept_and_nothing_is_traced(
    with_traces: Any,
) -> None:
    where, _, store, run = with_traces
    traced_run.approved_of(where).rename(where.path / "elsewhere")
    done = take_in(where, run, store)
    assert (done.new, done.linked, done.traced) == (4, False, 0)
    assert len(pl.read_parquet(where.path / "signals" / f"{done.run.run_id}.parquet")) == 8
