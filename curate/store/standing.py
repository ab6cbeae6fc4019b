"""Where a record stands, by all that was decided on it.

A person who decides in view of the others (`adjudicates`) has the last word; else persons who come
to the same outcome; where they differ, the record waits for somebody to adjudicate. A policy speaks
only of the findings of its own check, and never against a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from curate.store.decision import Decision


@dataclass(frozen=True)
class Standing:
    """The decisions in force on one record, oldest first."""

    decisions: tuple[Decision, ...] = ()

    @cached_property
    def blind(self) -> dict[str, Decision]:
        """What each person decided for themselves."""
        return {
            one.reviewer: one
            for one in self.decisions
            if one.is_verdict and one.policy is None and not one.adjudicates
        }

    @cached_property
    def verdict(self) -> Decision | None:
        """What persons decided, where it is one thing."""
        final = [one for one in self.decisions if one.is_verdict and one.adjudicates]
        if final:
            return max(final, key=lambda one: (one.decided_at or 0, one.id or 0))
        given = list(self.blind.values())
        return given[-1] if given and not self.in_conflict else None

    @cached_property
    def in_conflict(self) -> bool:
        """Whether persons decided differently and nobody has adjudicated."""
        if any(one.adjudicates and one.is_verdict for one in self.decisions):
            return False
        return len({one.outcome for one in self.blind.values()}) > 1

    @cached_property
    def policies(self) -> tuple[Decision, ...]:
        """What policies decided."""
        return tuple(one for one in self.decisions if one.policy is not None and one.is_verdict)

    @cached_property
    def adjudicated(self) -> bool:
        """Whether somebody had the last word."""
        return any(one.adjudicates and one.is_verdict for one in self.decisions)

    def settled(self, checks: Iterable[str] = (), wanted: int = 1) -> bool:
        """Nothing is left to ask: `wanted` persons agree, or policies cover all `checks`."""
        if self.verdict is not None and (self.adjudicated or len(self.blind) >= wanted):
            return True
        asked = set(checks)
        covered = {check for one in self.policies for check in one.findings}
        dropped = any(one.kind == "drop" for one in self.policies)
        return not self.blind and (dropped or (bool(asked) and asked <= covered))

    def answered_by(self, reviewer: str) -> bool:
        """Whether this person has given a verdict or skipped."""
        return any(one.reviewer == reviewer and one.policy is None for one in self.decisions)

    def open_to(self, reviewer: str, checks: Iterable[str] = (), wanted: int = 1) -> bool:
        """Whether this person may be asked."""
        full = len(self.blind) >= wanted  # in conflict: that is for adjudication
        return not (full or self.answered_by(reviewer) or self.settled(checks, wanted))

    def drops(self, place: Mapping[str, Any]) -> bool:
        """Whether the record at this place (record_id, source, line) leaves the data."""
        if self.verdict is not None and self.verdict.kind == "drop":
            return True
        choices = [one for one in self.policies if one.kind == "choose"]
        if self.verdict is not None and self.verdict.kind == "choose":
            choices = [self.verdict]
        chosen = any(
            all(place.get(key) == value for key, value in gone.items())
            for one in choices
            for gone in one.payload["drop"]
        )
        return chosen or (self.verdict is None and any(one.kind == "drop" for one in self.policies))


def standings(current: Iterable[Decision]) -> dict[str, Standing]:
    """The standing of every record among decisions in force, sorted by record."""
    grouped = groupby(current, key=lambda one: one.record_id)
    return {record_id: Standing(tuple(found)) for record_id, found in grouped}
