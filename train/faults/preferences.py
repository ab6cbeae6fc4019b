"""Preferences: pairs of a better and a worse answer, for dpo."""

from __future__ import annotations

from collections.abc import Iterator

from train.approved import Record
from train.intent import Intent
from train.problem import Problem, error

SUBJECT = "pairs"
NEEDS = ("manifest",)


def find(intent: Intent) -> Iterator[Problem]:
    """Pairs that are missing, equal or empty."""
    if intent.recipe.training.task != "dpo":
        return
    pairs = [(record, worse(record)) for record in intent.train]
    if not any(text is not None for _, text in pairs):
        yield error(
            "no-pairs",
            "training.task=dpo needs answers that review edited, or preference data, and no "
            "training record has two answers",
        )
    if ids := [record.record_id for record, text in pairs if text == record.answer]:
        yield error("equal-pair", "{n} records have the same answer as better and as worse", ids)
    if ids := [r.record_id for r, text in pairs if text is not None and not text.strip()]:
        yield error("empty-rejected", "{n} records have an empty worse answer", ids)


def worse(record: Record) -> str | None:
    """The answer that the approved one is preferred to."""
    return record.answer_before if record.answer_before is not None else record.rejected
