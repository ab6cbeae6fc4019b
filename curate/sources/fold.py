"""Fold: cells of any shape into the fields of a record, with their ids.

Two ways lead here. Flat shapes (instruction, input and answer each in a column) are folded column
by column, fast. Conversations are folded one by one from their list of messages.

A conversation fills the fields like this: a system message at the very start is `system`; the
last user message is `instruction`; the assistant message at the very end is `answer`; all others
are `history`, in order. With `roles` this can be undone exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
import polars as pl

from curate.raw.cells import MISSING, Cells, constant
from curate.raw.strict_json import kind
from curate.record import ID_BYTES, SEPARATOR, Message, canonical
from curate.sources.ids import ids
from curate.sources.source import Misread

FIELDS = (
    "record_id",
    "prompt_id",
    "roles",
    "system",
    "history",
    "instruction",
    "input",
    "answer",
    "rejected",
)

Texts = Sequence[str | None] | pl.Series
"""A column of texts, as objects of Python or as polars holds them."""

Faults = dict[int, Misread]
"""Number of a record in its chunk -> why it is rejected."""


NO_ROW: tuple[None, ...] = (None,) * len(FIELDS)


@dataclass
class Folded:
    """Fields of every record of a chunk (those with a fault hold anything), and more `meta`."""

    fields: dict[str, pl.Series]
    faults: Faults = field(default_factory=dict)
    more: Sequence[Mapping[str, Any] | None] | None = None


def texts(cells: Cells, column: str, faults: Faults, *, needed: bool) -> Texts:
    """A column of text: null where there is none; a fault where a needed cell is missing.

    A null in a needed column is an empty text: the record is there, it says nothing.
    """
    types = cells.types(column)
    if types == {str} or (types <= {str, type(None)} and not needed):
        return cells.taken(column)
    values = enumerate(cells.column(column))
    return [_text(i, value, column, faults, needed=needed) for i, value in values]


def _text(at: int, value: Any, column: str, faults: Faults, *, needed: bool) -> str | None:
    if isinstance(value, str):
        return str(value)
    if value is MISSING:
        if needed:
            faults.setdefault(at, Misread("missing-column", "no column {column!r}", column=column))
    elif value is not None:
        says = "column {column!r} is of type {kind}, where text is needed"
        if kind(value) == "number":
            says = (
                "column {column!r} is of type {kind}, where text is needed; a template makes it"
                " text: --map FIELD='{{{column}}}'"
            )
        faults.setdefault(at, Misread("wrong-type", says, column=column, kind=kind(value)))
    return "" if needed else None


def flat(
    instruction: Texts,
    answer: Texts,
    *,
    faults: Faults,
    context: Texts | None = None,
    system: Texts | None = None,
    rejected: Texts | None = None,
) -> Folded:
    """Fold records of at most one system, one user and one assistant message each."""
    size = len(instruction)
    asked, said = _strings(instruction, size), _strings(answer, size)
    given, told, worse = (_strings(values, size) for values in (context, system, rejected))
    roles = constant("ua", size)
    if system is not None:
        told = told.to_frame("").select(pl.when(pl.col("") != "").then(pl.col(""))).to_series()
        roles = told.is_null().replace_strict({True: "ua", False: "sua"}, return_dtype=pl.String)
    pairs = None if rejected is None else worse
    record_id, prompt_id = ids(asked, said, context=given, system=told, rejected=pairs)
    columns = {
        "record_id": record_id,
        "prompt_id": prompt_id,
        "roles": roles,
        "system": told,
        "history": constant(None, size),
        "instruction": asked,
        "input": given,
        "answer": said,
        "rejected": worse,
    }
    return Folded(columns, faults)


def joined(instruction: Texts, context: Texts) -> list[str]:
    """Instruction and input as one prompt."""
    pairs = zip(instruction, context, strict=True)
    return [f"{asked}{SEPARATOR}{given}" if given else asked or "" for asked, given in pairs]


def _strings(values: Texts | None, size: int) -> pl.Series:
    if values is None:
        return constant(None, size)
    return pl.Series(values, dtype=pl.String, strict=True)


class Conversation(NamedTuple):
    """One record's messages; `rejected` for preference data, `extra` for `meta`.

    `given` is the part of the last user message that stood in a column of its own.
    """

    messages: Sequence[Message]
    given: str | None = None
    rejected: str | None = None
    extra: Mapping[str, Any] | None = None


def conversations(read: Sequence[Conversation | Misread]) -> Folded:
    """Fold records one by one, each from its messages."""
    rows: list[tuple[str | None, ...]] = []
    faults: Faults = {}
    more: list[Mapping[str, Any] | None] = []
    for i, said in enumerate(read):
        if isinstance(said, Conversation) and said.messages:
            rows.append(_row(said))
            more.append(said.extra)
            continue
        empty = Misread("empty-conversation", "the conversation holds no message")
        faults[i] = said if isinstance(said, Misread) else empty
        rows.append(NO_ROW)
        more.append(None)
    values = zip(*rows, strict=True)
    columns = {n: pl.Series(v, dtype=pl.String) for n, v in zip(FIELDS, values, strict=True)}
    return Folded(columns, faults, more if any(more) else None)


def _row(said: Conversation) -> tuple[str | None, ...]:
    """The fields of one conversation, in the order of FIELDS."""
    messages = said.messages
    roles = "".join([role[0] for role, _ in messages])
    answered = roles[-1] == "a"
    before = messages[:-1] if answered else messages
    answer = messages[-1][1] if answered else ""
    record_id = prompt_id = _digest(before)
    if said.rejected is not None:
        record_id = _digest([*messages, ("rejected", said.rejected)])
    elif answered:
        record_id = _digest(messages)
    system = before[0][1] if roles[0] == "s" else None
    rest = before if system is None else before[1:]
    history = None
    if len(rest) == 1 and rest[0][0] == "user":
        instruction = rest[0][1]
    else:
        history, instruction = _history(rest)
    if said.given:
        instruction = instruction.removesuffix(SEPARATOR + said.given)
    return (
        record_id, prompt_id, roles,
        system, history, instruction, said.given, answer, said.rejected,
    )  # fmt: skip


def _history(messages: Sequence[Message]) -> tuple[str | None, str]:
    """All but the last user message as JSON, and that message."""
    rest = list(messages)
    last_user = max((i for i, (role, _) in enumerate(rest) if role == "user"), default=None)
    instruction = "" if last_user is None else rest.pop(last_user)[1]
    return orjson.dumps(rest).decode() if rest else None, instruction


def _digest(messages: Sequence[Message]) -> str:
    return blake2b(canonical(messages), digest_size=ID_BYTES).hexdigest()
