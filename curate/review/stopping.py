"""Stopping: how much of what nobody has read yet is bad, and whether reading on still pays.

Records drawn at random tell. Where people read in the order `best`, what is left are the records
from its first open one on, which it holds for good. The drawn ones from there on are a random
sample of them, for the weights of the order are never fitted to these. The exact bound of a sample
without replacement (hypergeometric, inverted as Clopper and Pearson 1934 do for the binomial)
limits how many bad records there are; those in the sample are known, and the rest is what is left.

A record that somebody skipped, or on which people differ, counts as bad in the bound.
Nothing is ever said without a random decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import exp, lgamma, log

import polars as pl

from curate.locale import Translator
from curate.review import Review
from curate.review.learning import by_chance, is_bad
from curate.review.queue import CONTROL, Item, in_random_order
from curate.store.standing import Standing

LIMIT = 0.01  # share of bad records among what is left, below which one may stop
DOUBT = 0.0125  # chance that one bound is wrong, on either side
"""Looked at after every decision, the rule stops too early at most 5 times in 100."""
GRID = 64  # sizes of a sample that are tried, before those between two of them
NOTHING = Standing()

ENOUGH = (
    "fewer than 1 % of what is left is expected to be bad: {share} ({low} to {high}) of {records} "
    "records, by {n} drawn at random"
)
ESTIMATE = "bad records in what is left: {share} ({low} to {high}), by {n} drawn at random"
MORE = (
    "to be able to say that fewer than 1 % of what is left is bad: {n} more decisions on records "
    "drawn at random, if all of those stay as they are"
)
READ_ALL = (
    "to be able to say that fewer than 1 % of what is left is bad, read the {records} that are left"
)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left, by a random sample of it; shares from 0 to 1."""

    records: int  # that nobody has decided
    sample: int
    bad: int  # of the sample
    value: float | None = None
    low: float | None = None
    high: float | None = None
    more: int | None = None  # random decisions after which one may stop, if all of them are good

    @property
    def enough(self) -> bool:
        """Whether fewer than LIMIT of what is left are expected to be bad."""
        return self.high is not None and self.high < LIMIT

    def told(self, t: Translator) -> list[str]:
        """The same in words, and what is missing where one cannot say that it is enough."""
        if not self.records:
            return []
        share, low, high = map(_percent, (self.value, self.low, self.high))
        numbers = {"share": share, "low": low, "high": high, "n": self.sample}
        if self.enough:
            return [t(ENOUGH).format(**numbers, records=self.records)]
        lines = [t(ESTIMATE).format(**numbers)] if self.sample else []
        if self.more is None:
            return [*lines, t(READ_ALL).format(records=self.records)]
        return [*lines, t(MORE).format(n=self.more)]


@dataclass(frozen=True, slots=True)
class Part:
    """Records from the first on that people have still to read."""

    open: int  # nobody has answered
    sample: int  # drawn at random and answered
    bad: int  # of the sample
    unknown: int = 0  # of the sample, answered without a verdict
    aside: int = 0  # answered without a verdict, and not of the sample

    @property
    def left(self) -> int:
        """Those without a verdict."""
        return self.open + self.unknown + self.aside

    def most(self, more: int = 0) -> float:
        """The most bad records there may be among those left, after so many more good ones."""
        sample = self.sample + more
        over = _most(self.open + self.sample, sample, self.bad + self.unknown)
        return over - self.bad + self.aside

    def least(self) -> int:
        """The fewest."""
        return _least(self.open + self.sample, self.sample, self.bad) - self.bad


def left_of(review: Review) -> Left:
    """What is left of a review; where nobody has decided a drawn record, no order is needed."""
    review.store.read(review.followed.refresh)
    known = review.followed.all()
    if any(map(by_chance, known.values())):
        items = review.alone()
    else:
        ids = pl.concat(list(review.report.snapshot.frames(["record_id"])))["record_id"]
        items = [Item(one, {one: ()}) for one in sorted(ids.unique())]
    return left(items, known)


