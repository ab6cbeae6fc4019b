"""Leases: one record, one owner, for a short time that is renewed while the page is open.

The queue is no table, so there are no rows to `SELECT … FOR UPDATE SKIP LOCKED`: a lease is one
INSERT whose key is the record, and of two that come at once the second waits for the first, and
then sees it. Where waiting is no use, `in_hand` tells that somebody is just taking the record.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from curate.store.database import Connection, Store, insert
from curate.store.tables import leases


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has a record, until when (seconds since 1970), for which request, from which order."""

    record_id: str
    reviewer: str
    until: float
    request_id: str
    ordered_by: str | None


def take(
    store: Store,
    on: Connection,
    record_id: str,
    reviewer: str,
    seconds: float,
    request_id: str,
    ordered_by: str | None = None,
) -> Lease | None:
    """The record's lease: a new one, or one's own, longer; None where another has it."""
    now = store.now(on)
    wanted = Lease(record_id, reviewer, now + seconds, request_id, ordered_by)
    free = leases.c.until <= now
    mine = leases.c.reviewer == reviewer
    new = insert(on, leases).values(
        record_id=record_id,
        reviewer=reviewer,
        until=wanted.until,
        request_id=request_id,
        ordered_by=ordered_by,
    )
    kept = {  # one's own live lease stays the same showing of the record
        name: sa.case((sa.and_(mine, ~free), leases.c[name]), else_=new.excluded[name])
        for name in ("request_id", "ordered_by")
    }
    asked = new.on_conflict_do_update(
        index_elements=["record_id"],
        set_={"reviewer": reviewer, "until": wanted.until, **kept},
        where=sa.or_(free, mine),
    ).returning(leases)
    row = on.execute(asked).first()
    return None if row is None else Lease(**row._mapping)


def in_hand(on: Connection, record_id: str) -> bool:
    """Whether another claim is taking this record right now; if not, ours is until we commit.

    PostgreSQL only: SQLite lets one claim in at a time.
    """
    if on.dialect.name != "postgresql":
        return False
    key = sa.func.hashtextextended(record_id, 0)
    return not on.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(key)))


def renew(store: Store, on: Connection, lease: Lease, seconds: float) -> Lease | None:
    """The same lease for longer; None where it is lost to another."""
    held = of(on, lease.record_id)
    if held is None or held.request_id != lease.request_id:
        return None
    return take(
        store, on, lease.record_id, lease.reviewer, seconds, lease.request_id, lease.ordered_by
    )


def release(on: Connection, record_id: str, reviewer: str) -> None:
    """Give a record back; nothing happens where it is another's."""
    mine = sa.and_(leases.c.record_id == record_id, leases.c.reviewer == reviewer)
    on.execute(sa.delete(leases).where(mine))


def of(on: Connection, record_id: str) -> Lease | None:
    """The lease of a record, in force or not."""
    row = on.execute(sa.select(leases).where(leases.c.record_id == record_id)).first()
    return None if row is None else Lease(**row._mapping)


def live(store: Store, on: Connection) -> list[Lease]:
    """All leases in force, the one that ends first before the others."""
    asked = sa.select(leases).where(leases.c.until > store.now(on)).order_by(leases.c.until)
    return [Lease(**row._mapping) for row in on.execute(asked)]
