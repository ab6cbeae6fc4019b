"""Over-claim: whether the answer promises what a model cannot do, by the rules of an audit."""

from __future__ import annotations

from collections.abc import Sequence

from train.measures import Attempt, Measure, Value
from train.ruled import flagged


def over_claim(attempts: Sequence[Attempt]) -> list[Value]:
    """None where the rules cannot run here."""
    return flagged("over-claim", [(one.prompt, one.answer) for one in attempts])


MEASURE = Measure("over_claim", "whether the answer claims an ability", "lower", over_claim)
