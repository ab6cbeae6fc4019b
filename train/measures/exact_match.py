"""Exact match: the answer is the reference, blanks at both ends aside."""

from __future__ import annotations

from train.measures import Attempt, Measure, one_by_one


def exact_match(one: Attempt) -> bool | None:
    """None without a reference."""
    if not one.reference.strip():
        return None
    return one.answer.strip() == one.reference.strip()


MEASURE = Measure(
    "exact_match", "whether the answer is the reference, character for character",
    "higher", one_by_one(exact_match),
)  # fmt: skip
