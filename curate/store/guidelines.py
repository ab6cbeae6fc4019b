"""Guidelines: what reviewers go by. Every version is kept, with who wrote it and when."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from curate.store.database import Connection, Store
from curate.store.refusals import Refused
from curate.store.tables import guidelines

WRITING = 0x6375_7263  # PostgreSQL's advisory lock while a version is written


@dataclass(frozen=True, slots=True)
class Guideline:
    """One version of the text, in markdown."""

    version: int
    text: str
    reviewer: str
    written_at: float  # seconds since 1970, UTC


def versions(on: Connection) -> list[Guideline]:
    """All versions, the newest first."""
    asked = sa.select(guidelines).order_by(guidelines.c.version.desc())
    return [Guideline(**row._mapping) for row in on.execute(asked)]


def newest(on: Connection) -> Guideline | None:
    """What holds now; None where nobody has written anything yet."""
    asked = sa.select(guidelines).order_by(guidelines.c.version.desc()).limit(1)
    row = on.execute(asked).first()
    return Guideline(**row._mapping) if row else None


def write(store: Store, on: Connection, text: str, reviewer: str, after: int = 0) -> Guideline:
    """A new version, after the one its writer had read (0: none); the same text adds nothing.

    Refused where somebody else wrote in between, so that nobody's words are set aside unread.
    """
    if on.dialect.name == "postgresql":
        on.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITING)))
    now = newest(on)
    if now is not None and now.text == text:
        return now
    if now is not None and now.version != after:
        raise Refused(
            says="{reviewer} wrote version {version} meanwhile; read it, then save yours again",
            reviewer=now.reviewer,
            version=now.version,
        )
    made = sa.insert(guidelines).values(text=text, reviewer=reviewer, written_at=store.now(on))
    return Guideline(**on.execute(made.returning(guidelines)).one()._mapping)
