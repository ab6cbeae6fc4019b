"""Label Studio: tasks with annotations and predictions, as one JSON array.

The labels are `verdict` (choices), `reason`, and `new_answer` and the like (text areas).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from curate.errors import BadSource
from curate.publish import write_whole
from curate.review.elsewhere import Spoken, Task, answers_of, persons, policies, spoken_from

TOOL = "label-studio"
VERDICT = "verdict"


def write(tasks: tuple[Task, ...], file: Path) -> None:
    """Write the tasks."""
    told = [task_of(one, number) for number, one in enumerate(tasks, start=1)]
    write_whole(file, orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")


def task_of(task: Task, number: int) -> dict[str, Any]:
    """One task as the import page takes it."""
    return {
        "id": number,
        "data": {"record_id": task.record_id, **task.shown},
        "annotations": [
            {"completed_by": one.reviewer, "lead_time": one.seconds, "result": results(one)}
            for one in persons(task.spoken)
        ],
        "predictions": [
            {"model_version": f"policy {one.policy}", "result": results(one)}
            for one in policies(task.spoken)
        ],
    }


def results(said: Spoken) -> list[dict[str, Any]]:
    """What one person labelled."""
    return [
        {"from_name": name, "to_name": "answer", **typed(name, value)}
        for name, value in answers_of(said).items()
    ]


def typed(name: str, value: str) -> dict[str, Any]:
    """A choice, or a text."""
    if name == VERDICT:
        return {"type": "choices", "value": {"choices": [value]}}
    return {"type": "textarea", "value": {"text": [value]}}


def resembles(content: bytes) -> bool:
    """Whether it is an array of tasks."""
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:
        return False
    return isinstance(told, list) and all(isinstance(one, dict) and "data" in one for one in told)


def read(file: Path) -> list[Task]:
    """The tasks of a file; BadSource names the one that cannot be used."""
    try:
        told = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise BadSource(f"{file}: no JSON: {error}") from error
    if not isinstance(told, list):
        raise BadSource(f"{file}: a JSON array of tasks is expected; export as JSON")
    tasks = []
    for number, one in enumerate(told, start=1):
        try:
            tasks.append(Task(str(one["data"]["record_id"]), one["data"], tuple(spoken(one))))
        except KeyError as error:
            raise BadSource(f"{file}: task {number} cannot be used: {error} is missing") from error
        except (TypeError, AttributeError, IndexError) as error:
            raise BadSource(f"{file}: task {number} cannot be used: {error}") from error
    return tasks


def spoken(told: dict[str, Any]) -> Iterator[Spoken]:
    """One verdict for each annotation that was not cancelled."""
    for one in told.get("annotations") or ():
        if one.get("was_cancelled"):
            continue
        answers = {}
        for result in one["result"]:
            value = result["value"]
            answers[result["from_name"]] = (value.get("choices") or value["text"])[0]
        yield spoken_from(who(one), answers, one.get("lead_time"))


def who(annotation: dict[str, Any]) -> str:
    """The annotator, by mail address where the export has it, else by number."""
    by = annotation.get("completed_by")
    return str(by["email"] if isinstance(by, dict) else by)
