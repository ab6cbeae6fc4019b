"""The first tables: decisions, leases, drafts, guidelines, settings, and the current decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# Two ties: the role, so that adjudicating does not hide one's own blind verdict; and the time,
# not the id, so that a log taken in from elsewhere keeps its order.
CURRENT = """
CREATE VIEW current_decisions AS
SELECT d.* FROM decisions d
WHERE d.kind NOT IN ('undo', 'comment')
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.id)
  AND NOT EXISTS (
    SELECT 1 FROM decisions n
    WHERE n.record_id = d.record_id AND n.reviewer = d.reviewer
      AND n.adjudicates = d.adjudicates AND (n.policy IS NULL) = (d.policy IS NULL)
      AND (d.policy IS NULL OR n.policy = d.policy)
      AND n.kind NOT IN ('undo', 'comment')
      AND (n.decided_at > d.decided_at OR (n.decided_at = d.decided_at AND n.id > d.id))
      AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = n.id)
  )
"""


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "decisions",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("decided_at", sa.Float(53), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("seconds", sa.Float(53)),
        sa.Column("request_id", sa.Text, nullable=False, unique=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text),
        sa.Column("policy", sa.Text),
        sa.Column("adjudicates", sa.Boolean, nullable=False),
        sa.Column("undoes", NUMBER, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_index("decisions_of_record", "decisions", ["record_id", "id"])
    op.create_index("decisions_of_act", "decisions", ["act"])
    op.create_table(
        "leases",
        sa.Column("record_id", sa.Text, primary_key=True),
        sa.Column("reviewer", sa.Text, nullable=False, index=True),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text),
    )
    op.execute(CURRENT)
    notes()


def notes() -> None:
    """Make the tables of what is no decision."""
    op.create_table(
        "drafts",
        sa.Column("record_id", sa.Text, primary_key=True),
        sa.Column("reviewer", sa.Text, primary_key=True),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("saved_at", sa.Float(53), nullable=False),
    )
    op.create_table(
        "guidelines",
        sa.Column("version", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("written_at", sa.Float(53), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )
