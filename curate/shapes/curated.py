"""Curated: the columns that curate writes, so that a snapshot or an export can be audited."""

from __future__ import annotations

from curate.raw.cells import Cells
from curate.record import messages
from curate.shapes import Columns, Row, Shape
from curate.sources.fold import Conversation, Folded, conversations
from curate.sources.source import Misread

FIELDS = ("roles", "system", "history", "instruction", "input", "answer", "rejected")
MARKS = ("record_id", "prompt_id")  # nobody else has these beside the fields


def find(row: Row) -> Columns | None:
    if not all(name in row for name in (*FIELDS, *MARKS)) or not isinstance(row["roles"], str):
        return None
    return {name: name for name in FIELDS}


def fold(cells: Cells, columns: Columns) -> Folded:
    values = [cells.column(columns[name]) for name in FIELDS]
    return conversations(
        [_whole(dict(zip(FIELDS, row, strict=True))) for row in zip(*values, strict=True)]
    )


def _whole(row: Row) -> Conversation | Misread:
    try:
        said = messages({**row, "rejected": None})[1]
    except (TypeError, ValueError, AttributeError):
        return Misread("wrong-type", "the columns that curate wrote hold something else now")
    return Conversation(said, given=row["input"], rejected=row["rejected"])


SHAPE = Shape(name="curated", rank=5, find=find, fold=fold)
