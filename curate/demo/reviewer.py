"""The demo's reviewer: a script that answers failures as a person would who has the data sheet.

It decides through the same calls as the review app, under the name demo-script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from curate.demo import loop
from curate.review import Review
from curate.review.failing import Case, case_of
from curate.review.failures import Answer, answer, answer_opened
from curate.review.frames import FAILED, OPENED, Filters
from curate.review.shown import Shown
from curate.store.failures import record_of

NAME = "demo-script"
WAITING = Filters(check=(FAILED, OPENED))


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said of a failure, or of a training record that one opened."""

    question: str
    verdict: str
    about: str


def review_failures(review: Review) -> Iterator[Answered]:
    """Answer every failure in the queue, and then every record that was opened because of one."""
    right = {str(one["wrong"]): str(one["right"]) for one in loop.wrong()}
    records = pl.concat(review.report.snapshot.frames(["record_id", "instruction", "answer"]))
    texts = {row["record_id"]: row for row in records.iter_rows(named=True)}
    while isinstance(shown := review.claim(NAME, "failure-linked", WAITING), Shown):
        case = case_of(review.store, shown.record_id)
        if case is None:
            yield opened(review, shown, texts[record_of(shown.record_id)], right)
            continue
        given = verdict(case, right)
        answer(review, shown, given)
        yield Answered(case.failure.told["prompt"], given.verdict, case.failure.told["answer"])


def verdict(case: Case, right: Mapping[str, str]) -> Answer:
    """The reference is wrong, or training records are, or the model needs more training."""
    reference = case.failure.told["reference"]
    if reference in right:
        edit = {"answer": {"old": reference, "new": right[reference]}}
        return Answer("reference-wrong", changes=edit, note="the data sheet says otherwise")
    near = {one.record_id: one.answer for one in (*case.by_answer, *case.by_prompt)}
    taught = [
        one for one, said in near.items() if said in right and said == case.failure.told["answer"]
    ]
    if taught:
        return Answer("training-records-wrong", opens=taught, note="the data sheet says otherwise")
    return Answer("under-trained", note="the records are right: train longer")


def opened(
    review: Review, shown: Shown, record: Mapping[str, str], right: Mapping[str, str]
) -> Answered:
    """Edit a training record that is wrong; keep one that is not."""
    old = record["answer"]
    if old in right:
        edit = {"answer": {"old": old, "new": right[old]}}
        answer_opened(review, shown, "edit", edit, "as the data sheet has it")
    else:
        answer_opened(review, shown, "keep")
    return Answered(record["instruction"], "edit" if old in right else "keep", right.get(old, old))
