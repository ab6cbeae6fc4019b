"""ShareGPT: `conversations` of {from, value}, or a `conversation` of {human, assistant} rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curate.raw.cells import Cells
from curate.raw.strict_json import kind
from curate.record import Message
from curate.shapes import Columns, Row, Shape
from curate.sources.fold import Folded, conversations
from curate.sources.source import Misread
from curate.sources.turns import list_column, messages_of, role_and_text, turns

ROUNDS = (("human", "assistant"), ("human", "gpt"), ("user", "assistant"), ("user", "bot"))

FROM_VALUE = role_and_text(roles=("from",), texts=("value", "content", "text"))


def find(row: Row) -> Columns | None:
    return list_column(row, FROM_VALUE) or list_column(row, _round_keys)


def _round_keys(message: Mapping[str, Any]) -> Columns | None:
    for asked, answered in ROUNDS:
        if asked in message and answered in message:
            return {"asked": asked, "answered": answered}
    return None


def fold(cells: Cells, columns: Columns) -> Folded:
    if "asked" in columns:
        asked, answered = columns["asked"], columns["answered"]
        return conversations(turns(cells, columns, lambda value: _rounds(value, asked, answered)))
    role, text = columns["role"], columns["text"]
    return conversations(turns(cells, columns, lambda value: messages_of(value, role, text)))


def _rounds(
    value: Sequence[Any], asked: str, answered: str
) -> tuple[list[Message], dict[str, Any]]:
    """Two messages a round; other keys of a round are kept by its number."""
    messages: list[Message] = []
    extra = {}
    for number, item in enumerate(value, start=1):
        if not isinstance(item, dict):
            says = "round {number} is of type {kind}, not an object"
            raise Misread("wrong-type", says, number=number, kind=kind(item))
        for key, role in ((asked, "user"), (answered, "assistant")):
            text = item.get(key)
            if not isinstance(text, str):
                says = "round {number}: {key!r} is of type {kind}, where text is needed"
                raise Misread("wrong-type", says, number=number, key=key, kind=kind(text))
            messages.append((role, text))
        left = {k: v for k, v in item.items() if k not in (asked, answered) and v is not None}
        if left:
            extra[str(number)] = left
    return messages, extra


SHAPE = Shape(name="sharegpt", rank=30, find=find, fold=fold)
