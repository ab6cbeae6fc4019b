"""Pace: how a review went over time, who decided what, and how long it took them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from curate.review import Review
from curate.review.follow import NOTHING
from curate.review.queue import Item
from curate.store import decisions
from curate.store.decision import Decision
from curate.store.standing import Standing


@dataclass(frozen=True, slots=True)
class Point:
    """At a moment (seconds since 1970), so many items were decided, and so many were open."""

    at: float
    decided: int
    open: int


@dataclass(frozen=True)
class Tally:
    """The decisions in force; a person's, unless it is said to be a policy's."""

    decisions: tuple[Decision, ...]

    @cached_property
    def by_reviewer(self) -> Mapping[str, Counter[str]]:
        """Person -> kind of decision -> records."""
        return _counted((one.reviewer, one.kind) for one in self.decisions if one.policy is None)

    @cached_property
    def by_check(self) -> Mapping[str, Counter[str]]:
        """Check whose finding was seen -> kind of decision -> decisions, policies' too."""
        return _counted(
            (check, one.kind) for one in self.decisions for check in one.findings if one.is_verdict
        )

    @cached_property
    def seconds(self) -> Mapping[str, float]:
        """Person -> median of the seconds from shown to decided, where they are known."""
        spent: dict[str, list[float]] = defaultdict(list)
        for one in self.decisions:
            if one.seconds is not None and one.policy is None:
                spent[one.reviewer].append(one.seconds)
        return {name: median(each) for name, each in sorted(spent.items())}

    @cached_property
    def median_seconds(self) -> float | None:
        """The same over everybody."""
        spent = [one.seconds for one in self.decisions if one.policy is None]
        known = [each for each in spent if each is not None]
        return median(known) if known else None


def tally(review: Review) -> Tally:
    """Everything in force now, skips too."""
    return Tally(tuple(review.store.read(lambda on: list(decisions.current_of(on)))))


def burn_down(review: Review) -> list[Point]:
    """How many items were decided after each entry of the log that changed it.

    The log is gone through by time, so that what was taken in from another store has its place.
    """
    log = review.store.read(lambda on: list(decisions.log(on)))
    items = {one: item for item in review.queue() for one in item.records}
    total = len({item.key for item in items.values()})
    told = _Told()
    done: set[str] = set()
    points: list[Point] = []
    for one in sorted(log, key=lambda one: (one.decided_at or 0, one.id or 0)):
        told.take(one)
        item = items.get(one.record_id)
        if item is None or told.settles(item) == (item.key in done):
            continue
        done ^= {item.key}
        points.append(Point(one.decided_at or 0, len(done), total - len(done)))
    return points


class _Told:
    """Where every record stood while the log is gone through."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Decision]] = defaultdict(list)
        self._undone: set[int] = set()

    def take(self, one: Decision) -> None:
        """Go one entry further."""
        if one.undoes is not None:
            self._undone.add(one.undoes)
        elif one.kind != "comment":
            self._entries[one.record_id].append(one)

    def settles(self, item: Item) -> bool:
        """Whether nothing is left to ask."""
        return all(
            self._standing(one).settled(item.asked_of(one), item.wanted) for one in item.records
        )

    def _standing(self, record_id: str) -> Standing:
        """The last word of each person, in each role, and of each policy, as the store has it."""
        held = [one for one in self._entries.get(record_id, ()) if one.id not in self._undone]
        last = {(one.reviewer, one.adjudicates, one.policy): one for one in held}
        return Standing(tuple(last.values())) if last else NOTHING


def _counted(pairs: Iterable[tuple[str, str]]) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for name, kind in pairs:
        counted[name][kind] += 1
    return dict(sorted(counted.items()))
