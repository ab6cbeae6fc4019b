"""Figures of a review: how far it is, how well people agree, and how much of the data is bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean

import polars as pl

from curate.content import agreement
from curate.content.agreement import Alpha, Pair
from curate.review import Review
from curate.review.failing import about, opened_record
from curate.review.follow import NOTHING
from curate.review.learning import by_chance, is_bad
from curate.review.likeness import Interval, Likeness, edited_twice, kappa_interval, likeness
from curate.review.why import state
from curate.store import leases
from curate.store.decision import Decision
from curate.store.failures import on_failure
from curate.store.leases import Lease
from curate.store.standing import Standing

FEWEST = 5  # records decided twice, below which kappa and alpha say nothing
Z = 1.959963984540054  # a normal variable lies within this many deviations 95 times in 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is; items, of which a cluster is one."""

    items: int
    states: Mapping[str, int]  # done, open, skipped by all asked, second, conflict
    gone: int  # records decided on that this audit has not, so that none of these counts them
    verdicts: Mapping[str, int]  # records by what persons decided
    failures: Mapping[str, int]  # failures of models by verdict
    opened: int  # records looked at again because of failures; what came of it is in `verdicts`
    policies: Mapping[str, int]  # records by policy
    reviewers: Mapping[str, int]  # records that each decided on
    checks: Mapping[str, tuple[int, int]]  # items decided, and all
    leased: Sequence[Lease]


@dataclass(frozen=True, slots=True)
class Between:
    """How far two people agree: on verdicts, and on the words of their edits."""

    pair: Pair
    kappa: Interval
    alpha: Alpha
    edits: Likeness

    @property
    def enough(self) -> bool:
        """Whether kappa and alpha say anything."""
        return self.pair.items >= FEWEST

    @property
    def range(self) -> tuple[float, float]:
        """Wilson's interval of the share that came to the same outcome."""
        return wilson(round(self.pair.percent * self.pair.items), self.pair.items)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people who decided blindly chose the same verdict, and the same words."""

    items: int
    percent: float | None  # 0 to 1: the same outcome, so that nobody has to adjudicate
    kinds: float | None  # 0 to 1: the same kind of verdict, in whatever words
    pairs: Sequence[Pair]
    alpha: Alpha
    sure: Interval  # of `kappa`
    between: Sequence[Between]  # the same pairs, with all that is known of each
    edits: Likeness

    @property
    def enough(self) -> bool:
        """Whether kappa and alpha say anything."""
        return self.items >= FEWEST

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; of several pairs the mean (Light 1971); None where no pair has one."""
        known = [pair.kappa for pair in self.pairs if pair.kappa is not None]
        return fmean(known) if known else None

    @property
    def range(self) -> tuple[float, float] | None:
        """Wilson's interval of `percent`, as a share of the items."""
        if self.percent is None:
            return None
        return wilson(round(self.percent * self.items), self.items)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval, from a random sample; `open` of it are not decided yet."""

    bad: int
    sample: int
    open: int
    value: float | None
    low: float | None
    high: float | None


def progress(review: Review) -> Progress:
    """Count everything once, by what the store says now."""
    every = _standings(review)
    items = review.queue()
    there = set(pl.concat(review.report.snapshot.frames(["record_id"]))["record_id"])
    there |= {one for item in items for one in item.members}
    known = {one: every[one] for one in every if one in there or on_failure(one)}
    told = [(item, state(item, lambda one: known.get(one, NOTHING), "")) for item in items]
    checks: dict[str, tuple[int, int]] = {}
    for item, said in told:
        for check in {name for names in item.checks.values() for name in names}:
            done, total = checks.get(check, (0, 0))
            checks[check] = (done + (said == "done"), total + 1)
    spoken = {key: one.verdict for key, one in known.items() if one.verdict is not None}
    return Progress(
        len(items),
        Counter(said for _, said in told),
        len(every) - len(known),
        Counter(one.kind for key, one in spoken.items() if not on_failure(key)),
        Counter(str(about(one)["verdict"]) for one in spoken.values() if "verdict" in about(one)),
        sum(opened_record(key) is not None for key in spoken),
        Counter(p.policy for one in known.values() for p in one.policies if p.policy),
        Counter(name for one in known.values() for name in one.blind),
        dict(sorted(checks.items())),
        review.store.read(lambda on: leases.live(review.store, on)),
    )


def agreement_of(review: Review, check: str | None = None) -> Agreement:
    """Over the records that two or more decided on, or those of one check's findings."""
    twice = [
        one.blind
        for one in _standings(review).values()
        if len(one.blind) > 1 and (check is None or _saw(one, check))
    ]
    items = [{name: label(one) for name, one in given.items()} for given in twice]
    ends = [{name: one.outcome for name, one in given.items()} for given in twice]
    found = _ending(agreement.pairs(items), agreement.pairs(ends))
    edited = [one for given in twice for one in edited_twice(given)]
    return Agreement(
        len(items),
        agreement.percent(ends) if ends else None,
        agreement.percent(items) if items else None,
        found,
        agreement.alpha(items),
        kappa_interval(items),
        [_between(pair, items, edited) for pair in found],
        likeness(texts for *_, texts in edited),
    )