def left(items: Sequence[Item], known: Mapping[str, Standing]) -> Left:
    """What is left of a queue of all records, given in its order and without any drawn ones."""
    part = unread(items, known)
    if not part.left:
        return Left(0, part.sample, part.bad)
    more = needed(part)
    if not part.sample:
        return Left(part.left, 0, 0, more=more)
    low, high = bounds(part)
    return Left(part.left, part.sample, part.bad, part.bad / part.sample, low, high, more)


def unread(items: Sequence[Item], known: Mapping[str, Standing]) -> Part:
    """What is open from the first item on that waits for its turn, and the sample of it."""
    owner = {one: item for item in items for one in item.members}
    said = {one: fate(one, item, known) for one, item in owner.items()}
    drawn = frozenset(
        one
        for one in takewhile(said.__getitem__, in_random_order(owner))
        if any(each.ordered_by == CONTROL for each in known.get(one, NOTHING).decisions)
    )
    turn = next(
        (n for n, item in enumerate(items) if any(said[one] is None for one in item.members)),
        len(items),
    )
    rest = [one for item in items[turn:] for one in item.members]
    sample = [said[one] for one in rest if one in drawn]
    return Part(
        open=sum(said[one] is None for one in rest),
        sample=len(sample),
        bad=sample.count("bad"),
        unknown=sample.count("unknown"),
        aside=sum(what == "unknown" and one not in drawn for one, what in said.items()),
    )


def fate(record_id: str, item: Item, known: Mapping[str, Standing]) -> str | None:
    """bad, good, unknown (people skipped it, or differ) or None, where nobody has answered."""
    standing = known.get(record_id, NOTHING)
    if standing.verdict is not None:
        return "bad" if is_bad(standing.verdict) else "good"
    if standing.policies and not standing.blind:
        return "bad" if any(map(is_bad, standing.policies)) else "good"
    if standing.decisions:
        return "unknown"
    whole = (known.get(one, NOTHING).settled(item.asked_of(one)) for one in item.records)
    return "good" if record_id in item.peers and all(whole) else None


def bounds(part: Part) -> tuple[float, float]:
    """The share of bad records among those that are left: at least, at most."""
    return part.least() / part.left, part.most() / part.left


def needed(part: Part) -> int | None:
    """How many more random decisions allow to stop, if all are good; None: as many as are left."""

    def enough(more: int) -> bool:
        return part.most(more) < LIMIT * (part.left - more)

    # Of few records hardly any are left once there are enough, so it does not hold from there on.
    step = max(1, part.open // GRID)
    found = next((n for n in range(1, part.open, step) if enough(n)), None)
    return None if found is None else _first(enough, max(1, found - step + 1), found + 1)


def _most(records: int, sample: int, bad: int) -> float:
    """The highest number of bad records under which so few in the sample are no wonder.

    Between two whole numbers by how close the chance came; so a larger sample never says less.
    """
    over = _first(lambda n: _at_most(bad, records, n, sample) < DOUBT, bad, records + 1)
    if over is None:
        return records
    before, after = (_at_most(bad, records, n, sample) for n in (over - 1, over))
    return over - 1 + (log(before / DOUBT) / log(before / after) if after else 0.0)


def _least(records: int, sample: int, bad: int) -> int:
    """The lowest number of bad records under which so many in the sample are no wonder."""
    found = _first(lambda n: 1 - _at_most(bad - 1, records, n, sample) >= DOUBT, bad, records + 1)
    return bad if found is None else found


def _first(holds: Callable[[int], bool], low: int, high: int) -> int | None:
    """The first number from low up to, not including, high for which it holds, and then always."""
    end = high
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low if low < end else None


def _at_most(hits: int, records: int, bad: int, sample: int) -> float:
    """The chance of at most so many bad ones in a sample without replacement."""
    low, high = max(0, sample - (records - bad)), min(hits, bad, sample)
    whole = _choices(records, sample)
    return sum(
        exp(_choices(bad, n) + _choices(records - bad, sample - n) - whole)
        for n in range(low, high + 1)
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _choices(of: int, some: int) -> float:
    """The logarithm of how many ways there are to choose some of these."""
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)
