"""Calibrate: how far a judge agrees with people, and from which score on it should be heeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curate.assist.judge import LEAST_DECISIONS, Judged
from curate.review.review import Review
from curate.store import decisions
from curate.store.standing import standings

BAD = ("drop", "edit", "relabel")


@dataclass(frozen=True, slots=True)
class Calibration:
    """`threshold`: a lowest score below it is a finding. Uncalibrated: too little to learn from."""

    decisions: int
    threshold: float
    one_sided: bool = False  # all found good, or all bad: nothing tells where the line runs
    agreement: float | None = None  # share of decided records, threshold chosen without each
    chance: float | None = None  # what always saying the more common thing would reach

    @property
    def calibrated(self) -> bool:
        """Whether people have decided on enough of what was judged."""
        return self.agreement is not None


def people_said(review: Review) -> dict[str, bool]:
    """Record -> whether people found it good; records without a verdict of persons are left out."""
    found = review.store.read(lambda on: standings(decisions.current_of(on)))
    return {
        record_id: standing.verdict.kind not in BAD
        for record_id, standing in found.items()
        if standing.verdict is not None and standing.verdict.kind in ("keep", *BAD)
    }


def calibrated(made: Sequence[Judged], good: Mapping[str, bool], default: float) -> Calibration:
    """The threshold that agrees best with people; agreement leaves each record out in turn."""
    pairs = [(one.lowest, good[one.record_id]) for one in made if one.record_id in good]
    known = [(score, fine) for score, fine in pairs if score is not None]
    one_sided = len({fine for _, fine in known}) == 1
    if len(known) < LEAST_DECISIONS or one_sided:
        return Calibration(len(known), default, one_sided)
    hits = 0
    for at, (score, fine) in enumerate(known):
        rest = [*known[:at], *known[at + 1 :]]
        hits += (score >= best_threshold(rest)) == fine
    fine_ones = sum(fine for _, fine in known)
    return Calibration(
        len(known),
        best_threshold(known),
        agreement=hits / len(known),
        chance=max(fine_ones, len(known) - fine_ones) / len(known),
    )


def best_threshold(known: Sequence[tuple[float, bool]]) -> float:
    """The score that parts good from bad with the fewest disagreements; the lowest of equals."""
    agrees = {t: sum((score >= t) == fine for score, fine in known) for t in range(1, 7)}
    return float(max(agrees, key=lambda t: (agrees[t], -t)))
