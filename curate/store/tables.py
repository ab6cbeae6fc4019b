"""The tables, as SQLAlchemy Core knows them; `migrations/` is what makes them."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

# SQLite counts up only an INTEGER key; PostgreSQL gets room for more than two thousand million.
Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def log_columns() -> list[sa.Column[object]]:
    """The columns of the log, which the view of current decisions has too."""
    return [
        sa.Column("id", Number, primary_key=True, autoincrement=True),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("decided_at", sa.Float(53), nullable=False),  # seconds since 1970, UTC
        sa.Column("reason", sa.Text),
        sa.Column("findings", sa.JSON, nullable=False),  # names of checks
        sa.Column("seconds", sa.Float(53)),
        sa.Column("request_id", sa.Text, nullable=False, unique=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text),
        sa.Column("policy", sa.Text),
        sa.Column("adjudicates", sa.Boolean, nullable=False),
        sa.Column("undoes", Number, unique=True),  # so that nothing is undone twice
    ]


decisions = sa.Table(
    "decisions",
    metadata,
    *log_columns(),
    sa.Index("decisions_of_record", "record_id", "id"),
    sa.Index("decisions_of_act", "act"),
    sqlite_autoincrement=True,
)

current = sa.Table("current_decisions", sa.MetaData(), *log_columns())
"""A view: the latest verdict or skip that is not undone, for each record, reviewer and role."""

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("record_id", sa.Text, primary_key=True),
    sa.Column("reviewer", sa.Text, nullable=False, index=True),
    sa.Column("until", sa.Float(53), nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("ordered_by", sa.Text),
)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("record_id", sa.Text, primary_key=True),
    sa.Column("reviewer", sa.Text, primary_key=True),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("saved_at", sa.Float(53), nullable=False),
)

guidelines = sa.Table(
    "guidelines",
    metadata,
    sa.Column("version", Number, primary_key=True, autoincrement=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("written_at", sa.Float(53), nullable=False),
    sqlite_autoincrement=True,
)

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)
