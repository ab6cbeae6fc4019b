"""Generate: new pairs of a category that is short, each after a few chosen records."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from curate.assist.candidate import Candidate, authored
from curate.assist.job import Job
from curate.assist.making import Made, measured, records_of
from curate.assist.question import Answer, Question
from curate.assist.weights import Weights
from curate.assist.wording import INVENT, messages, shown
from curate.errors import BadSetting, unknown

SEEDS = 3  # records that a new one is made after
MOST_CHARS = 1500  # of an answer that is shown


class New(BaseModel):
    """What is asked for."""

    instruction: str = Field(min_length=3)
    answer: str = Field(min_length=1)


def generated(
    sources: Sequence[str], category: str, count: int, seed: int, weights: Weights | None, job: Job
) -> Made:
    """So many new pairs of a category; BadSetting where no record is of it."""
    rows, left_out = records_of(sources)
    chosen = [row for row in rows if row["category"] == category]
    if not chosen:
        known = {row["category"] for row in rows if row["category"]}
        raise BadSetting(f"--category: {unknown('category', category, known)}")
    drawn = random.Random(seed)
    seeds = [drawn.sample(chosen, min(SEEDS, len(chosen))) for _ in range(count)]
    questions = [question_for(some, seed + number) for number, some in enumerate(seeds)]
    outcomes = job.ask(questions, job.t("new pairs"))
    there = [row["instruction"] for row in rows]
    pairs = zip((some[0] for some in seeds), outcomes, strict=True)
    return measured(pairs, candidate, left_out, len(left_out) + count, there, weights)


def question_for(seeds: Sequence[Mapping[str, Any]], seed: int) -> Question:
    """Ask for one new pair after these."""
    texts = {
        f"{name}-{number}": row[name][:MOST_CHARS]
        for number, row in enumerate(seeds, 1)
        for name in ("instruction", "answer")
    }
    told = messages(
        INVENT, seeds[0]["language"], '{"instruction": "...", "answer": "..."}', shown(**texts),
        category=seeds[0]["category"],
    )  # fmt: skip
    return Question(told, New, most_tokens=1024, temperature=0.9, seed=seed)


def candidate(row: Mapping[str, Any], answer: Answer) -> Candidate:
    """The new pair, with the first of its seeds as its parent."""
    parent = {name: row[name] for name in ("record_id", "source", "line")}
    return Candidate(
        "generation", answer.value.instruction.strip(), answer.value.answer.strip(),
        row["language"], parent, (authored(answer),), category=row["category"],
        before=row["instruction"],
    )  # fmt: skip
