"""Back-translating: from documents to measured candidates, each text accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import typer

from curate.assist.asking import likely
from curate.assist.backtranslate import (
    Pair,
    candidate,
    question_for,
    rewrite_question,
    rewritten,
)
from curate.assist.candidate import Candidate
from curate.assist.documents import documents
from curate.assist.doubts import Limits, doubts_of
from curate.assist.job import Job
from curate.assist.measure import again, by_text, by_weights, regenerated
from curate.assist.passages import Cut, LeftOut, Passage
from curate.assist.question import Answer
from curate.assist.weights import Weights
from curate.content.language import languages
from curate.errors import BadSource, Unaccounted
from curate.reading import read
from curate.record import with_prompt
from curate.show.numbers import number

LIKELY_CHARS = 80  # of an instruction
BEST = 8  # pairs of the first round that are examples in the second


@dataclass(frozen=True, slots=True)
class How:
    """What the user wants done beside asking."""

    approved: tuple[str, ...] = ()
    persona: str | None = None
    rewrite: bool = False
    regenerate: bool = False
    rounds: int = 1
    limits: Limits = field(default_factory=dict)
    cut: Cut = field(default_factory=Cut)
    written: tuple[Path, ...] = ()  # by an earlier run; not read where it lies among the texts


@dataclass(frozen=True, slots=True)
class Done:
    """Every text that was read is a candidate or left out."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    read: int


def backtranslated(docs: Sequence[str], how: How, scorer: Weights | None, job: Job) -> Done:
    """The whole way; BadSource where there is no text to work on."""
    found = documents(docs, how.cut, how.written)
    if not found.passages:
        raise BadSource(f"there is no text to work on in {', '.join(docs)}")
    pairs = approved_pairs(how.approved)
    there = [pair.instruction for pair in pairs]
    foretold(found.passages, pairs, how, job)
    for turn in range(how.rounds):
        made, unanswered = one_round(found.passages, pairs, how, job, turn + 1)
        measured = by_weights(by_text(made, there), scorer)
        best = best_of(measured, how.limits)
        pairs = [*best, *pairs]
        if turn + 1 < how.rounds and not best:
            typer.echo(job.t("no pair of the first round is fit for an example: no second round"))
            break
    if how.regenerate:
        measured = regenerate(measured, job)
    left_out = (*found.left_out, *unanswered)
    if found.read != len(measured) + len(left_out):
        raise Unaccounted(f"{found.read} texts read, {len(measured)} + {len(left_out)} left")
    return Done(tuple(measured), left_out, found.read)


def foretold(passages: Sequence[Passage], pairs: Sequence[Pair], how: How, job: Job) -> None:
    """Say what all stages together will likely cost; each says its own part when it begins."""
    asked = sum(likely(question_for(passage, pairs, how.persona)) for passage in passages)
    stand_ins = [stand_in(passage) for passage in passages]
    more = sum(likely(rewrite_question(one)) for one in stand_ins) if how.rewrite else 0
    anew = sum(likely(again(one)) for one in stand_ins) if how.regenerate else 0
    stages = how.rounds * (1 + how.rewrite) + how.regenerate
    if stages > 1:
        says = job.t(
            "in {stages} stages, about {likely} tokens in all; "
            "what is answered already costs nothing"
        )
        whole = how.rounds * (asked + more) + anew
        typer.echo(says.format(stages=stages, likely=number(whole)))


def stand_in(passage: Passage) -> Candidate:
    """The pair that a passage will likely make, for what its further questions will cost."""
    return Candidate("backtranslation", "x" * LIKELY_CHARS, passage.text, passage.language, {}, ())


def one_round(
    passages: Sequence[Passage], pairs: Sequence[Pair], how: How, job: Job, turn: int
) -> tuple[list[Candidate], list[LeftOut]]:
    """Ask for every instruction, and where wanted for every answer again."""
    questions = [question_for(passage, pairs, how.persona) for passage in passages]
    outcomes = job.ask(questions, job.t("instructions, round {n}").format(n=turn))
    made: list[Candidate] = []
    left_out: list[LeftOut] = []
    for passage, outcome in zip(passages, outcomes, strict=True):
        if isinstance(outcome, Answer):
            made.append(candidate(passage, outcome))
        else:
            left_out.append(LeftOut(passage.source, passage.line, outcome.says, outcome.args))
    if how.rewrite:
        made = rewrite(made, job)
    return made, left_out


def rewrite(made: Sequence[Candidate], job: Job) -> list[Candidate]:
    """Each answer as it would be given to its instruction; where none came, it stays as it is."""
    outcomes = job.ask([rewrite_question(one) for one in made], job.t("answers rewritten"))
    return [
        rewritten(one, outcome) if isinstance(outcome, Answer) else one
        for one, outcome in zip(made, outcomes, strict=True)
    ]


def regenerate(made: Sequence[Candidate], job: Job) -> list[Candidate]:
    """The pairs, each knowing how like its answer is to one given to the instruction alone."""
    outcomes = job.ask([again(one) for one in made], job.t("answers given anew"))
    return [
        regenerated(one, outcome.value)
        if isinstance(outcome, Answer)
        else one.not_measured("likeness", outcome.why)
        for one, outcome in zip(made, outcomes, strict=True)
    ]


def best_of(measured: Sequence[Candidate], limits: Limits) -> list[Pair]:
    """The pairs that no number speaks against and whose prompt helps most: examples to write by."""
    doubted = zip(measured, doubts_of(measured, limits), strict=True)
    good = [one for one, doubts in doubted if not doubts]
    first = sorted(good, key=lambda one: -float(one.numbers.get("ifd_delta") or 0))
    return [Pair(one.instruction, one.answer, one.language) for one in first[:BEST]]


def approved_pairs(paths: Sequence[str]) -> list[Pair]:
    """Records that people let through, with the language of each."""
    if not paths:
        return []
    records, _ = read(list(paths))
    asked = with_prompt(records).filter(pl.col("prompt").fill_null("") != "")
    columns = zip(asked["prompt"], asked["answer"], languages(asked["answer"]), strict=True)
    return [Pair(*each) for each in columns]
