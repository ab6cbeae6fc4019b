"""Moments: the epochs of a run in which the gradients of its records are kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

SHARES = (1 / 3, 2 / 3, 1.0)


@dataclass(frozen=True, slots=True)
class Moment:
    """An epoch whose visits are kept, and the step after which its adapter is."""

    number: int
    """From 1."""
    epoch: int
    """From 1."""
    step: int


def chosen(epochs: int, before: Sequence[int] = ()) -> list[int]:
    """The epochs nearest a third, two thirds and the end, each once.

    A run that goes on for longer than it was meant to keeps its earlier ones, `before`, and the
    new end takes the place of the old one.
    """
    if before:
        passed = [epoch for epoch in before if epoch < epochs]
        return [*(passed[:-1] if len(passed) == len(SHARES) else passed), epochs]
    return sorted({max(1, math.floor(epochs * share + 0.5)) for share in SHARES})


def moments(sizes: Sequence[int], each: int, before: Sequence[int] = ()) -> list[Moment]:
    """The moments of a run with so many batches an epoch, `each` of them in a step."""
    ends = list(accumulate(sizes))
    return [
        Moment(number, epoch, -(-ends[epoch - 1] // each))
        for number, epoch in enumerate(chosen(len(sizes), before), 1)
    ]
