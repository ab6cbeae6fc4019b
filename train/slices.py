"""Slices: how the records of each category, language, origin and source were answered.

A mean over all records hides the part that a model knows badly, and a part that is treated worse
than the others. What only one value has is no slice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from train.compare import Difference, difference
from train.evaluate import Answered, value_of
from train.measures.language import spoken

if TYPE_CHECKING:
    from train.report_facts import Facts

COLUMNS = ("record_id", "category", "origin", "source")
METRIC = "chrf"
MOST = 20
"""Slices of one kind that are told; sources can be thousands."""

Row = Mapping[str, Any]

KINDS: Mapping[str, Callable[[Row, Answered], str | None]] = {
    "category": lambda row, one: row["category"],
    "language": lambda row, one: spoken(one.reference) or spoken(one.prompt),
    "origin": lambda row, one: row["origin"],
    "source": lambda row, one: row["source"],
}
"""What records are parted by."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The records that have a value in common, and how they were answered."""

    kind: str
    name: str | None  # None: records that say no category, or whose language cannot be told
    records: int
    failures: int
    score: float | None
    """Mean chrF after training."""
    gain: Difference | None
    """Of chrF, over the records that were answered before training too."""


def known(file: Path) -> dict[str, Row]:
    """Record -> what it is parted by, from a run's records.parquet."""
    import pyarrow.parquet as parquet

    rows = parquet.read_table(file, columns=list(COLUMNS)).to_pylist()
    return {row["record_id"]: row for row in rows}


def slices(facts: Facts, split: str = "dev") -> list[Slice]:
    """The slices of a split, each kind's worst first."""
    answered = [
        one
        for one in facts.ran.tuned.values()
        if facts.ran.records[one.record_id]["split"] == split
    ]
    before = {one.record_id: one for one in facts.baseline}
    return [made for kind in KINDS for made in of_kind(kind, answered, before, facts)]


def of_kind(
    kind: str, answered: Sequence[Answered], before: Mapping[str, Answered], facts: Facts
) -> Iterator[Slice]:
    """The slices of one kind; none where all records have the same value."""
    parts: dict[str | None, list[Answered]] = defaultdict(list)
    for one in answered:
        parts[KINDS[kind](facts.known[one.record_id], one) or None].append(one)
    if len(parts) < 2:
        return
    made = [one_slice(kind, name, some, before, facts) for name, some in parts.items()]
    yield from sorted(made, key=worst_first)[:MOST]


def one_slice(
    kind: str,
    name: str | None,
    answered: Sequence[Answered],
    before: Mapping[str, Answered],
    facts: Facts,
) -> Slice:
    """Count and measure the records of one value."""
    scores = [score for one in answered if (score := value_of(one, METRIC)) is not None]
    both = [
        (then, now)
        for one in answered
        if one.record_id in before
        and (then := value_of(before[one.record_id], METRIC)) is not None
        and (now := value_of(one, METRIC)) is not None
    ]
    return Slice(
        kind,
        name,
        len(answered),
        sum(one.record_id in facts.ran.failures for one in answered),
        fmean(scores) if scores else None,
        difference("", METRIC, np.array(both)) if both else None,
    )


def worst_first(one: Slice) -> tuple[float, int, str]:
    """By score, then the larger part."""
    return (float("inf") if one.score is None else one.score, -one.records, one.name or "")
