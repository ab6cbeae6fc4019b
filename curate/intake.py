"""Intake: the failures of a run, into the review queue, each beside what may have taught it.

Where the run kept traces, each failure comes with what it was traced to, and the signals of all
records are kept for the order of the queue.

Answers that somebody sent from `train chat` come in with them, or alone while the talk goes on.

Taken in twice it counts once. A failure of an earlier run whose record no longer fails leaves the
queue. Only dev records come in: a failure on a test record is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from curate.errors import BadSource
from curate.record import with_prompt
from curate.review.nearest import Near, nearest
from curate.sent import sent
from curate.store import failures as kept
from curate.store.database import Connection, Store, open_store
from curate.store.failures import Failure, Run
from curate.trace import reading, signals
from curate.trace.run_folder import opened, part_of, run_id
from curate.trace.told import behind
from curate.trace.tracing import Traced, traced
from curate.trace.triage import DATA_CAUSED
from curate.workspace import Workspace

MOST = 200  # failures taken in from one run, the worst ones
NEIGHBOURS = 5  # training records beside each, by prompt and by answer
TOLD = ("name", "model", "recipe", "method", "started", "seconds")
"""What of run.json is kept, where it is there."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What was taken in."""

    run: Run
    new: int
    known: int
    gone: int  # failures of earlier runs that are none any more
    left: int  # beyond MOST
    linked: bool  # whether the training records were there to be searched
    traced: int = 0  # failures with a trace
    caused: int = 0  # of those, the ones that data most likely caused
    sent: int = 0  # answers sent from a chat, new
    sent_before: int = 0


def take_in(
    where: Workspace,
    folder: Path,
    store: Store | None = None,
    most: int = MOST,
    neighbours: int = NEIGHBOURS,
) -> Intake:
    """Put a run's failures into the queue of a workspace; BadSource where it is no run."""
    told, failing, answered = opened(folder)
    approved = str(told["approved"])
    refuse_test(failing, answered, where.approved / approved)
    chosen = failing.head(most)
    train = training_records(where.approved / approved)
    run = run_of(folder, told)
    near = neighbours_of(chosen, train, neighbours)
    traces = traces_of(folder, failing)
    ways = [] if traces is None or train is None else ways_back(folder, where, len(chosen))
    found = [
        failure(run, row, near[n], ways[n] if ways else None)
        for n, row in enumerate(chosen.iter_rows(named=True))
    ]
    said = sent_failures(run, folder, train, neighbours)
    store = store or open_store(where)

    def work(on: Connection) -> tuple[int, int, int]:
        new = kept.take_in(store, on, run, found)
        called = kept.take_in(store, on, run, said)
        before = len(kept.standing(on))
        kept.gone(on, run.run_id, passed(answered, failing))
        return new, called, before - len(kept.standing(on))

    new, called, gone = store.write(work)
    if traces is not None:
        signals.keep(where, run.run_id, traces, ways)
    left = len(failing) - len(chosen)
    caused = sum(way.triage.said == DATA_CAUSED for way in ways)
    return Intake(
        run, new, len(found) - new, gone, left, train is not None, len(ways), caused,
        called, len(said) - called,
    )  # fmt: skip


def take_in_sent(
    where: Workspace, folder: Path, store: Store | None = None, neighbours: int = NEIGHBOURS
) -> int:
    """Put what was sent from chats with a run into the queue, and nothing else; how many are new.

    So that it takes no time: whoever sends one is still talking.
    """
    told, _, _ = opened(folder)
    run, train = run_of(folder, told), training_records(where.approved / str(told["approved"]))
    said = sent_failures(run, folder, train, neighbours)
    store = store or open_store(where)
    return store.write(lambda on: kept.take_in(store, on, run, said))


def run_of(folder: Path, told: Mapping[str, Any]) -> Run:
    """The run as the store keeps it."""
    about = {name: told[name] for name in TOLD if name in told}
    return Run(run_id(folder), folder.name, str(told["approved"]), about)


