"""Reading: a run's traces beside the data it was trained on, strictly.

A trace is only true of the records it was made from. So a snapshot that is not the run's, or that
has changed since, is refused, and so is a folder `traces/` in which something is missing, cut short
or of another run. A run that kept no traces is read without them, and says why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.errors import BadSource
from curate.export import manifest as manifests
from curate.record import with_prompt
from curate.trace import run_folder
from curate.workspace import Workspace

FORMAT = "curate-trace/1"
FOLDER = "traces"
TEXTS = ("record_id", "parent_id", "source", "line", "instruction", "input", "answer")
TABLES = {
    "records.parquet": {
        "record_id", "parent_id", "tokens", "losses", "margins", "base_loss", "unconditional_loss",
        "influence",
    },
    "failures.parquet": {"record_id"},
    "triage.parquet": {
        "record_id", "paraphrases", "answers", "sampled", "base_answer", "base_right",
        "wrong_loss", "reference_loss",
    },
}  # fmt: skip
"""Tables of the folder, and the columns that each must have."""

Sketches = npt.NDArray[np.int8]


class OtherData(BadSource):
    """A trace is held against data that the run was not trained on."""


@dataclass(frozen=True)
class Traces:
    """What a run kept while it trained. Rows of sketches are rows of `signals` and of `failing`."""

    folder: Path
    told: Mapping[str, Any]  # trace.json
    signals: pl.DataFrame  # one row for each trained record
    failing: Sequence[str]  # ids of the failures that were asked about
    asked: pl.DataFrame  # what the model said when it was asked again, one row for each of them

    @property
    def checkpoints(self) -> list[int]:
        """Their numbers."""
        return [one["number"] for one in self.told["checkpoints"]]

    def sketches(self, checkpoint: int) -> Sketches:
        """The gradients of all records; read as far as it is looked at."""
        return sketches(self.folder / f"sketches-{checkpoint}.npy", self._shape(self.signals))

    def wrong(self, checkpoint: int) -> Sketches:
        """The gradients of the wrong answers."""
        return sketches(self.folder / f"wrong-{checkpoint}.npy", self._shape(self.failing))

    def _shape(self, rows: pl.DataFrame | Sequence[str]) -> tuple[int, int]:
        return len(rows), int(self.told["dimension"])


@dataclass(frozen=True)
class TracedRun:
    """A run, what it failed on, the records it was trained on, and its traces where it has any."""

    folder: Path
    told: Mapping[str, Any]  # run.json
    snapshot: Path
    failures: pl.DataFrame
    records: pl.DataFrame  # record_id, first_id, source, line, prompt, answer
    traces: Traces | None
    without: str | None = None  # why there are no traces

    @property
    def name(self) -> str:
        """Of its folder."""
        return self.folder.name


def opened(folder: Path, snapshot: Path | None = None, where: Workspace | None = None) -> TracedRun:
    """A run beside the data it was trained on: the snapshot given, else the workspace's own.

    OtherData where that is not the run's data; BadSource where something is missing or broken.
    """
    told, failing, _ = run_folder.opened(folder)
    approved = snapshot or snapshot_of(folder, where)
    refuse_other(folder, approved)
    train = run_folder.part_of(approved, "train", TEXTS)
    traces = traces_of(folder, failing) if (folder / FOLDER).is_dir() else None
    records = train if traces is None else matched(train, traces, approved)
    shown = with_prompt(records).select(
        "record_id", "source", "line",
        pl.col("prompt", "answer").fill_null(""),
        first_id=pl.coalesce("parent_id", "record_id"),
    )  # fmt: skip
    without = None if traces else why_without(told)
    return TracedRun(folder, told, approved, failing, shown, traces, without)


def snapshot_of(folder: Path, where: Workspace | None) -> Path:
    """The approved snapshot of a workspace that a run was trained on."""
    trained = approved_by(folder)
    for name in (trained["id"], trained.get("approved")):
        here = where.approved / str(name) if where else None
        if here is not None and manifests.is_approved(here):
            return here
    raise BadSource(
        f"{folder} was trained on the approved snapshot {trained['id']}, which is not in "
        f"{where.path if where else 'any workspace'}; name its folder with --snapshot"
    )


def approved_by(folder: Path) -> dict[str, Any]:
    """The manifest that a run copied from its snapshot."""
    found: dict[str, Any] = json.loads((folder / "approved.json").read_bytes())
    return found


def refuse_other(folder: Path, approved: Path) -> None:
    """OtherData unless the snapshot's bytes are those that the run was trained on."""
    trained, given = approved_by(folder), manifests.read(approved)
    file = folder / FOLDER / "trace.json"
    kept = said_in(file)["snapshot"] if file.is_file() else trained["id"]
    if kept != trained["id"]:
        raise OtherData(
            f"{file} is of the snapshot {kept}, and the run in {folder} was trained on "
            f"{trained['id']}: the traces are of another run; take this run's own folder"
        )
    if given["id"] not in (trained["id"], trained.get("approved")):
        raise OtherData(
            f"{folder} was trained on the approved snapshot {trained['id']}, and {approved} is "
            f"{given['id']}: what was traced in one says nothing of the other; name the folder of "
            f"{trained['id']} with --snapshot"
        )
    if changed := manifests.altered(approved):
        raise OtherData(
            f"{approved} is no longer what the run in {folder} was trained on: "
            f"{', '.join(changed)} changed since, or went missing; the run needs {given['id']} as "
            "it was: take an unchanged copy of it, or export and train again"
        )


