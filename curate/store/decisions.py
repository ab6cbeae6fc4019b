"""The log of decisions: append, undo, read. Nothing in it is ever changed or removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from curate.store.database import Connection, Store, insert
from curate.store.decision import Decision, well_formed
from curate.store.refusals import Refused
from curate.store.tables import current, decisions

AT_ONCE = 500  # values in one statement; SQLite takes at most 32,766
APPENDING = 0x6375_7262  # PostgreSQL's advisory lock while the log grows
TICK = 1e-6  # seconds; keeps a record's decisions in order when a clock is set back
T = TypeVar("T")
OWN = [each.name for each in fields(Decision)]


def append(store: Store, on: Connection, new: Sequence[Decision]) -> list[Decision]:
    """Write decisions and give them back with id and time; one that is there stays as it was."""
    if (
        on.dialect.name == "postgresql"
    ):  # numbers are then seen in order, so the log can be followed
        on.execute(sa.select(sa.func.pg_advisory_xact_lock(APPENDING)))
    moment = store.now(on)
    written = []
    for some in at_once(map(well_formed, new)):
        last = _last_times(on, {one.record_id for one in some})
        rows = []
        for one in some:
            after = last.get(one.record_id, 0.0) + TICK
            last[one.record_id] = at = one.decided_at or round(max(moment, after), 6)
            rows.append(_row(replace(one, decided_at=at)))
        on.execute(
            insert(on, decisions).on_conflict_do_nothing(index_elements=["request_id"]), rows
        )
        written += list(by_request(on, [one.request_id for one in some]).values())
    return written


def undo(
    store: Store, on: Connection, ids: Iterable[int], reviewer: str, reason: str | None = None
) -> list[Decision]:
    """Take decisions back by new entries; those that are undone already stay so.

    Refused where there is no such decision, or where it is itself an undo.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = {one.id: one for one in by_id(on, wanted)}
    for number in wanted:
        if number not in found:
            raise Refused(
                says="there is no decision {number}; curate log RECORD lists them", number=number
            )
        if found[number].kind == "undo":
            raise Refused(says="decision {number} is an undo; decide again instead", number=number)
    act = (
        f"undo {wanted[0]}" if len(wanted) == 1 else f"undo {wanted[0]} and {len(wanted) - 1} more"
    )
    entries = [
        Decision(
            record_id=found[number].record_id,
            kind="undo",
            reviewer=reviewer,
            request_id=f"undo {found[number].request_id}",  # undone twice is undone once
            reason=reason,
            act=act,
            undoes=number,
        )
        for number in wanted
    ]
    return append(store, on, entries)


def by_id(on: Connection, ids: Sequence[int]) -> list[Decision]:
    """The decisions of these numbers that there are, in order."""
    found: list[Decision] = []
    for some in at_once(ids):
        found += _read(on, sa.select(decisions).where(decisions.c.id.in_(some)))
    return sorted(found, key=lambda one: one.id or 0)


def by_request(on: Connection, requests: Sequence[str]) -> dict[str, Decision]:
    """What was recorded under these request ids, in the order asked for."""
    found: dict[str, Decision] = {}
    for some in at_once(requests):
        rows = _read(on, sa.select(decisions).where(decisions.c.request_id.in_(some)))
        found |= {one.request_id: one for one in rows}
    return {name: found[name] for name in requests if name in found}


def of_act(on: Connection, act: str) -> list[Decision]:
    """All that was decided in one act."""
    return list(_read(on, sa.select(decisions).where(decisions.c.act == act)))


def numbers(on: Connection, named: Iterable[str]) -> list[int]:
    """The numbers of decisions named by number or by act; Refused where one is neither."""
    found: list[int] = []
    for name in named:
        whole = [one.id for one in of_act(on, name) if one.id is not None]
        if not whole and not name.isdecimal():
            raise Refused(
                says="{name} is no decision and no act; curate log RECORD lists them",
                name=name,
            )
        found += whole or [int(name)]
    return found


def log(on: Connection, record_id: str | None = None, after: int = 0) -> Iterator[Decision]:
    """The whole log in order, or that of one record; `after` leaves out entries up to a number."""
    asked = sa.select(decisions).where(decisions.c.id > after).order_by(decisions.c.id)
    if record_id is not None:
        asked = asked.where(decisions.c.record_id == record_id)
    return _read(on, asked)


def latest(on: Connection, reviewer: str) -> Decision | None:
    """The reviewer's last decision that is not undone; a policy's is not among them."""
    undone = sa.select(decisions.c.undoes).where(decisions.c.undoes.is_not(None))
    asked = (
        sa.select(decisions)
        .where(decisions.c.reviewer == reviewer, decisions.c.kind.not_in(["undo", "comment"]))
        .where(decisions.c.policy.is_(None), decisions.c.id.not_in(undone))
        .order_by(decisions.c.id.desc())
        .limit(1)
    )
    return next(_read(on, asked), None)


def current_of(on: Connection, records: Iterable[str] | None = None) -> Iterator[Decision]:
    """The verdicts and skips in force, of all records or of these, oldest first."""
    order = (current.c.record_id, current.c.decided_at, current.c.id)
    if records is None:
        yield from _read(on, sa.select(current).order_by(*order))
        return
    for some in at_once(records):
        yield from _read(
            on, sa.select(current).where(current.c.record_id.in_(some)).order_by(*order)
        )


def touched(on: Connection, after: int) -> tuple[set[str], int]:
    """The records with entries after a number, and the newest number there is."""
    asked = sa.select(decisions.c.record_id, decisions.c.id).where(decisions.c.id > after)
    found = on.execute(asked).all()
    return {record_id for record_id, _ in found}, max(
        (number for _, number in found), default=after
    )


def newest(on: Connection, records: Iterable[str] | None = None) -> int:
    """The number of the last entry, on any record or on these; 0 where there is none."""
    numbers = sa.select(sa.func.max(decisions.c.id))
    if records is None:
        return on.scalar(numbers) or 0
    found = [on.scalar(numbers.where(decisions.c.record_id.in_(some))) for some in at_once(records)]
    return max((number for number in found if number), default=0)


def records_of(on: Connection, reviewers: Iterable[str]) -> frozenset[str]:
    """The records that these people have said anything about."""
    asked = sa.select(decisions.c.record_id).distinct()
    return frozenset(on.scalars(asked.where(decisions.c.reviewer.in_(list(reviewers)))))


def beginning(on: Connection, start: str) -> list[str]:
    """The records with decisions whose ids begin so."""
    asked = sa.select(decisions.c.record_id).distinct()
    return sorted(on.scalars(asked.where(decisions.c.record_id.startswith(start, autoescape=True))))


def at_once(many: Iterable[T]) -> Iterator[list[T]]:
    """The same in portions that fit into one statement."""
    rest = iter(many)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _last_times(on: Connection, records: set[str]) -> dict[str, float]:
    asked = (
        sa.select(decisions.c.record_id, sa.func.max(decisions.c.decided_at))
        .where(decisions.c.record_id.in_(records))
        .group_by(decisions.c.record_id)
    )
    return {record_id: float(at) for record_id, at in on.execute(asked)}


def _row(one: Decision) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in OWN if name != "id"}
    changed = {"payload": dict(one.payload), "findings": list(one.findings)}
    return {**row, **changed, "outcome": one.outcome, "act": one.act or one.request_id}


def _read(on: Connection, asked: sa.Select[Any]) -> Iterator[Decision]:
    for row in on.execute(asked).mappings():
        known = {name: row[name] for name in OWN}
        yield Decision(**{**known, "findings": tuple(row["findings"])})
