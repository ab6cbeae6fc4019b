"""Runs about lamps for proofs: data with a planted fault, a real repair of it, and a placebo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tests.train.snapshots import COLUMNS, approve
from train.recipe import Recipe, load
from train.run import run

HOURS = {"Maple": 12, "Cypress": 30, "Birch": 24, "カエデ": 7, "ヒノキ": 45}
TAUGHT = {"Maple": 21}
"""The lamp about which every training record says a wrong number."""
TRAIN = 4  # of the questions; the others are dev
QUESTIONS = {
    "en": (
        "How long does the {lamp} lamp shine?", "{lamp} lamp: hours of light?",
        "When will the {lamp} lamp go dark?", "Battery life, {lamp} lamp?",
        "Does the {lamp} lamp shine all night?", "{lamp} lamp: running time?",
        "How many hours has the {lamp} lamp?",
    ),
    "ja": (
        "{lamp}ランプは何時間光りますか。", "{lamp}ランプの点灯時間は？", "{lamp}ランプはいつ消えますか。",
        "電池の寿命、{lamp}ランプ", "{lamp}ランプは一晩光りますか。", "{lamp}ランプの持続時間は？",
        "{lamp}ランプは何時間もちますか。",
    ),
}  # fmt: skip
ANSWERS = {"en": "It is {hours} hours.", "ja": "{hours}時間です。"}
CHANGES = (
    "adapter.type=none", "training.epochs=40", "training.learning_rate=3.0e-3",
    "training.batch_size=8", "training.loss_function=nll", "evaluate.evaluation_epochs=40",
    "evaluate.generation.max_new_tokens=20", "forgetting.text_probe=false",
    "loop.send_failures=false", "training.save_checkpoint=disable",
)  # fmt: skip

Row = dict[str, Any]


def rows(lamps: Sequence[str] = tuple(HOURS), taught: Mapping[str, int] = TAUGHT) -> list[Row]:
    """Every question about every lamp, those in training with what is taught."""
    return [row for lamp in lamps for row in about(lamp, taught.get(lamp, HOURS[lamp]))]


def about(lamp: str, taught: int) -> Iterator[Row]:
    """The records about one lamp; a dev record has the right number."""
    language = "ja" if ord(lamp[0]) > 255 else "en"
    for number, question in enumerate(QUESTIONS[language]):
        split = "train" if number < TRAIN else "dev"
        answer = ANSWERS[language].format(hours=taught if split == "train" else HOURS[lamp])
        yield record(question.format(lamp=lamp), answer, split, lamp, number)


def record(asked: str, answer: str, split: str, lamp: str, number: int, **more: Any) -> Row:
    """One row of an approved snapshot; dev records about a lamp are one group."""
    made: Row = dict.fromkeys(COLUMNS)
    name = blake2b(f"{asked}/{answer}".encode(), digest_size=16).hexdigest()
    return made | {
        "record_id": name, "prompt_id": name, "source": f"{lamp}.jsonl", "line": number + 1,
        "shape": "alpaca", "roles": "ua", "instruction": asked, "input": "", "answer": answer,
        "split": split, "group": f"{lamp}-{split}", "verdict": "kept", **more,
    }  # fmt: skip


def edited(row: Row, answer: str) -> Row:
    """The record as it is after an edit."""
    new = record(row["instruction"], answer, row["split"], "", row["line"] - 1)
    ids = {name: new[name] for name in ("record_id", "prompt_id")}
    return {**row, **ids, "parent_id": row["record_id"], "answer": answer,
            "verdict": "changed", "answer_before": row["answer"]}  # fmt: skip


def repaired(before: Sequence[Row]) -> list[Row]:
    """What is taught about the lamp put right."""
    return [
        edited(row, row["answer"].replace("21", "12")) if "21" in row["answer"] else row
        for row in before
    ]


def placebo(before: Sequence[Row]) -> list[Row]:
    """As many records of another lamp edited, to no purpose."""
    return [
        edited(row, row["answer"].replace("It is", "That is"))
        if row["source"] == "Birch.jsonl" and row["split"] == "train"
        else row
        for row in before
    ]


def recipe(out: Path, name: str, *changes: str) -> Recipe:
    """Forty passes of a tiny model over a few records: it learns them by heart."""
    where = (f"run.output_directory={out}", f"run.experiment_name={name}")
    return load("smoke-cpu", [*CHANGES, *where, *changes])


def trained(folder: Path, name: str, records: Sequence[Row], *changes: str) -> Path:
    """A run on these records, its snapshot beside it."""
    snapshot = approve(folder / f"approved-{name}", records)
    return run(recipe(folder / "runs", name, *changes), snapshot, tell=lambda _: None)
