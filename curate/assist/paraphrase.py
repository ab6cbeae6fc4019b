"""Paraphrase: the same request in other words; the answer stays, and every fact asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from pydantic import BaseModel, Field

from curate.assist.candidate import Candidate, Number, authored
from curate.assist.job import Job
from curate.assist.making import Made, measured, records_of
from curate.assist.question import Answer, Question
from curate.assist.weights import Weights
from curate.assist.wording import REPHRASE, messages, shown
from curate.content.facts import facts
from curate.content.quantities import agree, quantities
from curate.content.sameness import folded

QUOTED = re.compile(r"「([^「」]{1,80})」|\"([^\"\n]{1,80})\"|“([^“”\n]{1,80})”")


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
    changed = sorted(changes(row["instruction"], said))
    made = Candidate(
        "paraphrase", said, row["answer"], row["language"],
        {name: row[name] for name in ("record_id", "source", "line")}, (authored(answer),),
        input=row["input"] or "", system=row["system"], category=row["category"],
        before=row["instruction"],
    )  # fmt: skip
    numbers: dict[str, Number] = {"kept_facts": not changed, "changed": ", ".join(changed)}
    return replace(made, numbers=numbers)


def changes(before: str, after: str) -> Iterator[str]:
    """The names, links, quotations, numbers and dates that only one of two texts has."""
    one, other = folded(pl.Series([before, after], dtype=pl.String)).to_list()
    for text, there in ((before, other), (after, one)):
        stated = [fact.text for fact in facts(text) if fact.kind != "number"]
        stated += [next(filter(None, found)) for found in QUOTED.findall(text)]
        for name, plain in zip(stated, folded(pl.Series(stated, dtype=pl.String)), strict=True):
            if plain not in there:
                yield name
    mine, theirs = quantities(one), quantities(other)
    yield from (str(number) for number in mine.numbers ^ theirs.numbers)
    if not agree(mine.dates, theirs.dates):
        yield from ("-".join(str(part or "?") for part in d) for d in mine.dates ^ theirs.dates)
