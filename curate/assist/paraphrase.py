"""Paraphrase: the same request in other words; the answer stays, and every fact asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, Field

from curate.assist.candidate import Candidate, authored
from curate.assist.job import Job
from curate.assist.making import Made, measured, records_of
from curate.assist.question import Answer, Question
from curate.assist.stated import kept
from curate.assist.weights import Weights
from curate.assist.wording import REPHRASE, messages, shown


class Rephrased(BaseModel):
    """What is asked for."""

    instruction: str = Field(min_length=3)


def paraphrased(
    sources: Sequence[str], times: int, persona: str | None, weights: Weights | None, job: Job
) -> Made:
    """So many paraphrases of every record; each is a candidate or left out."""
    rows, left_out = records_of(sources)
    asked = [(row, n) for row in rows for n in range(times)]
    questions = [question_for(row, n, persona) for row, n in asked]
    outcomes = job.ask(questions, job.t("paraphrases"))
    pairs = zip((row for row, _ in asked), outcomes, strict=True)
    there = [row["instruction"] for row in rows]
    return measured(pairs, candidate, left_out, len(left_out) + len(asked), there, weights)


def question_for(row: Mapping[str, Any], number: int, persona: str | None) -> Question:
    """Ask for one paraphrase; the seed tells several of one record apart."""
    told = messages(
        REPHRASE, row["language"], '{"instruction": "..."}',
        shown(instruction=row["instruction"]), persona=persona,
    )  # fmt: skip
    return Question(told, Rephrased, most_tokens=300, temperature=0.7, seed=number)


def candidate(row: Mapping[str, Any], answer: Answer) -> Candidate:
    """The record with its instruction said in other words."""
    said = answer.value.instruction.strip()
    made = Candidate(
        "paraphrase", said, row["answer"], row["language"],
        {name: row[name] for name in ("record_id", "source", "line")}, (authored(answer),),
        input=row["input"] or "", system=row["system"], category=row["category"],
        before=row["instruction"],
    )  # fmt: skip
    return replace(made, numbers=kept(row["instruction"], said))
