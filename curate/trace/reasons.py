"""Reasons: why a record stands in a trace, in words that hold for it, and what to do of a failure.

The sentences are templates for the translator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from curate.trace.likeness import same, same_figures
from curate.trace.triage import COULD_NOT_TELL

NEAR = 0.3  # likeness of prompts from which one asks in much the same words
SAYS = 0.75  # likeness of answers from which one says the other
SOME = 0.1  # likeness of either from which there is something in common

REASONS = {
    "same-teaches": "asks the same and gives this answer",
    "near-teaches": "asks in much the same words and gives this answer",
    "elsewhere": "gives this answer to a question in other words",
    "pushes": "pushes the model toward this answer",
    "same-otherwise": "asks the same and answers otherwise",
    "near-otherwise": "asks in much the same words and answers otherwise",
    "near-right": "asks in much the same words and teaches the reference",
    "some": "has some of its words in common",
    "little": "hardly anything speaks for it",
}
ADVICE = {
    "data-caused": "training records most likely taught it: look at them in this order",
    "not-covered": "no training record is about this: write some like it",
    "under-trained": "training records teach the right answer, and the model has not learnt it: "
    "more steps, or a higher learning rate",
    "reference-doubtful": "training records agree with the model and not with the reference: look "
    "at the reference first",
    COULD_NOT_TELL: "the run kept too little to tell; take the records below as a hint",
}
"""What triage says -> what to do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one record and one failure."""

    failure: Mapping[str, Any]  # prompt, answer, reference
    record: Mapping[str, Any]  # prompt, answer
    near: float  # likeness of the prompts
    wrong: float  # likeness of the record's answer to the wrong one
    right: float  # to the reference
    pushes: bool  # whether its gradient stands out among all


def reasons(one: Seen) -> tuple[str, ...]:
    """Codes of REASONS, the telling one first."""
    rest = "some" if max(one.near, one.wrong) >= SOME else "little"
    return tuple(_codes(one)) or (rest,)


def _codes(one: Seen) -> Iterator[str]:
    asked, said, reference = (one.failure[name] or "" for name in ("prompt", "answer", "reference"))
    prompt, answer = (one.record[name] or "" for name in ("prompt", "answer"))
    where = "same" if same(asked, prompt) else "near" if one.near >= NEAR else None
    right = says(answer, reference, one.right)
    nearer = same(answer, said) or one.wrong > one.right or not right
    teaches = says(answer, said, one.wrong) and nearer
    if teaches:
        yield f"{where}-teaches" if where else "elsewhere"
    if one.pushes:
        yield "pushes"
    if where and not teaches:
        yield "near-right" if right else f"{where}-otherwise"


def says(answer: str, other: str, like: float) -> bool:
    """Whether an answer says what another says: its words, or like ones with the same figures."""
    return same(answer, other) or (like >= SAYS and same_figures(answer, other))
