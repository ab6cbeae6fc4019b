"""Records that nearly repeat one of the evaluation set, and share no long passage with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import polars as pl

from curate.dedup.across import near
from curate.dedup.sketch import Sketcher
from curate.engines import Engine
from curate.heldout import TEXTS, Heldout, matches
from curate.snapshot import Snapshot

Level = Literal["prompt", "pair"]


class Leak(NamedTuple):
    """A record by its number, the evaluation record by its row, what is alike and how much."""

    record: int
    row: int
    level: Level
    similarity: float


def leaks(
    snapshot: Snapshot, engine: Engine, evaluation: pl.DataFrame, held: Heldout, threshold: float
) -> Iterator[Leak]:
    """The closest evaluation record of every record near one, in the order of the records.

    What repeats a record of `held` by its letters is left out: it is told as such.
    """
    found: dict[int, Leak] = {}
    levels: dict[Level, tuple[str, ...]] = {"prompt": (), "pair": ("answer",)}
    for level, answers in levels.items():
        pairs = near(snapshot, evaluation, engine, Sketcher(), threshold, answers)
        for record, row, similarity in zip(*(column.tolist() for column in pairs), strict=True):
            leak = Leak(record, row, level, similarity)
            if record not in found or closeness(leak) > closeness(found[record]):
                found[record] = leak
    numbers = sorted(found)
    places = snapshot.places(pl.Series(numbers, dtype=pl.Int64))
    told = {row for row, _ in matches(snapshot.take(places, ["input", *TEXTS]), held)}
    yield from (found[number] for row, number in enumerate(numbers) if row not in told)


def closeness(leak: Leak) -> tuple[float, bool, int]:
    """More alike first, then both together, then the first evaluation record."""
    return leak.similarity, leak.level == "pair", -leak.row
