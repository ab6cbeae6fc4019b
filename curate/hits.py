"""What checks said, as frames of findings with the place of their record, and as counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import orjson
import polars as pl

from curate import finding
from curate.check import Check, Said
from curate.finding import Hit, Unsure
from curate.plan import Plan

HITS = {"part": pl.UInt32, "row": pl.UInt32, **finding.SCHEMA}
"""Findings, with the place of their record in the snapshot (null: about the whole data set)."""


@dataclass
class Count:
    """What one check did to a set of records."""

    checked: int = 0
    could_not_tell: int = 0
    seconds: float = 0.0  # CPU seconds of its own steps
    reasons: Counter[str] = field(default_factory=Counter)  # why it could not tell

    def add(self, other: Count) -> None:
        """Take in the count of another set of records."""
        self.checked += other.checked
        self.could_not_tell += other.could_not_tell
        self.seconds += other.seconds
        self.reasons.update(other.reasons)

    def unsure(self, why: str, records: int = 1) -> None:
        """Count records of which the check could not tell."""
        self.could_not_tell += records
        self.reasons[why] += records


def sorted_out(said: Iterable[tuple[int, Said]], count: Count) -> list[tuple[int, Hit]]:
    """The hits; what could not be told is counted."""
    hits = []
    for row, answer in said:
        if isinstance(answer, Unsure):
            count.unsure(answer.why)
        else:
            hits.append((row, answer))
    return hits


def framed(
    check: Check,
    hits: Sequence[tuple[int, Hit]],
    records: pl.DataFrame,
    rows: pl.Series | None = None,
    number: int | None = None,
) -> pl.DataFrame:
    """Hits as a frame of findings; `records` may bring its own `part` and `row`."""
    if not hits:
        return pl.DataFrame(schema=HITS)
    at = pl.Series([row for row, _ in hits], dtype=pl.UInt32)
    rows = at if rows is None else rows[at]
    placed = records.select(
        pl.col("part") if "part" in records.columns else pl.lit(number, pl.UInt32).alias("part"),
        pl.col("row")
        if "row" in records.columns
        else pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        "record_id",
        "source",
        "line",
    )[rows]
    columns = [said(check, hit) for _, hit in hits]
    rest = pl.DataFrame(columns, schema={c: HITS[c] for c in list(HITS)[5:]}, orient="row")
    return pl.concat([placed, rest], how="horizontal").cast(HITS)  # type: ignore[arg-type]


def said(check: Check, hit: Hit) -> tuple[object, ...]:
    """A hit as the values of the columns after the record's place."""
    evidence = {"says": hit.says, "args": dict(hit.args), **hit.evidence}
    return (
        check.name,
        hit.severity or check.severity,
        hit.score,
        hit.field,
        hit.start,
        hit.end,
        hit.message,
        as_json(evidence),
        as_json(dict(hit.fix)) if hit.fix is not None else None,
    )


def as_json(value: object) -> str:
    """Compact JSON; numpy's and polars' numbers are numbers."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def passing(hits: pl.DataFrame, checks: Iterable[Check], plan: Plan) -> pl.DataFrame:
    """The hits whose score reaches their check's threshold: the findings."""
    movable = {c.name: float(plan.params[c.name][c.threshold]) for c in checks if c.threshold}
    if not movable or not len(hits):
        return hits
    least = pl.col("check").replace_strict(movable, default=None, return_dtype=pl.Float64)
    return hits.filter((pl.col("score") >= least).fill_null(value=True))
