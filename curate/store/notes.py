"""Drafts of what is not decided yet, and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from curate.store.database import Connection, Store, insert
from curate.store.tables import drafts, settings


def keep_draft(
    store: Store, on: Connection, record_id: str, reviewer: str, payload: Mapping[str, Any]
) -> None:
    """Keep what somebody has typed so far, in place of what they had typed before."""
    values = {"payload": dict(payload), "saved_at": store.now(on)}
    new = insert(on, drafts).values(record_id=record_id, reviewer=reviewer, **values)
    on.execute(new.on_conflict_do_update(index_elements=["record_id", "reviewer"], set_=values))


def draft(on: Connection, record_id: str, reviewer: str) -> dict[str, Any] | None:
    """What this person had typed on this record."""
    asked = sa.select(drafts.c.payload).where(_of(record_id, reviewer))
    found: dict[str, Any] | None = on.scalar(asked)
    return found


def drop_draft(on: Connection, record_id: str, reviewer: str) -> None:
    """Forget a draft: it was decided."""
    on.execute(sa.delete(drafts).where(_of(record_id, reviewer)))


def _of(record_id: str, reviewer: str) -> sa.ColumnElement[bool]:
    return sa.and_(drafts.c.record_id == record_id, drafts.c.reviewer == reviewer)


def set_setting(on: Connection, name: str, value: Any) -> None:
    """Settings hold for everybody who works on this store."""
    held = {"is": value}  # SQLite would take a bare number out of its JSON
    new = insert(on, settings).values(name=name, value=held)
    on.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": held}))


def all_settings(on: Connection) -> dict[str, Any]:
    """What was set, by name."""
    held = on.execute(sa.select(settings.c.name, settings.c.value))
    return {name: value["is"] for name, value in held}
