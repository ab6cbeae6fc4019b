"""Runs that were taken in, and what their models failed on; the newest run speaks for a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from curate.store.database import Connection, Store, insert
from curate.store.decision import Decision
from curate.store.decisions import at_once
from curate.store.tables import current, metadata

FAILED = "failure-"  # begins the id under which a failure is decided; that of its record follows
OPENED = "opened-"  # the same for a training record that a reviewer opened because of a failure
AGAIN = "-again-"  # ends such an id where the record was fixed and fails anew; a number follows


def key_of(kind: str, record_id: str, again: int = 0) -> str:
    """The id under which a failure (FAILED) or an opened record (OPENED) is decided.

    After each relapse it is another, so that what was said of the earlier failure answers no later
    one.
    """
    return f"{kind}{record_id}{AGAIN}{again}" if again else f"{kind}{record_id}"


def record_of(key: str) -> str:
    """The record that is meant by such an id."""
    return key.removeprefix(FAILED).removeprefix(OPENED).partition(AGAIN)[0]


def relapses(key: str) -> int:
    """How often the record had been fixed before, by such an id."""
    return int(key.partition(AGAIN)[2] or 0)


def on_failure(record_id: str) -> bool:
    """Whether a decision under this id is about a failure, or a record opened because of one."""
    return record_id.startswith((FAILED, OPENED))


runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("approved", sa.Text, nullable=False),  # id of the snapshot it was trained on
    sa.Column("told", sa.JSON, nullable=False),
    sa.Column("taken_in_at", sa.Float(53), nullable=False),  # seconds since 1970, UTC
)

failures = sa.Table(
    "failures",
    metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("record_id", sa.Text, primary_key=True),
    sa.Column("first_id", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("line", sa.BigInteger, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("near", sa.JSON, nullable=False),  # ids of the training records beside it
    sa.Column("told", sa.JSON, nullable=False),
    sa.Column("gone_in", sa.Text),  # the later run in which the record no longer failed
    sa.Index("failures_of_record", "record_id"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run that was taken in."""

    run_id: str
    name: str  # of its folder
    approved: str
    told: Mapping[str, Any] = field(default_factory=dict)  # model, recipe, counts
    taken_in_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A dev record that a run's model answered wrongly.

    `told` holds prompt, answer, reference, baseline_answer, evidence and the nearest training
    records, whose ids `near` has; `first_id` is the record in the audited data, before any edit.
    """

    run_id: str
    record_id: str
    first_id: str
    source: str
    line: int
    severity: str
    reasons: tuple[str, ...]
    near: tuple[str, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)  # empty where only the queue asks
    gone_in: str | None = None
    again: int = 0  # how often a run before this one had no failure on it any more

    @property
    def key(self) -> str:
        """The id under which the failure is decided."""
        return key_of(FAILED, self.record_id, self.again)


def take_in(store: Store, on: Connection, run: Run, found: Sequence[Failure]) -> int:
    """Write a run and its failures; how many were new. What is there already stays as it was."""
    made = {**_row(run), "taken_in_at": store.now(on)}
    on.execute(insert(on, runs).values(made).on_conflict_do_nothing(index_elements=["run_id"]))
    before = _count(on, run.run_id)
    for some in at_once(found):
        rows = [_kept(one) for one in some]
        on.execute(
            insert(on, failures).on_conflict_do_nothing(index_elements=["run_id", "record_id"]),
            rows,
        )
    return _count(on, run.run_id) - before


def gone(on: Connection, run_id: str, records: Iterable[str]) -> None:
    """Say that these records, failures of runs taken in before, are none in this one."""
    at = sa.select(runs.c.taken_in_at).where(runs.c.run_id == run_id).scalar_subquery()
    earlier = sa.select(runs.c.run_id).where(runs.c.taken_in_at < at)
    for some in at_once(records):
        on.execute(
            sa.update(failures)
            .where(failures.c.record_id.in_(some), failures.c.run_id.in_(earlier))
            .where(failures.c.gone_in.is_(None))
            .values(gone_in=run_id)
        )


def all_runs(on: Connection) -> list[Run]:
    """Every run, the one taken in last in front."""
    asked = sa.select(runs).order_by(runs.c.taken_in_at.desc(), runs.c.run_id)
    return [Run(**row._mapping) for row in on.execute(asked)]


def of_run(on: Connection, run_id: str) -> list[Failure]:
    """The failures of a run, by record."""
    asked = sa.select(failures, _again()).join(runs, runs.c.run_id == failures.c.run_id)
    asked = asked.where(failures.c.run_id == run_id)
    return _read(on, asked.order_by(failures.c.record_id))


def of_record(on: Connection, record_id: str) -> list[Failure]:
    """Every failure on a record, under its own id or that before an edit; the newest in front."""
    same = sa.or_(failures.c.record_id == record_id, failures.c.first_id == record_id)
    asked = sa.select(failures, _again()).join(runs, runs.c.run_id == failures.c.run_id)
    return _read(on, asked.where(same).order_by(runs.c.taken_in_at.desc()))


def standing(on: Connection) -> tuple[Failure, ...]:
    """What waits for review: of each record the newest failure, unless a later run has none.

    Without what is told of each, since the queue asks often.
    """
    light = [each for each in failures.c if each.name != "told"]
    asked = (
        sa.select(*light, _again())
        .join(runs, runs.c.run_id == failures.c.run_id)
        .where(failures.c.gone_in.is_(None))
        .order_by(failures.c.record_id, runs.c.taken_in_at, runs.c.run_id)
    )
    newest = {one.record_id: one for one in _read(on, asked)}
    return tuple(newest.values())


def answers(on: Connection) -> list[Decision]:
    """The verdicts in force on failures, oldest first."""
    asked = sa.select(current).where(current.c.record_id.startswith(FAILED, autoescape=True))
    names = [each for each in Decision.__dataclass_fields__]
    rows = on.execute(asked.order_by(current.c.decided_at, current.c.id)).mappings()
    told = ({name: row[name] for name in names} for row in rows)
    return [Decision(**{**row, "findings": tuple(row["findings"])}) for row in told]


def _count(on: Connection, run_id: str) -> int:
    asked = sa.select(sa.func.count()).where(failures.c.run_id == run_id)
    return on.scalar(asked) or 0


def _again() -> sa.Label[int]:
    """How often a record had been fixed when its failure came in, beside `failures` and `runs`."""
    before, fixing = failures.alias(), runs.alias()
    fixed = (
        sa.select(sa.func.count(before.c.gone_in.distinct()))
        .join(fixing, fixing.c.run_id == before.c.gone_in)
        .where(before.c.record_id == failures.c.record_id)
        .where(fixing.c.taken_in_at < runs.c.taken_in_at)
    )
    return fixed.correlate(failures, runs).scalar_subquery().label("again")


def _row(one: Run | Failure) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__dataclass_fields__}


def _kept(one: Failure) -> dict[str, Any]:
    row = {**_row(one), "reasons": [*one.reasons], "near": [*one.near]}
    return {name: row[name] for name in failures.c.keys()}  # noqa: SIM118


def _read(on: Connection, asked: sa.Select[Any]) -> list[Failure]:
    rows = on.execute(asked).mappings()
    return [
        Failure(**{**row, "reasons": tuple(row["reasons"]), "near": tuple(row["near"])})
        for row in rows
    ]
