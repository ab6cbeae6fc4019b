"""Repair: which training records review changed between two approved snapshots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from train.approved import Approved, rows

Row = Mapping[str, Any]
TAUGHT = ("record_id", "category", "rejected")
"""What of a record training sees: its conversation, by the id, and what may stand beside it."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The training records that differ, as rows of the snapshots."""

    edited: tuple[tuple[Row, Row], ...]  # before, after
    dropped: tuple[Row, ...]
    added: tuple[Row, ...]
    untouched: tuple[Row, ...]

    @property
    def changed(self) -> int:
        """How many records were touched."""
        return len(self.edited) + len(self.dropped) + len(self.added)

    def counts(self) -> dict[str, int]:
        """By kind."""
        kinds = ("edited", "dropped", "added", "untouched")
        return {name: len(getattr(self, name)) for name in kinds}


def repair(before: Iterable[Row], after: Iterable[Row]) -> Repair:
    """What changed from the training rows of one snapshot to those of the next."""
    edited, dropped, added, untouched = [], [], [], []
    old, new = by_origin(before), by_origin(after)
    for origin in {**old, **new}:
        for one, other in zip_longest(old[origin], new[origin]):
            if other is None:
                dropped.append(one)
            elif one is None:
                added.append(other)
            elif all(one.get(name) == other.get(name) for name in TAUGHT):
                untouched.append(one)
            else:
                edited.append((one, other))
    return Repair(tuple(edited), tuple(dropped), tuple(added), tuple(untouched))


def by_origin(records: Iterable[Row]) -> defaultdict[str, list[Row]]:
    """The rows by the id that each had before any edit; one id may stand there twice."""
    made: defaultdict[str, list[Row]] = defaultdict(list)
    for row in records:
        made[origin(row)].append(row)
    return made


def origin(row: Row) -> str:
    """The id of a record before review edited it."""
    return str(row.get("parent_id") or row["record_id"])


def rows_of(approved: Approved, split: str) -> Sequence[Row]:
    """The rows of a split, every column as it was approved."""
    files = [part["file"] for part in approved.manifest["parts"] if part["split"] == split]
    return [row for file in files for row in rows(approved.path / file)]