def label(one: Decision) -> str:
    """What kappa and alpha compare: the kind, and where it goes but not in what words.

    Two who relabel differently, or let different records of a cluster stay, do not agree; how like
    two edits are is measured apart.
    """
    return one.kind if one.kind == "edit" else one.outcome


def _ending(labelled: Iterable[Pair], ended: Iterable[Pair]) -> list[Pair]:
    """Pairs with the kappa of what was compared, and the share that came to the same outcome."""
    same = {(pair.one, pair.other): pair.percent for pair in ended}
    return [replace(pair, percent=same[pair.one, pair.other]) for pair in labelled]


def _between(
    pair: Pair,
    items: Iterable[Mapping[str, str]],
    edited: Iterable[tuple[str, str, tuple[str, str]]],
) -> Between:
    who = (pair.one, pair.other)
    both = [{name: one[name] for name in who} for one in items if all(name in one for name in who)]
    texts = [texts for one, other, texts in edited if (one, other) == who]
    return Between(pair, kappa_interval(both), agreement.alpha(both), likeness(texts))


def agreement_by_check(review: Review) -> dict[str, Agreement]:
    """The same for every check of which two people saw a finding."""
    twice = [one for one in _standings(review).values() if len(one.blind) > 1]
    checks = {c for one in twice for decision in one.blind.values() for c in decision.findings}
    return {check: agreement_of(review, check) for check in sorted(checks)}


def bad_rate(review: Review) -> Rate:
    """How much of all the data people would drop or change, from the records drawn at random.

    Counted are the drawn records up to the last that was decided as one, in the order of the draw,
    whoever decided them and from whichever order; what comes later would be chosen by its findings.
    """
    known = _standings(review)
    sample = [item.drawn for item in review.queue() if item.drawn is not None]
    reached = [n for n, one in enumerate(sample, start=1) if by_chance(known.get(one, NOTHING))]
    seen = [known.get(one, NOTHING).verdict for one in sample[: max(reached, default=0)]]
    decided = [one for one in seen if one is not None]
    bad = sum(map(is_bad, decided))
    low, high = wilson(bad, len(decided)) if decided else (None, None)
    value = bad / len(decided) if decided else None
    return Rate(bad, len(decided), len(seen) - len(decided), value, low, high)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927), which never leaves 0 to 1."""
    share = hits / total
    middle = (share + Z**2 / (2 * total)) / (1 + Z**2 / total)
    half = Z * sqrt(share * (1 - share) / total + Z**2 / (4 * total**2)) / (1 + Z**2 / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def _saw(standing: Standing, check: str) -> bool:
    return any(check in one.findings for one in standing.blind.values())


def _standings(review: Review) -> dict[str, Standing]:
    review.store.read(review.followed.refresh)
    return review.followed.all()
