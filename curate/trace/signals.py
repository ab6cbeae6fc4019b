"""Signals: what training showed of each record, kept in the workspace for the queue's order."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from curate.publish import write_whole
from curate.trace import pulls, usual
from curate.trace.reading import Traces
from curate.trace.tracing import Traced
from curate.trace.triage import DATA_CAUSED
from curate.workspace import Workspace

FOLDER = "signals"
TRACED = {
    "failure_id": pl.String,
    "rank": pl.Int64,
    "record_id": pl.String,
    "first_id": pl.String,
    "score": pl.Float64,
    "triage": pl.String,
    "caused": pl.Float64,
    "pushes": pl.Boolean,
}


def keep(where: Workspace, run_id: str, traces: Traces, found: Sequence[Traced]) -> None:
    """Write both files of a run, each whole or not at all; the same run gives the same bytes."""
    folder = where.path / FOLDER
    write(folder / f"{run_id}.traced.parquet", traced(found))
    write(folder / f"{run_id}.parquet", of_records(traces))


def of_records(traces: Traces) -> pl.DataFrame:
    """One row for each trained record; null where a signal was not measured.

    first_id is its id in the audited data, before any edit.
    """
    kind = usual.kinds(traces.signals)
    beside = {
        name: usual.beyond(traces.signals.select(mean(column)).to_series().to_numpy(), kind)
        for name, column in (("loss", "losses"), ("influence", "influence"))
    }
    measured = {**beside, "opposed": pulls.opposed(traces)}
    return traces.signals.select(
        "record_id",
        first_id=pl.coalesce("parent_id", "record_id"),
        swap=(pl.col("base_loss") - pl.col("unconditional_loss")).fill_nan(None).cast(float),
    ).with_columns(pl.Series(name, values, nan_to_null=True) for name, values in measured.items())


def mean(column: str) -> pl.Expr:
    """Over what was measured; NaN where nothing was."""
    known = pl.col(column).list.eval(pl.element().fill_nan(None).drop_nulls())
    return known.list.mean().cast(pl.Float64).fill_null(float("nan"))


def traced(found: Sequence[Traced]) -> pl.DataFrame:
    """One row for each record that a failure was traced to."""
    rows = [
        {
            "failure_id": one.failure["record_id"],
            "rank": each.rank,
            "record_id": each.record["record_id"],
            "first_id": each.record["first_id"],
            "score": each.score,
            "triage": one.triage.said,
            "caused": one.triage.probabilities[DATA_CAUSED],
            "pushes": each.pushes or not one.captured,
        }
        for one in found
        for each in one.suspects
    ]
    return pl.DataFrame(rows, schema=TRACED)


def write(file: Path, frame: pl.DataFrame) -> None:
    """One table."""
    out = io.BytesIO()
    frame.write_parquet(out)
    write_whole(file, out.getvalue())
