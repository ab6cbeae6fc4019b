"""Select: a few of many records, good ones and unlike each other, each with its reason.

Greedy: the next record is the one of greatest quality times distance to what is taken already.
Quotas keep every category, language and source at its share. Beside the selection lies a random one
of the same size: only training on both says whether selecting helped.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from curate.assist.measure import vectors_of
from curate.errors import BadSetting

WEIGHTS = {"error": 1.0, "warn": 0.4, "info": 0.1}
KEPT_SHARE = 0.05  # least quality: what has many findings is unlikely, not impossible
GROUPS = ("category", "language", "origin")
COPY = 0.2  # distance

Group = tuple[str, str]
"""(category, language or origin; its value)"""


@dataclass(frozen=True, slots=True)
class Choosable:
    """A record as selection sees it."""

    record_id: str
    text: str
    groups: Mapping[str, str]  # category, language, origin -> value
    findings: Mapping[str, int]  # severity -> how many


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of one record, and why."""

    record_id: str
    kept: bool
    reason: str
    quality: float
    at: int | None = None  # its turn


def quality(one: Choosable) -> float:
    """1 without findings, less with each."""
    burden = sum(WEIGHTS[severity] * n for severity, n in one.findings.items())
    return max(1.0 / (1.0 + burden), KEPT_SHARE)


def selected(records: Sequence[Choosable], budget: int) -> list[Choice]:
    """A choice for every record, in their order; BadSetting where the budget is no budget."""
    if not 0 < budget < len(records):
        raise BadSetting(
            f"--budget {budget}: there are {len(records)} records; name fewer, and at least 1"
        )
    ordered = sorted(range(len(records)), key=lambda i: records[i].record_id)
    vectors = vectors_of([records[i].text for i in ordered])
    worth = np.array([quality(records[i]) for i in ordered])
    room = Quotas([records[i] for i in ordered], budget)
    far = np.ones(len(ordered))
    free = np.ones(len(ordered), bool)
    nearest = np.full(len(ordered), -1)
    taken: dict[int, tuple[int, float]] = {}
    while len(taken) < budget:
        open_ones = free & room.open()
        gain = np.where(open_ones if open_ones.any() else free, worth * far, -1.0)
        best = int(np.argmax(gain))
        taken[best] = (len(taken), float(far[best]))
        free[best] = False
        room.take(best)
        distance = 1.0 - vectors @ vectors[best]
        nearest[distance < far] = best
        far = np.minimum(far, distance)
    choices: dict[int, Choice] = {}
    for place, number in enumerate(ordered):
        one = records[number]
        good = round(float(worth[place]), 4)
        if place in taken:
            turn, apart = taken[place]
            reason = f"quality {good}, distance {apart:.2f} to what was taken before"
            choices[number] = Choice(one.record_id, True, reason, good, turn)
        else:
            near = records[ordered[nearest[place]]].record_id if nearest[place] >= 0 else None
            why = why_dropped(far[place], near, room.full(place))
            reason = f"{why}; quality {good}, distance {far[place]:.2f} to what was taken"
            choices[number] = Choice(one.record_id, False, reason, good)
    return [choices[number] for number in range(len(records))]


def why_dropped(apart: float, near: str | None, full: Group | None) -> str:
    """Why a record was not taken."""
    if near is not None and apart < COPY:
        return f"nearly a copy of {near}, which was taken"
    if full is not None:
        name, value = full
        return f"the share of {name} {value!r} is taken up" if value else "its share is taken up"
    return "the budget went to records that are better or less like the others"


class Quotas:
    """How many more of each category, language and source may be taken."""

    def __init__(self, records: Sequence[Choosable], budget: int) -> None:
        self._of = [[(name, one.groups.get(name, "")) for name in GROUPS] for one in records]
        counts = Counter(group for groups in self._of for group in groups)
        share = budget / len(records)
        self._left = {group: int(np.ceil(n * share)) for group, n in counts.items()}

    def open(self) -> np.ndarray:
        """Which records all their groups have room for."""
        return np.array([all(self._left[g] > 0 for g in groups) for groups in self._of])

    def full(self, place: int) -> Group | None:
        """The first group of a record that has no room any more."""
        return next((group for group in self._of[place] if self._left[group] <= 0), None)

    def take(self, place: int) -> None:
        """Count a record that was taken."""
        for group in self._of[place]:
            self._left[group] -= 1


def at_random(records: Sequence[Choosable], budget: int, seed: int) -> set[str]:
    """Ids of as many records, drawn without looking."""
    names = sorted(one.record_id for one in records)
    return set(random.Random(seed).sample(names, budget))
