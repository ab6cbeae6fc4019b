"""Probes: a few fixed prompts, answered before and after training and shown side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.publish import write_whole
from train.approved import Record
from train.errors import BadRecipe
from train.evaluate import answers

if TYPE_CHECKING:
    from train.sections import Evaluate
    from train.template import Template

FILE = "probes.jsonl"


@dataclass(frozen=True, slots=True)
class Probed:
    """One prompt and what was said to it."""

    prompt: str
    baseline: str | None
    tuned: str


def probes(file: Path) -> list[Record]:
    """The prompts of a JSONL file of {"prompt": …, "system": … or none}; BadRecipe where wrong."""
    found = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRecipe(f"dataset.probe_prompts: {file} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found.append(_probe(file, number, line))
    return found


def ask(
    model: Any, tokenizer: Any, template: Template, asked: Sequence[Record], settings: Evaluate
) -> list[str]:
    """What the model says to each prompt."""
    return [one.text for one in answers(model, tokenizer, template, asked, settings)]


def side_by_side(
    asked: Sequence[Record], tuned: Sequence[str], baseline: Sequence[str] | None = None
) -> list[Probed]:
    """Both answers to each prompt."""
    before = baseline if baseline is not None else [None] * len(asked)
    return [
        Probed(record.prompt, first, second)
        for record, first, second in zip(asked, before, tuned, strict=True)
    ]


def write(file: Path, probed: Sequence[Probed]) -> None:
    """One JSON object a line."""
    lines = (json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in probed)
    write_whole(file, "".join(lines).encode())


def read(file: Path) -> list[Probed]:
    """What a run wrote; nothing where it had no probes."""
    if not file.exists():
        return []
    return [Probed(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _probe(file: Path, number: int, line: str) -> Record:
    where = f"dataset.probe_prompts: {file}:{number}"
    try:
        told = json.loads(line)
    except ValueError as error:
        raise BadRecipe(f"{where}: not JSON: {error}") from error
    if not isinstance(told, dict) or not isinstance(told.get("prompt"), str):
        raise BadRecipe(f'{where}: a line is {{"prompt": "…"}}')
    system = told.get("system")
    before = (("system", system),) if isinstance(system, str) else ()
    return Record(
        record_id=f"probe-{number}", split="probe", group=f"probe-{number}", parent_id=None,
        source=str(file), line=number, system=system if before else None,
        messages=(*before, ("user", told["prompt"]), ("assistant", "")), answer="",
    )  # fmt: skip
