"""Candidate: a pair that a model had a part in, with its parent, its author and its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import orjson

from curate.assist.question import Answer
from curate.checks.synthetic import COLUMN
from curate.publish import write_whole

Kind = Literal["backtranslation", "paraphrase", "generation"]
Number = float | int | bool | str | None


@dataclass(frozen=True)
class Candidate:
    """One pair. A number that is None could not be measured; `unmeasured` says why."""

    kind: Kind
    instruction: str
    answer: str
    language: str | None
    parent: Mapping[str, Any]  # record_id, source and line of what it was made from
    authors: tuple[Mapping[str, Any], ...]  # of what a model wrote: model, prompt hash, parameters
    input: str = ""
    system: str | None = None
    category: str | None = None
    before: str | None = None  # the text it was made from, where that is not the answer itself
    numbers: Mapping[str, Number] = field(default_factory=dict)
    unmeasured: Mapping[str, str] = field(default_factory=dict)

    @property
    def prompt(self) -> str:
        """Instruction and input together."""
        return f"{self.instruction}\n\n{self.input}" if self.input else self.instruction

    def measured(self, **numbers: Number) -> Candidate:
        """The same with more numbers."""
        return replace(self, numbers={**self.numbers, **numbers})

    def not_measured(self, name: str, why: str) -> Candidate:
        """The same, knowing why a number is missing."""
        return replace(self, unmeasured={**self.unmeasured, name: why})

    def told(self) -> dict[str, Any]:
        """What stands beside the conversation: who made it, from what, and its numbers."""
        return {
            "kind": self.kind,
            "language": self.language,
            "parent": dict(self.parent),
            "authors": [dict(author) for author in self.authors],
            "before": self.before,
            "numbers": dict(self.numbers),
            "unmeasured": dict(self.unmeasured),
        }

    def line(self) -> dict[str, Any]:
        """As a record of a file; what is no part of the conversation stands under one name."""
        record: dict[str, Any] = {"instruction": self.instruction, "input": self.input}
        record["output"] = self.answer
        if self.system is not None:
            record["system"] = self.system
        if self.category is not None:
            record["category"] = self.category
        return {**record, "source": f"synthetic/{self.kind}", COLUMN: self.told()}


def authored(answer: Answer) -> dict[str, Any]:
    """Who wrote it; the time is kept with the reply, so that equal runs give equal files."""
    told = answer.author
    return {name: told[name] for name in ("model", "prompt_hash", "parameters")}


def write(candidates: Iterable[Candidate], file: Path) -> None:
    """One JSON object a line, whole or not at all."""
    lines = (orjson.dumps(one.line(), option=orjson.OPT_APPEND_NEWLINE) for one in candidates)
    write_whole(file, b"".join(lines))
