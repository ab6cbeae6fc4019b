"""Shown, Verdict, Taken: what passes between a page and the review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from curate.report import Report
from curate.review.queue import Item
from curate.store.decision import Decision
from curate.store.failures import on_failure
from curate.store.refusals import Refused

PICKED = "picked"  # the order that a record opened by hand says it came from


@dataclass(frozen=True, slots=True)
class Shown:
    """A record before one person: theirs until `until` (seconds since 1970)."""

    item: Item
    record_id: str
    reviewer: str
    request_id: str
    until: float
    ordered_by: str
    draft: Mapping[str, Any] | None = None
    adjudicates: bool = False  # the others' decisions are in view
    newest: int = 0  # number of the last log entry on the item when it was shown

    @property
    def blind(self) -> bool:
        """Whether another decides on it too, and neither may see the other's decision."""
        return self.item.wanted > 1 and not self.adjudicates


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of a record that was shown."""

    kind: str
    payload: Mapping[str, Any]
    reason: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was recorded; `again`: it had been recorded before, and nothing was added."""

    decisions: tuple[Decision, ...]
    again: bool = False


def clock_time(seconds: float) -> str:
    """A moment as a person reads it on their own clock."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M:%S")


def unlisted(report: Report, record_id: str) -> Item:
    """A record that no order holds; Refused where the audited data do not have it either."""
    if not (on_failure(record_id) or len(report.records([record_id]))):
        raise Refused(says="There is no such record in the audited data.")
    return Item(record_id, {}, ordered_by=PICKED)
