"""Back-translation: which instruction would this text be the answer to?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson
from pydantic import BaseModel, Field

from curate.assist.candidate import Candidate, authored
from curate.assist.passages import Passage
from curate.assist.question import Answer, Question
from curate.assist.stated import kept
from curate.assist.wording import INSTRUCT, REWRITE, Shot, messages, shown

SHOTS = 3  # examples shown, of the passage's language
MOST_CHARS = 4000  # of a passage that are shown


class Instruction(BaseModel):
    """What is asked for."""

    instruction: str = Field(min_length=3)


class Rewritten(BaseModel):
    """What is asked for where the answer is to be rewritten."""

    answer: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """An instruction and its answer, approved by a person: an example to write by."""

    instruction: str
    answer: str
    language: str | None


def question_for(passage: Passage, pairs: Sequence[Pair], persona: str | None) -> Question:
    """Ask for the instruction of one passage."""
    near = [pair for pair in pairs if pair.language == passage.language][:SHOTS]
    shots = [Shot(shown(answer=p.answer[:MOST_CHARS]), as_json(p.instruction)) for p in near]
    told = messages(
        INSTRUCT, passage.language, '{"instruction": "..."}',
        shown(answer=passage.text[:MOST_CHARS]), shots, persona,
    )  # fmt: skip
    return Question(told, Instruction, most_tokens=200)


def as_json(instruction: str) -> str:
    """An instruction as the model is to give it."""
    return orjson.dumps({"instruction": instruction}).decode()


def candidate(passage: Passage, answer: Answer) -> Candidate:
    """The pair that an answer makes of a passage."""
    parent = {"record_id": passage.parent, "source": passage.source, "line": passage.line}
    instruction = answer.value.instruction.strip()
    return Candidate(
        "backtranslation", instruction, passage.text, passage.language, parent, (authored(answer),)
    )


def rewrite_question(one: Candidate) -> Question:
    """Ask for the answer as it would be given to this instruction."""
    told = messages(
        REWRITE, one.language, '{"answer": "..."}',
        shown(instruction=one.instruction, text=one.answer[:MOST_CHARS]),
    )  # fmt: skip
    return Question(told, Rewritten, most_tokens=1024)


def rewritten(one: Candidate, answer: Answer) -> Candidate:
    """The pair with the answer rewritten; the text as it was stays beside it."""
    said, before = answer.value.answer.strip(), one.before or one.answer
    made = replace(one, answer=said, before=before, authors=(*one.authors, authored(answer)))
    return made.measured(**kept(before, said))
