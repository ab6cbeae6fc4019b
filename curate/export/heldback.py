"""Held back: what nearly repeats a test record enters neither train nor dev.

Groups already keep near-duplicates together; what is left is what the measure of test leakage finds
besides, which is milder where two records share a passage: a question of the test set with a word
changed, under the same paragraph. Prompts alone are not compared: those that differ in one name or
number mostly ask two things.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from curate.dedup.across import near
from curate.dedup.records import COLUMNS
from curate.dedup.sketch import Sketcher
from curate.engines import Engine
from curate.show.numbers import percent
from curate.snapshot import Snapshot

ALIKE = 0.8  # Jaccard similarity, as near-duplicate and eval-leakage have it
SAYS = "{similarity} like the test record {record}"


def held_back(survivors: Snapshot, splits: Sequence[str], engine: Engine) -> dict[int, str]:
    """Numbers of records outside test that are near a record of it, and what each is like."""
    rows = [row for row, split in enumerate(splits) if split == "test"]
    if not rows:
        return {}
    tests = survivors.take(survivors.places(pl.Series(rows)), ["record_id", *COLUMNS])
    pairs = near(survivors, tests, engine, Sketcher(), ALIKE, ("answer",))
    return {
        record: SAYS.format(similarity=percent(alike), record=tests["record_id"][other])
        for record, other, alike in zip(*(column.tolist() for column in pairs), strict=True)
        if splits[record] != "test"
    }
