"""Preference: a prompt with a chosen and a rejected answer.

The answers are texts, lists of messages, or whole transcripts ("\\n\\nHuman: ... \\n\\nAssistant:
..."), with the prompt in a column of its own or as the part that both have in common.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from curate.raw.cells import Cells
from curate.record import Message
from curate.shapes import Columns, Row, Shape
from curate.sources.columns import fold_flat, pick, with_system
from curate.sources.fold import Conversation, Folded, conversations
from curate.sources.source import Misread
from curate.sources.turns import texts_or_messages

PROMPT = ("prompt", "instruction", "question", "query", "input", "プロンプト", "指示", "質問")
CHOSEN = ("chosen", "chosen_response", "preferred", "選択")
REJECTED = ("rejected", "rejected_response", "dispreferred", "却下", "棄却")

TURN = re.compile(r"(?:^|\n\n)(Human|Assistant|System): ?")
ROLES = {"Human": "user", "Assistant": "assistant", "System": "system"}


def find(row: Row) -> Columns | None:
    chosen, rejected = pick(row, CHOSEN), pick(row, REJECTED)
    if chosen is None or rejected is None:
        return None
    columns = {"answer": chosen, "rejected": rejected}
    prompt = pick(row, PROMPT)
    if prompt is not None:
        columns["instruction"] = prompt
    whole = any(isinstance(row[c], list) or is_transcript(row[c]) for c in columns.values())
    if whole or prompt is None:
        return {**columns, "as": "messages"}
    return with_system(row, columns)


def is_transcript(text: Any) -> bool:
    """Whether a text is a whole dialogue, and not an answer that mentions one."""
    return isinstance(text, str) and TURN.match(text.lstrip("\n")) is not None


def fold(cells: Cells, columns: Columns) -> Folded:
    if "as" not in columns:
        return fold_flat(cells, columns)
    prompts: Sequence[Any] = [None] * cells.size
    if "instruction" in columns:
        prompts = cells.column(columns["instruction"])
    chosen, rejected = cells.column(columns["answer"]), cells.column(columns["rejected"])
    return conversations([
        _pair(p, c, r, columns) for p, c, r in zip(prompts, chosen, rejected, strict=True)
    ])  # fmt: skip


def _pair(prompt: Any, chosen: Any, rejected: Any, columns: Columns) -> Conversation | Misread:
    good_column, bad_column = columns["answer"], columns["rejected"]
    try:
        asked = _messages(prompt, "user", columns.get("instruction", ""))
        good = _after(asked, _messages(chosen, "assistant", good_column))
        bad = _after(asked, _messages(rejected, "assistant", bad_column))
    except Misread as misread:
        return misread
    for said, column in ((good, good_column), (bad, bad_column)):
        if not said or said[-1][0] != "assistant":
            return Misread(
                "no-answer", "column {column!r} does not end in an answer", column=column
            )
    if good[:-1] != bad[:-1]:
        says = "columns {chosen!r} and {rejected!r} do not answer the same conversation"
        return Misread("prompts-differ", says, chosen=good_column, rejected=bad_column)
    return Conversation([*asked, *good], rejected=bad[-1][1])


def _messages(said: Any, role: str, column: str) -> list[Message]:
    if said is None and role == "user":
        return []
    if not is_transcript(said):
        return texts_or_messages(said, role, column)
    parts = TURN.split(said)[1:]
    messages = [(ROLES[who], text) for who, text in zip(parts[::2], parts[1::2], strict=True)]
    open_end = role == "user" and messages[-1] == ("assistant", "")
    return messages[:-1] if open_end else messages


def _after(asked: list[Message], said: list[Message]) -> list[Message]:
    """What was said after the prompt, where the prompt is repeated before it."""
    return said[len(asked) :] if asked and said[: len(asked)] == asked else said


SHAPE = Shape(name="preference", rank=10, find=find, fold=fold)
