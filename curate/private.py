"""Private values leave the snapshot in no output: findings that quote one show it masked.

A privacy check masks its own findings. Other checks quote the same texts (contradicting answers,
ungrounded numbers, whole repaired texts), so every value that a privacy check found is masked in
all findings before they are kept; a repair that would hold one is withheld.
"""

from __future__ import annotations

import orjson
import polars as pl

from curate.content.masking import mask
from curate.snapshot import Snapshot

SHORTEST_VALUE = 4  # characters; a shorter one would mask ordinary words elsewhere


def masked(hits: pl.DataFrame, snapshot: Snapshot, privacy: frozenset[str]) -> pl.DataFrame:
    """The hits with every private value masked in messages and evidence, and no repair with one."""
    values = sorted(private_values(hits, snapshot, privacy), key=lambda v: (-len(v), v))
    if not values:
        return hits
    quoted = pl.col("message", "evidence").str.replace_many(values, [mask(v) for v in values])
    told = pl.col("fix").str.contains_any(values).fill_null(value=False)
    fix = pl.when(told).then(None).otherwise(pl.col("fix"))
    return hits.with_columns(quoted, fix=fix)


def private_values(hits: pl.DataFrame, snapshot: Snapshot, privacy: frozenset[str]) -> set[str]:
    """What the privacy checks point at, as it stands in a text and as JSON would escape it."""
    found = hits.filter(pl.col("check").is_in(list(privacy)) & pl.col("start").is_not_null())
    values: set[str] = set()
    for (field,), part in found.group_by("field"):
        column = str(field)
        texts = snapshot.take(part, [column])[column]
        spans = zip(texts, part["start"], part["end"], strict=True)
        values |= {text[start:end] for text, start, end in spans if text is not None}
    escaped = {orjson.dumps(value).decode()[1:-1] for value in values}
    return {value for value in values | escaped if len(value) >= SHORTEST_VALUE}
