"""Intake: failures come in once, never those of test records, and leave when a run has none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.errors import BadSource
from curate.intake import take_in
from curate.review.failing import case_of
from curate.store import failures as kept
from curate.store.database import Store, open_store
from curate.workspace import Workspace
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
