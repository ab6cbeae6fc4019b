"""Why a queue is empty, said in full: what is done, who has the rest, what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curate.locale import Translator
from curate.review.follow import NOTHING
from curate.review.frames import Filters
from curate.review.queue import Item
from curate.review.shown import clock_time
from curate.store import leases
from curate.store.database import Connection
from curate.store.standing import Standing

if TYPE_CHECKING:
    from curate.review import Review


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, as a template that the Japanese catalogue knows, and what fills it."""

    says: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is no record for this person now; `until` is when a lease of another ends."""

    reasons: tuple[Why, ...]
    until: float | None = None  # seconds since 1970

    def told(self, t: Translator) -> list[str]:
        """The reasons in the translator's language."""
        return [t(why.says).format(**why.args) for why in self.reasons]


def why_empty(
    review: Review, on: Connection, items: list[Item], reviewer: str, filters: Filters, whole: int
) -> Nothing:
    """The reasons; `whole` is how many items there are without filters."""
    states = Counter(state(item, review.followed.of, reviewer) for item in items)
    others = [one for one in leases.live(review.store, on) if one.reviewer != reviewer]
    keys = {item.key for item in items}
    held = [one for one in others if one.record_id in keys]
    reasons = [
        *_counted(states, len(items)),
        *_of(held),
    ]
    if filters.active and whole > len(items):
        left = {"n": whole - len(items)}
        reasons.append(Why(says="left out by the filters: {n}", args=left))
    return Nothing(tuple(reasons), min((one.until for one in held), default=None))


def without_conflict(review: Review, reviewer: str, order: str, filters: Filters) -> Nothing:
    """The reasons where only records in conflict are asked for; what others have of those."""
    items, whole = review.queue(order, filters), review.queue(order)

    def work(on: Connection) -> Nothing:
        review.followed.refresh(on)
        states = {item.key: state(item, review.followed.of, reviewer) for item in whole}
        differing = {item.key for item in items if states[item.key] == "conflict"}
        live = leases.live(review.store, on)
        held = [one for one in live if one.reviewer != reviewer and one.record_id in differing]
        reasons = [Why(says="reviewers differ on none that is free for you", args={}), *_of(held)]
        if waiting := Counter(states.values())["open"]:
            says = "left out, because only where reviewers differ is shown: {n} open"
            reasons.append(Why(says=says, args={"n": waiting}))
        hidden = sum(one == "conflict" for one in states.values()) - len(differing)
        if hidden:
            reasons.append(Why(says="left out by the filters: {n}", args={"n": hidden}))
        return Nothing(tuple(reasons), min((one.until for one in held), default=None))

    return review.store.read(work)


def _of(held: list[leases.Lease]) -> Iterator[Why]:
    for name, (n, until) in _by_reviewer(held).items():
        told = {"reviewer": name, "time": clock_time(until), "n": n}
        yield Why(says="with {reviewer} until {time}: {n}", args=told)


def _counted(states: Counter[str], items: int) -> Iterator[Why]:
    if not items:
        yield Why(says="no record has a finding here", args={})
    if states["done"]:
        yield Why(says="decided: {n} of {total}", args={"n": states["done"], "total": items})
    if states["second"]:
        yield Why(says="waiting for another reviewer: {n}", args={"n": states["second"]})
    if states["conflict"]:
        yield Why(says="reviewers differ, to be adjudicated: {n}", args={"n": states["conflict"]})
    if states["skipped"]:
        yield Why(says="skipped by you: {n}", args={"n": states["skipped"]})


def state(item: Item, of: Callable[[str], Standing], reviewer: str) -> str:
    """done, conflict, skipped, second (another is to decide) or open, as this person sees it."""
    found = [(of(one) or NOTHING, item.asked_of(one)) for one in item.records]
    if all(standing.settled(asked, item.wanted) for standing, asked in found):
        return "done"
    if any(standing.in_conflict for standing, _ in found):
        return "conflict"
    if any(standing.open_to(reviewer, asked, item.wanted) for standing, asked in found):
        return "open"
    mine = any(reviewer in standing.blind for standing, _ in found)
    return "second" if mine else "skipped"


def _by_reviewer(held: list[leases.Lease]) -> dict[str, tuple[int, float]]:
    counted: dict[str, tuple[int, float]] = {}
    for one in held:
        n, until = counted.get(one.reviewer, (0, 0.0))
        counted[one.reviewer] = (n + 1, max(until, one.until))
    return counted
