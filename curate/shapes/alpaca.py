"""Alpaca: instruction, input and output, each in a column; Dolly's context and response too.

Some add `history`, a list of [question, answer] rounds that came before.
"""

from __future__ import annotations

from typing import Any

from curate.raw.cells import MISSING, Cells
from curate.record import Message
from curate.shapes import Columns, Row, Shape
from curate.sources.columns import ANSWER, fold_flat, pick, pick_cell, with_system
from curate.sources.fold import Conversation, Faults, Folded, conversations, joined, texts
from curate.sources.source import Misread

INSTRUCTION = ("instruction", "指示", "指示文", "命令")
INPUT = ("input", "context", "inputs", "入力", "文脈", "コンテキスト")
HISTORY = ("history", "履歴")


def find(row: Row) -> Columns | None:
    instruction, answer = pick_cell(row, INSTRUCTION), pick_cell(row, ANSWER)
    if instruction is None or answer is None:
        return None
    columns = {"instruction": instruction, "answer": answer}
    given = pick(row, INPUT)
    if given is not None and isinstance(row[given], str | None):
        columns["input"] = given
    history = pick(row, HISTORY)
    if history is not None and _is_rounds(row[history]):
        columns["history"] = history
    return with_system(row, columns)


def _is_rounds(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(r, list) and len(r) == 2 and all(isinstance(t, str) for t in r) for r in value
    )


def fold(cells: Cells, columns: Columns) -> Folded:
    if "history" not in columns:
        return fold_flat(cells, columns)
    faults: Faults = {}
    column = columns["history"]
    filled = {
        target: texts(cells, name, faults, needed=target in ("instruction", "answer"))
        for target, name in columns.items()
        if target != "history"
    }
    nothing = [None] * cells.size
    given = filled.get("input", nothing)
    asked = joined(filled["instruction"], given)
    system = filled.get("system", nothing)
    rows = zip(system, cells.column(column), asked, filled["answer"], given, strict=True)
    folded = conversations([_whole(*row, column) for row in rows])
    folded.faults = {**folded.faults, **faults}
    return folded


def _whole(
    system: str | None, rounds: Any, asked: str, answer: str | None, given: str | None, column: str
) -> Conversation | Misread:
    rounds = [] if rounds is MISSING or rounds is None else rounds
    if not _is_rounds(rounds):
        says = "column {column!r} is no list of [question, answer] pairs"
        return Misread("wrong-type", says, column=column)
    before: list[Message] = [("system", system)] if system else []
    before += [
        message
        for question, reply in rounds
        for message in (("user", question), ("assistant", reply))
    ]
    return Conversation([*before, ("user", asked), ("assistant", answer or "")], given=given)


SHAPE = Shape(name="alpaca", rank=40, find=find, fold=fold)