def sent_failures(
    run: Run, folder: Path, train: pl.DataFrame | None, neighbours: int
) -> list[Failure]:
    """What was sent from chats with a run, each beside the training records like it."""
    said = sent(folder)
    near = neighbours_of(said, train, neighbours)
    return [failure(run, row, near[n]) for n, row in enumerate(said.iter_rows(named=True))]


def traces_of(folder: Path, failing: pl.DataFrame) -> reading.Traces | None:
    """The traces of a run, where it kept any; BadSource where they are broken."""
    kept_any = (folder / reading.FOLDER).is_dir()
    return reading.traces_of(folder, failing) if kept_any else None


def ways_back(folder: Path, where: Workspace, most: int) -> list[Traced]:
    """The worst failures of a run, each with the records behind it."""
    return traced(reading.opened(folder, where=where), range(1, most + 1))


def refuse_test(failing: pl.DataFrame, answered: pl.DataFrame, approved: Path) -> None:
    """BadSource where a failure is on anything but a dev record, by the run or by the data."""
    splits = dict(answered.select("record_id", "split").iter_rows())
    tests = set(part_of(approved, "test", ["record_id"])["record_id"])
    for record_id in failing["record_id"]:
        split = "test" if record_id in tests else splits.get(record_id)
        if split != "dev":
            raise BadSource(
                f"failure on {record_id}, a record of {split or 'no split'}: only dev records come "
                "back to review; test records stay the yardstick"
            )


def training_records(approved: Path) -> pl.DataFrame | None:
    """What the run was trained on; None where the approved snapshot lies elsewhere."""
    if not (approved / "manifest.json").is_file():
        return None
    columns = ["record_id", "parent_id", "instruction", "input", "answer"]
    return with_prompt(part_of(approved, "train", columns))


def neighbours_of(
    failing: pl.DataFrame, train: pl.DataFrame | None, k: int
) -> list[dict[str, list[dict[str, Any]]]]:
    """For each failure the training records most like its prompt, and most like its answer."""
    if train is None or not k:
        return [{} for _ in range(len(failing))]
    by_prompt = nearest(texts(failing, "prompt"), texts(train, "prompt"), k)
    by_answer = nearest(texts(failing, "answer"), texts(train, "answer"), k)
    return [
        {"prompt": linked(train, prompts), "answer": linked(train, answers)}
        for prompts, answers in zip(by_prompt, by_answer, strict=True)
    ]


def texts(frame: pl.DataFrame, column: str) -> list[str]:
    """A column's texts; null is the empty one."""
    return list(frame[column].fill_null(""))


def linked(train: pl.DataFrame, near: Sequence[Near]) -> list[dict[str, Any]]:
    """Neighbours as they are kept: ids, texts and how like."""
    told = []
    for one in near:
        row = train.row(one.number, named=True)
        told.append({
            "record_id": row["record_id"],
            "first_id": row["parent_id"] or row["record_id"],
            "prompt": row["prompt"],
            "answer": row["answer"],
            "score": round(one.score, 4),
        })  # fmt: skip
    return told


def failure(
    run: Run, row: Mapping[str, Any], near: Mapping[str, Any], way: Traced | None = None
) -> Failure:
    """One failure as the store keeps it; `near` and the way back name training records."""
    told = {name: row[name] for name in ("prompt", "answer", "reference", "baseline_answer")}
    ids = {one["first_id"] for side in near.values() for one in side}
    if way is not None:
        told["trace"] = behind(way)
        ids |= {each["first_id"] for one in way.suspects for each in (one.record, *one.copies)}
    return Failure(
        run.run_id, row["record_id"], row["parent_id"] or row["record_id"], row["source"],
        row["line"], row["severity"], tuple(row["reasons"]), tuple(sorted(ids)),
        {**told, "evidence": json.loads(row["evidence"]), "near": near},
    )  # fmt: skip


def passed(answered: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
    """The dev records that do not fail, also by the id they had before an edit."""
    dev = answered.filter(
        (pl.col("split") == "dev") & ~pl.col("record_id").is_in(failing["record_id"].implode())
    )
    return [*dev["record_id"], *dev["parent_id"].drop_nulls()]
