"""Broken twins of the review: each breaks one promise of `bench.stress_review`, which must see it.

A twin stays broken for as long as its process lives.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from curate.review import Review, deciding
from curate.review.shown import Shown, Taken, Verdict
from curate.review.why import Nothing
from curate.store import leases
from curate.store.database import Connection, Store
from curate.store.leases import Lease
from curate.store.refusals import Refused


def lost() -> None:
    """One transaction saved: a decision is acknowledged at once and written by the next claim."""
    claim, decide = Review.claim, Review.decide
    waiting: list[tuple[Shown, str]] = []

    def acknowledge(review: Review, shown: Shown, kind: str) -> Taken:
        waiting.append((shown, kind))
        return Taken(tuple(deciding.entries(shown, Verdict(kind, {}))))

    def write_and_claim(review: Review, reviewer: str) -> Shown | Nothing:
        while waiting:
            with suppress(Refused):  # too late to tell anybody
                decide(review, *waiting.pop(0))
        return claim(review, reviewer)

    Review.decide, Review.claim = acknowledge, write_and_claim  # type: ignore[method-assign, assignment]


def doubled() -> None:
    """A claim is anybody's, and a decision is taken from whoever sends it."""
    real = leases.take

    def take(store: Store, on: Connection, record_id: str, *wanted: Any) -> Lease | None:
        held = leases.of(on, record_id)
        if held is not None:
            leases.release(on, record_id, held.reviewer)
        return real(store, on, record_id, *wanted)

    leases.take = take
    leases.live = lambda store, on: []
    deciding.still_open = lambda on, shown: True


def starved() -> None:
    """A lease lasts milliseconds taken for seconds: who is killed keeps a record for good."""
    real = leases.take

    def take(
        store: Store, on: Connection, record_id: str, reviewer: str, seconds: float, *wanted: Any
    ) -> Lease | None:
        return real(store, on, record_id, reviewer, 1000 * seconds, *wanted)

    leases.take = take


TWINS: dict[str, Callable[[], None]] = {"lost": lost, "doubled": doubled, "starved": starved}
