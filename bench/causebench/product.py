"""Product: what the benchmark measures, called as the commands call it.

A world is audited, trained from an approved snapshot, its failures traced and taken into the
review queue, and the queue is read in the order `best` by a reviewer who always knows better.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bench.causebench.approval import record_id
from bench.causebench.world import World
from curate.audit import audit
from curate.intake import take_in
from curate.review import Review, open_review
from curate.review.best import ranks
from curate.review.queue import BEST
from curate.store import decisions
from curate.store.decision import Decision
from curate.trace import evidence, reading, tracing, triage
from curate.trace.fusing import best as highest
from curate.workspace import Workspace

REVIEWER = "oracle"
PORTION = 50  # decisions from one look at the queue to the next, as often as weights are fitted


def audited(world: World, place: Path) -> Workspace:
    """A workspace in which the training records are audited."""
    where = Workspace(place / ".curate")
    if where.latest_audit() is None:
        place.mkdir(parents=True, exist_ok=True)
        source = place / "world.jsonl"
        lines = (
            json.dumps({"instruction": row.prompt, "output": row.answer}, ensure_ascii=False)
            for row in world.train
        )
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        audit(source, workspace=where.path, workers=1)
    return where


def snapshot(where: Workspace) -> str:
    """The id of what was audited."""
    return open_review(where).report.snapshot.id


@dataclass(frozen=True)
class Traces:
    """What `curate trace` says of a run; failures are rows, records are places of the world."""

    features: Any  # of triage, failures x triage.FEATURES
    probabilities: list[dict[str, float]]
    said: list[str]
    orders: list[list[int]]
    """The product's order of records, copies of one finding behind the first of them."""
    shown: list[list[int]]
    """The first of them: what is on the screen beside the failure."""
    places: list[int]
    """Of each record of the run, its place in the world."""
    cosines: Any
    run: reading.TracedRun
    evidence: evidence.Evidence


def traces(world: World, run: Path, snapshot: Path) -> Traces:
    """Trace every failure of a run."""
    opened = reading.opened(run, snapshot)
    places = {record_id(row): place for place, row in enumerate(world.train)}
    ids = opened.records["record_id"].to_list()
    at = [places[one] for one in ids]
    found = evidence.gathered(opened, opened.failures)
    told = tracing.traced(opened)
    both = ordered(found.both, ids, at)
    seen = [list(dict.fromkeys(shown(one, places))) for one in told]
    return Traces(
        triage.features(opened, opened.failures, found),
        [dict(one.triage.probabilities) for one in told],
        [one.triage.said for one in told],
        [list(dict.fromkeys([*first, *rest])) for first, rest in zip(seen, both, strict=True)],
        seen,
        at,
        found.gradient,
        opened,
        found,
    )  # fmt: skip


def shown(one: tracing.Traced, places: dict[str, int]) -> Iterator[int]:
    """The records that a trace shows, as they come."""
    for suspect in one.suspects:
        yield from (places[each["record_id"]] for each in (suspect.record, *suspect.copies))


def ordered(scores: Any, ids: Sequence[str], at: Sequence[int]) -> list[list[int]]:
    """For each failure the places of the records, the highest score first."""
    return [[at[n] for n in highest(row, ids, len(ids))] for row in scores]


def queue(world: World, where: Workspace) -> tuple[list[int], pl.DataFrame]:
    """The order `best` before anybody has decided, and the ranks of every signal, by place."""
    review = open_review(where)
    places = {record_id(row): place for place, row in enumerate(world.train)}
    signals = review.best().signals.frame
    placed = ranks(signals).with_columns(
        place=pl.Series([places[one] for one in signals["record_id"]])
    )
    order = [places[one] for item in review.alone() for one in item.members]
    return order, placed.sort("place").drop("place")


def read(world: World, where: Workspace, wanted: int) -> list[int]:
    """Read so many records in the order `best`, as the queue gives them, and repair what is bad.

    Records drawn at random are among them, and weights are fitted after every fifty decisions. A
    failure is not counted as a record that is read, each record of a cluster is.
    """
    review = open_review(where)
    places = {record_id(row): place for place, row in enumerate(world.train)}
    done: list[int] = []
    while len(done) < wanted:
        portion = list(next_records(review, places, set(done), min(PORTION, wanted - len(done))))
        if not portion:
            break
        decide(review, world, portion)
        done += [place for place, _ in portion]
    return done[:wanted]


def next_records(
    review: Review, places: dict[str, int], done: set[int], most: int
) -> Iterator[tuple[int, str]]:
    """The next undecided records of the queue, and the order that each came by."""
    for item in review.queue(BEST):
        for one in item.members:
            place = places.get(one)
            if place is not None and place not in done and most > 0:
                done.add(place)
                most -= 1
                yield place, item.ordered_by


def decide(review: Review, world: World, portion: Sequence[tuple[int, str]]) -> None:
    """Put in right what is wrong, and keep what is right."""
    made = []
    for place, by in portion:
        row = world.train[place]
        change = {"changes": {"answer": {"old": row.answer, "new": row.right}}}
        bad = bool(row.fault)
        made.append(
            Decision(
                record_id=record_id(row), kind="edit" if bad else "keep", reviewer=REVIEWER,
                request_id=f"causebench-{place}", payload=change if bad else {}, ordered_by=by,
            )
        )  # fmt: skip
    review.store.write(lambda on: decisions.append(review.store, on, made))


def taken_in(where: Workspace, run: Path) -> None:
    """Put the failures of a run into the queue, with its signals; again changes nothing."""
    take_in(where, run)
