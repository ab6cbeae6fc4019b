"""Signals: numbers about each record that say how suspicious it is, for the queue order `best`.

What the audit knows is there always. What a run leaves of its training records is there once it
was taken in; of the runs whose data was approved from this snapshot the one taken in last speaks,
so the signals of a small model may order the queue of a larger one. A signal that nobody measured
of a record is null, which is not the same as low.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from curate.errors import BadSource
from curate.review.best import SIGNALS
from curate.store.failures import FAILED, Run
from curate.workspace import Workspace

FEWEST = 5  # failures that data caused, below which what they were traced to may be chance
FOREMOST = 3  # records behind each such failure that have a reserved place
VOTING = 5  # records behind each that count
LIKELY = 0.5  # chance that data caused a failure, below which no place is reserved
DATA_CAUSED = "data-caused"
FOLDER = "signals"  # of the workspace
OF_RUN = ("loss", "influence", "opposed", "swap")
TRACED = ("failure_id", "rank", "record_id", "first_id", "triage", "caused", "pushes")


@dataclass(frozen=True)
class Signals:
    """All records of a snapshot, by id, with what is known of them."""

    frame: pl.DataFrame  # record_id, source, line, letters (wide ones twice) and the signals
    run: Run | None = None  # whose signals are among them
    reserved: tuple[str, ...] = ()  # records behind failures that data caused, the foremost first
    failing: Mapping[str, float] = field(default_factory=dict)  # key -> chance that data caused it

    @property
    def lacking(self) -> list[str]:
        """Signals that are not known of any record."""
        return [name for name in SIGNALS if self.frame[name].null_count() == len(self.frame)]


def with_run(audited: Signals, where: Workspace, run: Run | None) -> Signals:
    """The same with what a run has left of its training records."""
    if run is None:
        return audited
    ids = audited.frame["record_id"]
    trained = by_record(read(signals_file(where, run), ("record_id", "first_id", *OF_RUN)), ids)
    measured = trained.group_by("id").agg(pl.col(OF_RUN).mean())
    traced_file = signals_file(where, run).with_suffix(".traced.parquet")
    told = read(traced_file, TRACED) if traced_file.exists() else None
    traced = None if told is None else by_record(told, ids)
    frame = audited.frame.drop(*OF_RUN, "attribution").join(
        measured, left_on="record_id", right_on="id", how="left", maintain_order="left"
    )
    if told is None or traced is None:
        return Signals(frame.with_columns(attribution=pl.lit(None, pl.Float64)), run)
    caused = traced.filter(pl.col("triage") == DATA_CAUSED)
    in_training = pl.col("record_id").is_in(trained["id"].implode())
    votes = attribution(traced)
    voted = pl.col("record_id").replace_strict(votes, default=0.0, return_dtype=pl.Float64)
    enough = caused["failure_id"].n_unique() >= FEWEST
    known = pl.when(in_training).then(voted) if enough else pl.lit(None, pl.Float64)
    failing = {
        f"{FAILED}{one}": chance for one, chance in told.select("failure_id", "caused").rows()
    }
    return Signals(frame.with_columns(attribution=known), run, foremost(caused), failing)


def attribution(traced: pl.DataFrame) -> dict[str, float]:
    """How often failures lead to a record, each by the chance that data caused it, and by rank.

    A record whose gradient does not push toward the wrong answer has no vote.
    """
    vote = pl.col("caused") / pl.col("rank")
    counted = traced.filter(pl.col("rank") <= VOTING, "pushes").group_by("id").agg(vote.sum())
    return dict(counted.iter_rows())


def foremost(caused: pl.DataFrame) -> tuple[str, ...]:
    """The first record behind every failure, surest failures first, then the second of each."""
    likely = pl.col("caused") >= LIKELY
    chosen = caused.filter(likely, pl.col("rank") <= FOREMOST, "pushes").sort(
        "rank", "caused", "failure_id", descending=[False, True, False]
    )
    return tuple(dict.fromkeys(chosen["id"]))


def by_record(told: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """With `id`, the record of the audited data: the same one, or that before an edit."""
    known = pl.col("record_id").is_in(ids.implode())
    found = told.with_columns(id=pl.when(known).then("record_id").otherwise("first_id"))
    return found.filter(pl.col("id").is_in(ids.implode()))


def speaking(where: Workspace, snapshot: str, runs: Sequence[Run]) -> Run | None:
    """The newest of the runs, which is in front, that left signals and was trained on this data."""
    for run in runs:
        if signals_file(where, run).is_file() and snapshot in lineage(where, run.approved):
            return run
    return None


def lineage(where: Workspace, approved: str) -> Iterator[str]:
    """The snapshots that an approved one was made from, the nearest first."""
    above = parent(where.approved / approved)
    while above is not None:
        yield above
        above = parent(where.snapshots / above)


def parent(folder: Path) -> str | None:
    """The snapshot that this one was made from, where it is known here."""
    file = folder / "manifest.json"
    told = json.loads(file.read_bytes()).get("parent") if file.is_file() else None
    return None if told is None else str(told)


def signals_file(where: Workspace, run: Run) -> Path:
    """Where `curate intake` keeps what a run measured."""
    return where.path / FOLDER / f"{run.run_id}.parquet"


def read(file: Path, columns: Sequence[str]) -> pl.DataFrame:
    """Some columns of a file; BadSource where it is not what intake writes."""
    again = "take the run in again: curate intake RUN"
    try:
        return pl.read_parquet(file, columns=list(columns))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BadSource(f"{file}: {str(error).splitlines()[0]}; {again}") from error
