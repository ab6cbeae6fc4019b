"""Signals: what training showed of each record, kept in the workspace for the queue's order."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from curate.publish import write_whole
from curate.trace.reading import Traces
from curate.trace.tracing import Traced
from curate.workspace import Workspace

FOLDER = "signals"
TRACED = {
    "failure_id": pl.String,
    "rank": pl.Int64,
    "record_id": pl.String,
    "first_id": pl.String,
    "score": pl.Float64,
    "triage": pl.String,
    "probability": pl.Float64,
}


def keep(where: Workspace, run_id: str, traces: Traces, found: Sequence[Traced]) -> None:
    """Write both files of a run, each whole or not at all; the same run gives the same bytes."""
    folder = where.path / FOLDER
    write(folder / f"{run_id}.traced.parquet", traced(found))
    write(folder / f"{run_id}.parquet", of_records(traces.signals))


def of_records(signals: pl.DataFrame) -> pl.DataFrame:
    """One row for each trained record; null where a signal was not measured.

    first_id is its id in the audited data, before any edit.
    """
    return signals.select(
        "record_id",
        first_id=pl.coalesce("parent_id", "record_id"),
        mean_loss=mean("losses"),
        margin=mean("margins"),
        influence=mean("influence"),
        ifd_delta=(pl.col("unconditional_loss") - pl.col("base_loss")).fill_nan(None).cast(float),
    )


def mean(column: str) -> pl.Expr:
    """Over what was measured; null where nothing was."""
    known = pl.col(column).list.eval(pl.element().fill_nan(None).drop_nulls())
    return known.list.mean().cast(pl.Float64)


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
            "probability": one.triage.probability,
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
