"""The tables of runs that were taken in, and of what their models failed on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("approved", sa.Text, nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("taken_in_at", sa.Float(53), nullable=False),
    )
    op.create_table(
        "failures",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("record_id", sa.Text, primary_key=True),
        sa.Column("first_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("line", sa.BigInteger, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("near", sa.JSON, nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("gone_in", sa.Text),
    )
    op.create_index("failures_of_record", "failures", ["record_id"])