def traces_of(folder: Path, failures: pl.DataFrame) -> Traces:
    """The traces of a run; BadSource names the file that is missing, cut short or of another."""
    place = folder / FOLDER
    told = said_in(place / "trace.json")
    tables = {name: table(place / name, columns) for name, columns in TABLES.items()}
    failing = tables["failures.parquet"]["record_id"].to_list()
    known = set(failures["record_id"])
    if strange := [one for one in failing if one not in known]:
        raise BadSource(
            f"{place / 'failures.parquet'} names {strange[0]}, which did not fail in {folder}: the "
            "traces are of another run; take this run's own folder"
        )
    asked = tables["triage.parquet"]
    found = Traces(place, told, tables["records.parquet"], failing, asked)
    for checkpoint in found.checkpoints:
        found.sketches(checkpoint)
        found.wrong(checkpoint)
    return found


def matched(train: pl.DataFrame, traces: Traces, approved: Path) -> pl.DataFrame:
    """The snapshot's texts in the order of the traces; of copies, which share an id, each once."""
    nth = pl.int_range(pl.len()).over("record_id").alias("nth")
    wanted = traces.signals.select("record_id", nth)
    known = train.with_columns(nth)
    found = wanted.join(known, on=["record_id", "nth"], how="left", maintain_order="left")
    strange = found.filter(pl.col("source").is_null())["record_id"]
    if len(strange):
        raise OtherData(
            f"{traces.folder / 'records.parquet'} holds {strange[0]}"
            f"{f' and {len(strange) - 1} more' if len(strange) > 1 else ''}, which {approved} does "
            "not train on: the traces are of another run; take this run's own folder"
        )
    return found.drop("nth")


def said_in(file: Path) -> dict[str, Any]:
    """trace.json; BadSource where it is missing or of another format."""
    if not file.is_file():
        raise BadSource(f"{file} is missing; train run writes it, and all of the folder with it")
    try:
        told = json.loads(file.read_bytes())
    except ValueError as error:
        raise BadSource(f"{file} is cut short or no JSON: {error}; copy the run again") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BadSource(f"{file} is no {FORMAT}; trace it with the version that trained it")
    for name in ("snapshot", "dimension", "checkpoints"):
        if name not in told:
            raise BadSource(f"{file} does not say {name}; copy the run again")
    return told


def table(file: Path, columns: set[str]) -> pl.DataFrame:
    """One table; BadSource where it is missing, cut short, or has other columns."""
    if not file.is_file():
        raise BadSource(f"{file} is missing; train run writes it, and all of the folder with it")
    try:
        found = pl.read_parquet(file)
    except pl.exceptions.PolarsError as error:
        raise BadSource(f"{file} is cut short or no Parquet: {error}; copy the run again") from None
    if lacking := sorted(columns - set(found.columns)):
        raise BadSource(f"{file} has no {', '.join(lacking)}; copy the run again")
    return found


def sketches(file: Path, shape: tuple[int, int]) -> Sketches:
    """One array of sketches, not read yet; BadSource where it is not of this shape."""
    if not file.is_file():
        raise BadSource(f"{file} is missing; train run writes it, and all of the folder with it")
    try:
        found: Sketches = np.load(file, mmap_mode="r" if shape[0] else None, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise BadSource(f"{file} is cut short or no array: {error}; copy the run again") from None
    if found.shape != shape or found.dtype != np.int8:
        raise BadSource(
            f"{file} holds {found.shape} of {found.dtype}, and {shape} of int8 belong there: it is "
            "of another run, or cut short; copy the run again"
        )
    return found


def why_without(told: Mapping[str, Any]) -> str:
    """Why a run has no traces, as far as run.json says."""
    said = told.get("trace")
    reason = said.get("why") if isinstance(said, dict) else said
    return str(reason) if reason else "it was trained without trace.enabled"
