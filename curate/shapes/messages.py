"""Messages: a list of {role, content}, as OpenAI's chat has it, tool calls and parts included."""

from __future__ import annotations

from curate.raw.cells import Cells
from curate.shapes import Columns, Row, Shape
from curate.sources.fold import Folded, conversations
from curate.sources.turns import list_column, messages_of, role_and_text, turns

KEYS = role_and_text(
    roles=("role", "name", "speaker", "author"), texts=("content", "text", "value", "tool_calls")
)


def find(row: Row) -> Columns | None:
    return list_column(row, KEYS)


def fold(cells: Cells, columns: Columns) -> Folded:
    role, text = columns["role"], columns["text"]
    return conversations(turns(cells, columns, lambda value: messages_of(value, role, text)))


SHAPE = Shape(name="messages", rank=20, find=find, fold=fold)
