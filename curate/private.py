"""Private values leave the snapshot in no output: findings that quote one show it masked.

A privacy check masks its own findings. Other checks quote the same texts (contradicting answers,
ungrounded numbers, whole repaired texts), so every value that a privacy check found is masked in
all findings before they are kept; a repair that would hold one is withheld.
"""

from __future__ import annotations

from collections.abc import Iterable, Set

import orjson
import polars as pl

from curate.check import Check
from curate.content.masking import mask

SHORTEST_VALUE = 4  # characters; a shorter one would mask ordinary words elsewhere


def masked(hits: pl.DataFrame, private: Set[str]) -> pl.DataFrame:
    """The hits with every private value masked in messages and evidence, and no repair with one."""
    if not private:
        return hits
    values = sorted(private, key=lambda value: (-len(value), value))
    quoted = pl.col("message", "evidence").str.replace_many(values, [mask(v) for v in values])
    told = pl.col("fix").str.contains_any(values).fill_null(value=False)
    fix = pl.when(told).then(None).otherwise(pl.col("fix"))
    return hits.with_columns(quoted, fix=fix)


def private_values(hits: pl.DataFrame, records: pl.DataFrame, checks: Iterable[Check]) -> set[str]:
    """What privacy checks point at in these records, as it stands there and as JSON escapes it."""
    privacy = [check.name for check in checks if check.group == "privacy"]
    found = hits.filter(pl.col("check").is_in(privacy) & pl.col("start").is_not_null())
    values: set[str] = set()
    for (field,), part in found.group_by("field"):
        texts = records[str(field)].gather(part["row"])
        spans = zip(texts, part["start"], part["end"], strict=True)
        values |= {text[start:end] for text, start, end in spans if text is not None}
    escaped = {orjson.dumps(value).decode()[1:-1] for value in values}
    return {value for value in values | escaped if len(value) >= SHORTEST_VALUE}
