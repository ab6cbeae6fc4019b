"""Verdicts: what the answers of all arms say about each failure, and about what was right.

A failure counts as right in an arm and seed where its own question is answered rightly and so is
at least half of its paraphrases. It is *fixed* where that holds for the repair in most seeds and
for the control in fewer than half; where the control is right as well, it is *fixed by chance*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from train.approved import Record
from train.evaluate import Answered
from train.prove import intervals
from train.prove.questions import Asked, Questions, right

Kind = Literal["dirty", "control", "repair"]
Verdict = Literal["fixed", "by-chance", "not-fixed"]
VERDICTS: tuple[Verdict, ...] = ("fixed", "by-chance", "not-fixed")
Answers = Mapping[Kind, Sequence[Mapping[str, Answered]]]
"""By arm, and in it by seed: record -> answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One failure in one arm and seed."""

    itself: bool
    paraphrases: tuple[bool, ...]

    @property
    def right(self) -> bool:
        """Its own question, and at least half of the others."""
        return self.itself and 2 * sum(self.paraphrases) >= len(self.paraphrases)


@dataclass(frozen=True, slots=True)
class Judged:
    """One failure, its outcomes by arm and seed, and the verdict."""

    asked: Asked
    outcomes: Mapping[Kind, Sequence[Outcome]]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Broken:
    """A dev record that was right and is wrong in most repaired runs."""

    record: Record
    in_control: bool  # in most of the control's runs, too


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts."""

    failures: tuple[Judged, ...]
    broken: tuple[Broken, ...]
    broken_in_control: int
    by_chance: float  # McNemar, of what only one of repair and control broke
    passed: int

    def count(self, verdict: Verdict) -> int:
        """How many failures came to a verdict."""
        return sum(one.verdict == verdict for one in self.failures)

    def mean(self, kind: Kind, first: int = 0) -> float | None:
        """Share of failures that an arm answers rightly, over its seeds from one on."""
        seen = [one.right for each in self.failures for one in each.outcomes[kind][first:]]
        return fmean(seen) if seen else None

    @property
    def differences(self) -> list[float]:
        """Repair minus control, failure by failure and seed by seed: 1, 0 or -1."""
        return [
            float(mended.right) - float(other.right)
            for one in self.failures
            for mended, other in zip(one.outcomes["repair"], one.outcomes["control"], strict=True)
        ]

    @property
    def proven(self) -> bool:
        """Whether the repair fixed more than its control, beyond chance."""
        return self.count("fixed") > 0 and intervals.difference(self.differences)[0] > 0


def judged(questions: Questions, answers: Answers) -> Judgement:
    """The verdict on every question."""
    failures = tuple(on_failure(one, answers) for one in questions.failures)
    wrong: dict[Kind, list[set[str]]] = {
        kind: [wrongly(questions, said) for said in answers[kind]] for kind in ("repair", "control")
    }
    in_repair, in_control = (mostly(wrong[kind]) for kind in ("repair", "control"))
    return Judgement(
        failures,
        tuple(
            Broken(one, one.record_id in in_control)
            for one in questions.passed
            if one.record_id in in_repair
        ),
        len(in_control),
        intervals.by_chance(len(in_repair - in_control), len(in_control - in_repair)),
        len(questions.passed),
    )


def on_failure(asked: Asked, answers: Answers) -> Judged:
    """One failure."""
    outcomes = {kind: [outcome(asked, said) for said in seeds] for kind, seeds in answers.items()}
    return Judged(asked, outcomes, verdict(outcomes["repair"], outcomes["control"]))


def outcome(asked: Asked, said: Mapping[str, Answered]) -> Outcome:
    """One failure in one arm and seed."""
    others = tuple(right(said[one.record_id]) for one in asked.paraphrases)
    return Outcome(right(said[asked.record.record_id], asked.baseline), others)


def verdict(repair: Sequence[Outcome], control: Sequence[Outcome]) -> Verdict:
    """What the seeds of both say together."""
    if not most([one.right for one in repair]):
        return "not-fixed"
    return "by-chance" if half([one.right for one in control]) else "fixed"


def wrongly(questions: Questions, said: Mapping[str, Answered]) -> set[str]:
    """Records that were answered rightly before, and are not now."""
    return {
        one.record_id
        for one in questions.passed
        if not right(said[one.record_id], questions.baselines.get(one.record_id))
    }


def mostly(seeds: Sequence[set[str]]) -> set[str]:
    """What is in most of the sets."""
    return {one for one in set().union(*seeds) if most([one in seed for seed in seeds])}


def most(seen: Sequence[bool]) -> bool:
    """More than half."""
    return 2 * sum(seen) > len(seen)


def half(seen: Sequence[bool]) -> bool:
    """Half or more: a control is believed sooner than a repair."""
    return 2 * sum(seen) >= len(seen)
