"""Reading: traces beside the data they were made from, and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from curate.errors import BadSource
from curate.trace.reading import OtherData, TracedRun, opened
from curate.trace.run_folder import named
from curate.workspace import Workspace
from tests.traced_run import RECORDS, approve, approved_of, records, workspace


def test_records_stand_in_the_order_of_their_sketches(run: TracedRun) -> None:
    train = [(asked, said) for split, asked, said in RECORDS if split == "train"]
    assert list(run.records.select("prompt", "answer").iter_rows()) == train
    assert run.traces is not None
    assert run.records["record_id"].to_list() == run.traces.signals["record_id"].to_list()
    assert run.traces.sketches(1).shape[0] == len(train)


def test_order_in_the_snapshot_does_not_matter(copied: Path, run: TracedRun) -> None:
    place = copied / "traced" / "traces"
    table = pl.read_parquet(place / "records.parquet").reverse()
    table.write_parquet(place / "records.parquet")
    turned = opened(copied / "traced", where=Workspace(copied / ".curate"))
    assert turned.records["answer"].to_list() == run.records["answer"].to_list()[::-1]


def test_copies_that_share_an_id_are_matched_one_by_one(copied: Path) -> None:
    """A join that forgets that ids repeat gives four rows for two."""
    where = Workspace(copied / ".curate")
    approved = approved_of(where)
    parts = [pl.read_parquet(approved / f"{s}.parquet") for s in ("train", "dev", "test")]
    twice = parts[0][:1].with_columns(line=pl.lit(99, pl.UInt32))
    again = Workspace(copied / "again")
    place = approve(again, pl.concat([*parts, twice]))
    run = copied / "plain"
    (run / "approved.json").write_bytes((place / "manifest.json").read_bytes())
    traces = copied / "traced" / "traces"
    signals = pl.read_parquet(traces / "records.parquet")
    pl.concat([signals, signals[:1]]).write_parquet(traces / "records.parquet")
    for file in traces.glob("sketches-*.npy"):
        kept = np.load(file)
        np.save(file, np.vstack([kept, kept[:1]]))
    said = json.loads((traces / "trace.json").read_bytes()) | {"snapshot": place.name}
    (traces / "trace.json").write_text(json.dumps(said))
    traces.rename(run / "traces")
    lines = opened(run, where=again).records["line"].to_list()
    assert lines == [*range(1, 9), 99]


def test_a_run_without_traces_is_read_and_says_why(copied: Path, plain: TracedRun) -> None:
    assert plain.traces is None
    assert plain.without == "it was trained without trace.enabled"
    told = {"trace": {"enabled": False, "why": "the recipe says so"}}
    (copied / "plain" / "run.json").write_text(json.dumps(told))
    assert opened(copied / "plain", where=Workspace(copied / ".curate")).without == (
        "the recipe says so"
    )


def test_other_data_is_refused(made: Path, tmp_path: Path) -> None:
    where, report = workspace(tmp_path)
    [other] = where.approved.iterdir()
    other.rename(tmp_path / "gone")
    fewer = approve(where, records(report).filter(pl.col("line") != 8))
    mine = approved_of(Workspace(made / ".curate")).name
    with pytest.raises(OtherData, match=rf"{mine}.*{fewer.name}.*--snapshot"):
        opened(made / "traced", fewer)


def test_data_that_changed_since_is_refused(copied: Path) -> None:
    where = Workspace(copied / ".curate")
    approved = approved_of(where)
    found = pl.read_parquet(approved / "train.parquet")
    edited = found.with_columns(answer=pl.col("answer").str.replace("2013", "2014"))
    edited.write_parquet(approved / "train.parquet")
    with pytest.raises(OtherData, match=rf"train.parquet changed since.*{approved.name}"):
        opened(copied / "traced", where=where)


def test_traces_of_another_run_are_refused(copied: Path) -> None:
    file = copied / "traced" / "traces" / "trace.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"snapshot": "f" * 32}))
    with pytest.raises(OtherData, match=r"trace.json is of the snapshot ffff.*another run"):
        opened(copied / "traced", where=Workspace(copied / ".curate"))


def test_where_the_snapshot_is_not_here_it_is_asked_for(made: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="--snapshot"):
        opened(made / "traced", where=Workspace(tmp_path))
    given = approved_of(Workspace(made / ".curate"))
    assert opened(made / "traced", given).snapshot == given


FILES = (
    "run.json", "approved.json", "failures.parquet", "records.parquet", "traces/trace.json",
    "traces/records.parquet", "traces/failures.parquet", "traces/triage.parquet",
    "traces/sketches-2.npy", "traces/wrong-3.npy",
)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("left", [None, 0, 10], ids=["missing", "empty", "cut"])
def test_what_is_missing_or_cut_is_named(copied: Path, name: str, left: int | None) -> None:
    file = copied / "traced" / name
    whole = file.read_bytes()
    file.unlink()
    if left is not None:
        file.write_bytes(whole[:left])
    with pytest.raises(BadSource, match=name):
        opened(copied / "traced", where=Workspace(copied / ".curate"))


def test_sketches_cut_in_the_middle_are_named(copied: Path) -> None:
    file = copied / "traced" / "traces" / "sketches-1.npy"
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(BadSource, match=r"sketches-1\.npy"):
        opened(copied / "traced", where=Workspace(copied / ".curate"))


def test_what_is_of_another_run_is_named(copied: Path) -> None:
    place, where = copied / "traced" / "traces", Workspace(copied / ".curate")
    np.save(place / "sketches-1.npy", np.zeros((3, 7), np.int8))
    with pytest.raises(BadSource, match=r"sketches-1.npy holds \(3, 7\).*\(8, 256\)"):
        opened(copied / "traced", where=where)


def test_a_failure_that_the_run_does_not_know_is_named(copied: Path) -> None:
    place = copied / "traced" / "traces" / "failures.parquet"
    pl.read_parquet(place).with_columns(record_id=pl.lit("f" * 32)).write_parquet(place)
    with pytest.raises(BadSource, match=r"failures.parquet names ffff"):
        opened(copied / "traced", where=Workspace(copied / ".curate"))


def test_a_record_that_was_not_approved_is_named(copied: Path) -> None:
    place = copied / "traced" / "traces" / "records.parquet"
    found = pl.read_parquet(place)
    strange = pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("e" * 32))
    found.with_columns(record_id=strange.otherwise("record_id")).write_parquet(place)
    with pytest.raises(OtherData, match=r"records.parquet holds eeee"):
        opened(copied / "traced", where=Workspace(copied / ".curate"))


def test_last_is_the_newest_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadSource, match="no run in runs/"):
        named("last")
    for name in ("b", "a"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "run.json").touch()
    os.utime(tmp_path / "runs" / "b" / "run.json", (1, 1))
    assert named("last") == Path("runs/a")
    assert named("runs/b") == Path("runs/b")
