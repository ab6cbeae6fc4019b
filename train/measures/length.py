"""Length: characters of the answer."""

from __future__ import annotations

from train.measures import Attempt, Measure, one_by_one


def length(one: Attempt) -> float:
    """In characters, so that tokenizers do not matter."""
    return float(len(one.answer))


MEASURE = Measure("length", "the answer's length in characters", None, one_by_one(length))
