"""chrF: how many stretches of up to six characters answer and reference share.

Popović 2015, as sacrebleu counts it, 0 to 100. It needs no words, so Japanese is measured alike.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from train.measures import Attempt, Measure, one_by_one


def chrf(one: Attempt) -> float | None:
    """None without a reference; an empty answer has nothing of it."""
    if not one.reference.strip():
        return None
    return float(scorer().sentence_score(one.answer, [one.reference]).score)


@cache
def scorer() -> Any:
    """sacrebleu's, made once."""
    from sacrebleu.metrics.chrf import CHRF

    return CHRF()


MEASURE = Measure(
    "chrf", "the share of character sequences in common with the reference, 0 to 100",
    "higher", one_by_one(chrf),
)  # fmt: skip
