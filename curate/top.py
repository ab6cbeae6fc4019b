"""The records most worth a person's time, worst first, without ten of one kind in a row."""

from __future__ import annotations

from collections import Counter
from heapq import heapify, heappop, heapreplace
from typing import Any

import polars as pl

WEIGHTS = {"error": 8.0, "warn": 3.0, "info": 0.5}
AGAIN = 0.6  # each record already chosen for a check makes the next one of that check worth less
KEPT = 100
EACH = 60  # records a check may bring into the choice


def most_worth_a_look(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """At most 100 records: id, place, the checks that found something, and the weight."""
    seen: Counter[str] = Counter()
    chosen: list[dict[str, Any]] = []
    waiting = [(*rank(record, seen), record) for record in weighed(findings)]
    heapify(waiting)
    while waiting and len(chosen) < KEPT:
        *before, best = waiting[0]
        today = rank(best, seen)
        if today > tuple(before):  # a rank only ever falls, so all others can wait
            heapreplace(waiting, (*today, best))
            continue
        heappop(waiting)
        seen.update(best["why"])
        del best["order"], best["each"]
        chosen.append(best)
    return chosen


def rank(record: dict[str, Any], seen: Counter[str]) -> tuple[float, float, int]:
    """The record's place among the others, the least being the first; no two have the same."""
    return -now(record, seen), -record["weight"], -record["order"]


def now(record: dict[str, Any], seen: Counter[str]) -> float:
    """The record's weight, each check's share fading with how often it was shown."""
    shown = zip(record["why"], record["each"], strict=True)
    return float(sum(weight * AGAIN ** seen[check] for check, weight in shown))


def weighed(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """The heaviest records of every check."""
    weight = pl.col("severity").replace_strict(WEIGHTS, return_dtype=pl.Float64)
    once = (
        findings.filter(pl.col("record_id").is_not_null())
        .group_by("record_id", "check")
        .agg(weight.max().alias("each"), pl.col("source", "line").first())
        .sort("record_id", pl.col("each"), "check", descending=[False, True, False])
    )
    whole = once.group_by("record_id", maintain_order=True).agg(
        pl.col("source", "line").first(),
        pl.col("check").alias("why"),
        "each",
        pl.col("each").sum().alias("weight"),
    )
    heaviest = whole.sort("weight", "record_id", descending=[True, False])
    best = heaviest.filter(pl.int_range(pl.len()).over(pl.col("why").list.first()) < EACH)
    rows = best.with_row_index("order").with_columns(order=-pl.col("order").cast(pl.Int64))
    return rows.select("record_id", "source", "line", "why", "weight", "each", "order").to_dicts()
