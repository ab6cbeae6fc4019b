"""Signals: what the queue reads, one row for each record, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from curate.trace import signals
from curate.trace.reading import TracedRun
from curate.trace.tracing import traced
from curate.workspace import Workspace


def test_each_record_has_its_signals(run: TracedRun) -> None:
    assert run.traces is not None
    found = signals.of_records(run.traces)
    assert found.columns == ["record_id", "first_id", "swap", "loss", "influence", "opposed"]
    assert found["record_id"].to_list() == run.records["record_id"].to_list()
    assert found["swap"][0] == -1.0
    assert found["loss"].arg_max() == 0  # the highest loss, and all are of one length
    assert found["opposed"].null_count() == 0


def test_what_was_not_measured_is_null_and_not_a_number(run: TracedRun) -> None:
    assert run.traces is not None
    nan = float("nan")
    count = len(run.traces.signals)
    some = run.traces.signals.with_columns(
        parent_id=pl.lit("p" * 32), base_loss=pl.lit(nan, pl.Float32),
        influence=pl.Series([[nan, 4.0], *[[nan, nan]] * (count - 1)], dtype=pl.List(pl.Float32)),
        losses=pl.Series([[], *[[2.0]] * (count - 1)], dtype=pl.List(pl.Float32)),
    )  # fmt: skip
    found = signals.of_records(replace(run.traces, signals=some))
    assert found["first_id"].to_list() == ["p" * 32] * count
    assert found["swap"].to_list() == [None] * count
    assert found["influence"].to_list() == [None] * count  # one alone has no like
    assert found["loss"].to_list() == [None, *[0.0] * (count - 1)]


def test_each_trace_is_kept_with_its_triage(run: TracedRun, tmp_path: Path) -> None:
    assert run.traces is not None
    where, found = Workspace(tmp_path), traced(run)
    signals.keep(where, "a" * 32, run.traces, found)
    rows = pl.read_parquet(tmp_path / "signals" / f"{'a' * 32}.traced.parquet")
    assert rows.schema == pl.Schema(signals.TRACED)
    assert rows["failure_id"].unique().len() == 4
    first = rows.filter(pl.col("failure_id") == run.failures["record_id"][0])
    assert first["rank"].to_list() == list(range(1, len(first) + 1))
    assert set(first["triage"]) == {"data-caused"}
    assert first["caused"][0] == found[0].triage.probabilities["data-caused"]
    kept = pl.read_parquet(tmp_path / "signals" / f"{'a' * 32}.parquet")
    assert len(kept) == 8


def test_the_same_run_gives_the_same_bytes(run: TracedRun, tmp_path: Path) -> None:
    assert run.traces is not None
    for name in ("one", "other"):
        signals.keep(Workspace(tmp_path / name), "a", run.traces, traced(run))
    for file in ("a.parquet", "a.traced.parquet"):
        one, other = (tmp_path / name / "signals" / file for name in ("one", "other"))
        assert one.read_bytes() == other.read_bytes()
    assert {file.name for file in (tmp_path / "one" / "signals").iterdir()} == {
        "a.parquet", "a.traced.parquet",
    }  # fmt: skip
