"""Argilla: records with responses and suggestions, one JSON object a line.

Questions are `verdict`, `reason`, and `new_answer` and the like for texts that change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from curate.errors import BadSource
from curate.publish import write_whole
from curate.review.elsewhere import Task, answers_of, persons, policies, spoken_from

TEXTS = ("system", "prompt", "answer")
TOOL = "argilla"


def write(tasks: tuple[Task, ...], file: Path) -> None:
    """Write the records."""
    write_whole(file, b"".join(orjson.dumps(record(one)) + b"\n" for one in tasks))


def record(task: Task) -> dict[str, Any]:
    """One record as Argilla's SDK gives and takes it."""
    responses: dict[str, list[dict[str, str]]] = defaultdict(list)
    for said in persons(task.spoken):
        for question, value in answers_of(said).items():
            responses[question].append({"value": value, "user_id": said.reviewer})
    suggestions = {
        question: {"value": value, "score": None, "agent": f"policy {said.policy}"}
        for said in policies(task.spoken)
        for question, value in answers_of(said).items()
    }
    return {
        "id": task.record_id,
        "fields": {name: task.shown[name] or "" for name in TEXTS},
        "metadata": {
            name: value
            for name, value in task.shown.items()
            if name not in TEXTS and value is not None
        },
        "responses": responses,
        "suggestions": suggestions,
    }  # fmt: skip


def resembles(content: bytes) -> bool:
    """Whether the first line is a record of Argilla."""
    try:
        told = orjson.loads(content.lstrip().split(b"\n", 1)[0])
    except orjson.JSONDecodeError:
        return False
    return isinstance(told, dict) and "id" in told and not {"fields", "responses"}.isdisjoint(told)


def read(file: Path) -> list[Task]:
    """The records of a file; BadSource names the line that is none."""
    tasks = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            told = orjson.loads(line)
            tasks.append(Task(str(told["id"]), told.get("fields", {}), tuple(spoken(told))))
        except KeyError as error:
            raise BadSource(f"{file}:{number}: no Argilla record: {error} is missing") from error
        except (orjson.JSONDecodeError, TypeError, AttributeError) as error:
            raise BadSource(f"{file}:{number}: no Argilla record: {error}") from error
    return tasks


def spoken(told: dict[str, Any]) -> Iterator[Any]:
    """One verdict for each person who answered."""
    by_user: dict[str, dict[str, Any]] = defaultdict(dict)
    for question, responses in (told.get("responses") or {}).items():
        for one in responses:
            by_user[str(one["user_id"])][question] = one["value"]
    for user, answers in by_user.items():
        yield spoken_from(user, answers)
