"""Prompt and completion: two texts, or two lists of messages."""

from __future__ import annotations

from typing import Any

from curate.raw.cells import Cells
from curate.shapes import Columns, Row, Shape
from curate.sources.columns import fold_flat, pick, with_system
from curate.sources.fold import Conversation, Folded, conversations
from curate.sources.source import Misread
from curate.sources.turns import LIST_NAMES, texts_or_messages

PROMPT = ("prompt", "プロンプト")
COMPLETION = (
    "completion",
    "response",
    "output",
    "answer",
    "completions",
    "generation",
    "補完",
    "応答",
)

MORE_THAN_A_PROMPT = (*LIST_NAMES, "instruction")
"""Where one of these stands beside it, the prompt was made from it."""


def find(row: Row) -> Columns | None:
    prompt, completion = pick(row, PROMPT), pick(row, COMPLETION)
    if prompt is None or completion is None or pick(row, MORE_THAN_A_PROMPT) is not None:
        return None
    columns = {"instruction": prompt, "answer": completion}
    if isinstance(row[prompt], list) or isinstance(row[completion], list):
        return {**columns, "as": "messages"} if _messages(row[prompt], row[completion]) else None
    return with_system(row, columns)


def _messages(prompt: Any, completion: Any) -> bool:
    return all(
        isinstance(said, str) or (isinstance(said, list) and said and isinstance(said[0], dict))
        for said in (prompt, completion)
    )


def fold(cells: Cells, columns: Columns) -> Folded:
    if "as" not in columns:
        return fold_flat(cells, columns)
    prompts = cells.column(columns["instruction"])
    answers = cells.column(columns["answer"])
    return conversations([
        _whole(prompt, answer, columns) for prompt, answer in zip(prompts, answers, strict=True)
    ])  # fmt: skip


def _whole(prompt: Any, answer: Any, columns: Columns) -> Conversation | Misread:
    try:
        asked = texts_or_messages(prompt, "user", columns["instruction"])
        said = texts_or_messages(answer, "assistant", columns["answer"])
    except Misread as misread:
        return misread
    return Conversation([*asked, *said])


SHAPE = Shape(name="prompt-completion", rank=15, find=find, fold=fold)
