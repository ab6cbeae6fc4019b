"""One class has many times the records of another.

The model becomes good at what it sees most and guesses the large class when in doubt; a class with
a handful of records is hardly learned at all. Without a label or category column the kind of task
is inferred from the prompts, which is rough and therefore only `info`, and kinds of fewer than
`min_records` are not compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from curate.check import Check, Params, Weighed
from curate.content.categories import OTHER, chosen, class_columns
from curate.finding import Hit

COLLECT = 20  # classes named under "collect next"


def measure(records: pl.DataFrame, _: Params) -> pl.DataFrame:
    columns = class_columns(records)
    return columns.group_by(columns.columns).agg(n=pl.len().cast(pl.UInt32))


def weigh(facts: pl.DataFrame, params: Params) -> Weighed:
    classes = chosen(facts)
    counts = classes.facts.group_by("class").agg(pl.col("n").sum())
    ordered = counts.sort(["n", "class"], descending=[True, False]).rows()
    unnamed = {OTHER} if classes.inferred else set()  # the kind of task that nobody could infer
    named = [(name, n) for name, n in ordered if name not in unnamed]
    if len(named) < 2:
        return Weighed(skipped="there are no two classes to compare")
    measures = {
        "column": classes.column,
        "inferred": classes.inferred,
        "classes": [list(pair) for pair in named],
        "without": classes.without + sum(n for name, n in ordered if name in unnamed),
        "largest_share": named[0][1] / sum(n for _, n in ordered),
        "ratio": named[0][1] / named[-1][1],
        "effective_classes": effective([n for _, n in named]),
        "collect_next": collect_next(named),
    }
    return Weighed(measures, on_dataset=judge(measures, params))


def judge(measures: Mapping[str, Any], params: Params) -> tuple[Hit, ...]:
    """The Hits under these thresholds."""
    inferred, named = measures["inferred"], measures["classes"]
    compared = [pair for pair in named if not inferred or pair[1] >= params["min_records"]]
    hits = []
    if len(compared) >= 2 and compared[0][1] >= params["ratio"] * compared[-1][1]:
        hits.append(uneven(compared, measures))
    rare = [pair for pair in named if pair[1] < params["min_records"]]
    usual = sum(n for _, n in named) / len(named)
    if rare and usual >= params["min_records"] and not inferred:
        smallest, few = named[-1]
        args = {"n": len(rare), "least": params["min_records"], "smallest": smallest, "few": few}
        hits.append(Hit(SAYS_RARE, args, evidence={"rare": rare}, severity="info"))
    return tuple(hits)


def uneven(compared: list[list[Any]], measures: Mapping[str, Any]) -> Hit:
    """The largest class against the smallest."""
    (largest, many), (smallest, few) = compared[0], compared[-1]
    inferred, ratio = measures["inferred"], many / few
    args = {"largest": largest, "smallest": smallest, "many": many, "few": few}
    evidence = {"column": measures["column"], "collect_next": measures["collect_next"]}
    return Hit(
        SAYS_INFERRED if inferred else SAYS_DECLARED,
        {**args, "ratio": round(ratio)},
        score=ratio,
        severity="info" if inferred else None,
        evidence={**evidence, "words": ["largest", "smallest"]} if inferred else evidence,
    )


SAYS_DECLARED = "{largest} has {ratio} times the records of {smallest} ({many} against {few})"
SAYS_INFERRED = (
    "by the kind of task inferred from the prompts, {largest} has {ratio} times the records of"
    " {smallest} ({many} against {few})"
)
SAYS_RARE = "{n} classes have fewer than {least} records; the smallest is {smallest} with {few}"


def effective(counts: list[int]) -> float:
    """How many classes of equal size would be as mixed: exp of the Shannon entropy."""
    total = sum(counts)
    return math.exp(-sum(n / total * math.log(n / total) for n in counts))


def collect_next(named: list[tuple[str, int]]) -> list[list[Any]]:
    """The smallest classes, and how many records each lacks to the size of the middle class."""
    middle = named[len(named) // 2 - (len(named) % 2 == 0)][1]
    lacking = [[name, middle - n] for name, n in reversed(named) if n < middle]
    return lacking[:COLLECT]


CHECK = Check(
    name="class-imbalance",
    says="its classes are of very different size",
    group="dataset",
    severity="warn",
    why=__doc__,
    params={"ratio": 40.0, "min_records": 10},
    measure=measure,
    weigh=weigh,
    judge=judge,
)
