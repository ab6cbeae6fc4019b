"""Rewording: the same request in other words, the same ones every time.

Whether a wrong answer comes back when the question is put otherwise says if it was learnt or is an
accident of wording. Real other wordings come first: records of the same parent or duplicate group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from train.approved import Record

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
ENGLISH_FRAMES = ("Please answer this: {}", "I have a question. {} Thank you.", "{}\n\nAnswer:")
JAPANESE_FRAMES = (
    "次の質問に答えてください。{}",
    "質問があります。{}よろしくお願いします。",
    "{}\n\n回答：",
)
MARKS = {"?": ".", ".": "", "？": "。", "。": ""}
"""Another mark at the end."""


def asked_otherwise(record: Record, others: Sequence[Record], count: int) -> list[Record]:
    """The record under so many other prompts, each different from its own and from the others."""
    made: dict[str, Record] = {}
    for prompt in (*prompts_of(record, others), *reworded(record.prompt)):
        if prompt != record.prompt:
            made.setdefault(prompt, with_prompt(record, prompt))
    return list(made.values())[:count]


def prompts_of(record: Record, others: Sequence[Record]) -> Iterator[str]:
    """How others of the same parent or group ask for the same answer; never a test record."""
    for other in others:
        same = other.group == record.group or (
            record.parent_id is not None and other.parent_id == record.parent_id
        )
        alike = same and other.record_id != record.record_id and other.split != "test"
        if alike and len(other.messages) == len(record.messages) and other.system == record.system:
            yield other.prompt


def reworded(prompt: str) -> Iterator[str]:
    """A polite frame, the request turned around, and another mark at the end."""
    text = prompt.strip()
    frames = JAPANESE_FRAMES if JAPANESE.search(text) else ENGLISH_FRAMES
    yield frames[0].format(text)
    yield turned(text) or frames[1].format(text)
    if text[-1:] in MARKS:
        yield text[:-1] + MARKS[text[-1]]
    for frame in frames[1:]:
        yield frame.format(text)


def turned(text: str) -> str | None:
    """What comes behind the last line or colon put first; None where there is no such part."""
    for mark in ("\n\n", "\n", ": ", "："):
        first, found, last = text.rpartition(mark)
        if found and first.strip() and last.strip():
            return f"{last.strip()}\n\n{first.strip()}{mark.strip()}"
    return None


def with_prompt(record: Record, prompt: str) -> Record:
    """The record, asked in these words."""
    turns = list(record.messages)
    last = max(n for n, (role, _) in enumerate(turns) if role == "user")
    turns[last] = ("user", prompt)
    return replace(record, messages=tuple(turns), input=None)


def with_answer(record: Record, answer: str) -> Record:
    """The record, answered like this."""
    return replace(record, messages=(*record.messages[:-1], ("assistant", answer)), answer=answer)
