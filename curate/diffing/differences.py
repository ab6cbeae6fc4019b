"""Differences: which records came, which went, and what changed in those that stayed.

Two records are one where their ids are equal; else where one says it was made from the other; else
where they stand at the same line of the same source. Copies of one record are told apart by order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from curate.diffing.sides import TEXTS

Row = dict[str, Any]
KEPT_SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Changed:
    """One record on both sides, and the fields in which they differ: (field, before, after)."""

    before: Row
    after: Row
    fields: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What is between two sides."""

    one: str
    other: str
    same: int
    added: list[Row]
    removed: list[Row]
    changed: list[Changed]

    @property
    def counts(self) -> dict[str, int]:
        """How many records of each kind."""
        return {
            "same": self.same,
            "changed": len(self.changed),
            "added": len(self.added),
            "removed": len(self.removed),
        }


def compared(one: tuple[str, pl.DataFrame], other: tuple[str, pl.DataFrame]) -> Differences:
    """What is between two opened sides, in the order of the second, what went at the end."""
    left, right = numbered(one[1]), numbered(other[1])
    pairs, went, came = matched(left, right)
    same, changed = 0, []
    for before, after in pairs:
        fields = tuple(between(before, after))
        if fields:
            changed.append(Changed(before, after, fields))
        else:
            same += 1
    return Differences(one[0], other[0], same, came, went, changed)


def numbered(records: pl.DataFrame) -> pl.DataFrame:
    """Copies of a record counted, so that each is met once."""
    return records.with_columns(pl.int_range(pl.len()).over("record_id").alias("nth"))


def matched(
    left: pl.DataFrame, right: pl.DataFrame
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Pairs of one record on both sides, what is on the left alone, what on the right alone."""
    pairs: list[tuple[Row, Row]] = []
    for ours, theirs in ((("record_id", "nth"),) * 2, (("record_id",), ("parent_id",)),
                         (("source", "line"),) * 2):  # fmt: skip
        known = {key(row, ours): row for row in reversed(list(rows(left)))}
        taken: set[tuple[Any, ...]] = set()
        at: list[int] = []
        for number, row in enumerate(rows(right)):
            name = key(row, theirs)
            if name in known and name not in taken and name[0] is not None:
                taken.add(name)
                at.append(number)
                pairs.append((known[name], row))
        gone = {place(before) for before, _ in pairs}
        left = left.filter(
            pl.Series([place(row) not in gone for row in rows(left)], dtype=pl.Boolean)
        )
        right = right.filter(~pl.int_range(len(right), eager=True).is_in(at))
    pairs.sort(key=lambda pair: (pair[1]["source"], pair[1]["line"]))
    return pairs, list(rows(left)), list(rows(right))


def rows(records: pl.DataFrame) -> Iterator[Row]:
    """One dict a record."""
    return records.iter_rows(named=True)


def key(row: Row, columns: tuple[str, ...]) -> tuple[Any, ...]:
    """The values of some columns."""
    return tuple(row[name] for name in columns)


def place(row: Row) -> tuple[Any, ...]:
    """What names one record of a side, its copies apart."""
    return key(row, ("record_id", "nth", "source", "line"))


def between(before: Row, after: Row) -> Iterator[tuple[str, str | None, str | None]]:
    """The fields that differ; a split only where both sides have one."""
    for name in TEXTS:
        if (before[name] or None) != (after[name] or None):
            yield name, before[name], after[name]
    splits = before[KEPT_SPLIT], after[KEPT_SPLIT]
    if None not in splits and splits[0] != splits[1]:
        yield KEPT_SPLIT, *splits
