"""Refusal: whether the answer refuses, by the same rules that an audit asks of the data."""

from __future__ import annotations

from collections.abc import Sequence

from train.measures import Attempt, Measure, Value
from train.ruled import flagged


def refusal(attempts: Sequence[Attempt]) -> list[Value]:
    """None where the rules cannot run here."""
    return flagged("refusal", [(one.prompt, one.answer) for one in attempts])


MEASURE = Measure("refusal", "whether the answer refuses", None, refusal)
