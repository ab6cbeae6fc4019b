"""One source outweighs the others, or its answers are of another kind.

A model trained on several sources becomes mostly what the largest is: a small set made with care is
drowned by a large one that was easy to get. Where the answers of one source are many times as long
as those of another, the model learns to tell the sources apart instead of the questions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from curate.check import Check, Params, Weighed
from curate.finding import Hit

COLUMNS = ("source", "origin")
LISTED = 100  # sources named in the report
FEWEST_IN_ALL = 50  # records; the shares of fewer say nothing
FEWEST = 20  # records from which a typical length can be told

SAYS_SHARE = "of {count} sources, {name} makes up {percent} % of the records"
SAYS_LENGTH = (
    "answers from {long} are typically {ratio} times as long as those from {short}"
    " ({many} against {few} characters)"
)


def measure(records: pl.DataFrame, _: Params) -> pl.DataFrame:
    length = pl.col("answer").str.len_chars().fill_null(0)
    return records.group_by(COLUMNS).agg(
        n=pl.len(), said=(length > 0).sum(), logs=length.filter(length > 0).log().sum()
    )


def weigh(facts: pl.DataFrame, params: Params) -> Weighed:
    """Counts by source file and by the data's own source column."""
    measures = {column: _mix(facts, column) for column in COLUMNS}
    return Weighed(measures, on_dataset=judge(measures, params))


def judge(measures: Mapping[str, Any], params: Params) -> tuple[Hit, ...]:
    """The Hits under these thresholds."""
    hits: list[Hit] = []
    for column in COLUMNS:
        mix = measures[column]
        if mix["count"] < 2:
            continue
        name, _, share, _ = mix["sources"][0]
        if share > params["share"] and mix["total"] >= FEWEST_IN_ALL:
            told = {"name": name, "percent": round(100 * share, 1), "count": mix["count"]}
            hits.append(Hit(SAYS_SHARE, told, score=share, evidence={"column": column}))
        hits += _by_length(column, mix["sources"], params["length_ratio"])
    return tuple(hits)


def _mix(facts: pl.DataFrame, column: str) -> dict[str, Any]:
    """Every source with its count, share and typical answer length (geometric mean)."""
    known = facts.filter(pl.col(column).is_not_null())
    total = int(known["n"].sum())
    sums = known.group_by(column).agg(pl.col("n", "said", "logs").sum())
    ordered = sums.sort(["n", column], descending=[True, False])
    sources = [
        [name, n, n / total, round(math.exp(logs / said)) if said else None]
        for name, n, said, logs in ordered.head(LISTED).rows()
    ]
    without = int(facts["n"].sum()) - total
    return {"count": len(ordered), "total": total, "without": without, "sources": sources}


def _by_length(column: str, sources: list[list[Any]], ratio: float) -> list[Hit]:
    typical = [(length, name) for name, n, _, length in sources if length and n >= FEWEST]
    if not typical:
        return []
    (few, short), (many, long) = min(typical), max(typical)
    if many < ratio * few:
        return []
    told = {"long": long, "short": short, "ratio": round(many / few), "many": many, "few": few}
    return [Hit(SAYS_LENGTH, told, score=many / few, evidence={"column": column})]


CHECK = Check(
    name="source-mix",
    says="one source outweighs the others, or its answers are of another kind",
    group="dataset",
    severity="info",
    why=__doc__,
    params={"share": 0.90, "length_ratio": 10.0},
    measure=measure,
    weigh=weigh,
    judge=judge,
)
