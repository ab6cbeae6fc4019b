"""More, or fewer, answers refuse than should.

A few per cent of refusals teach a model where to stop; much more and it refuses harmless questions
too, first in the topics where the share is highest. None at all may be wrong as well where the
model is meant to decline some requests: set `floor` for that. The shares count what the `refusal`
check found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from curate.check import Check, Params, Weighed
from curate.content.categories import chosen, class_columns
from curate.finding import Hit, Severity

Z = 1.96  # 95 %

SAYS_MANY = "{percent} % of the answers refuse ({refusals} of {total}), more than {limit} %"
SAYS_FEW = "only {percent} % of the answers refuse ({refusals} of {total}), less than {floor} %"
SAYS_CLASS = (
    "in {name}, {percent} % of the answers refuse ({refusals} of {total}), more than {limit} %"
)
SAYS_INFERRED = (
    "of the prompts that seem to ask for {name}, {percent} % are refused ({refusals} of {total}),"
    " more than {limit} %"
)


def measure(records: pl.DataFrame, _: Params) -> pl.DataFrame:
    columns = class_columns(records).with_columns(records["refusal"])
    return columns.group_by(columns.columns).agg(n=pl.len().cast(pl.UInt32))


def weigh(facts: pl.DataFrame, params: Params) -> Weighed:
    known = facts.filter(pl.col("refusal").is_not_null())
    total, refusals = _counted(known)
    if not total:
        return Weighed(skipped="of no answer is it known whether it refuses")
    classes = chosen(known)
    by_class = [
        [name[0], *_shares(*_counted(some))] for name, some in classes.facts.group_by("class")
    ]
    _, _, share, low, high = _shares(total, refusals)
    measures = {
        "total": total,
        "refusals": refusals,
        "share": share,
        "interval": [low, high],
        "column": classes.column,
        "inferred": classes.inferred,
        "categories": sorted(by_class, key=lambda told: (-told[3], str(told[0]))),
        "could_not_tell": int(facts["n"].sum()) - total,
    }
    return Weighed(measures, on_dataset=judge(measures, params))


def judge(measures: Mapping[str, Any], params: Params) -> tuple[Hit, ...]:
    """The Hits under these thresholds."""
    share = measures["share"]
    told = {
        "percent": _percent(share),
        "refusals": measures["refusals"],
        "total": measures["total"],
    }
    evidence = {"interval": measures["interval"]}
    hits = []
    if share > params["warn"]:
        severity: Severity = "error" if share > params["error"] else "warn"
        told_many = {**told, "limit": _percent(params[severity])}
        hits.append(Hit(SAYS_MANY, told_many, score=share, severity=severity, evidence=evidence))
    if share < params["floor"]:
        told_few = {**told, "floor": _percent(params["floor"])}
        hits.append(Hit(SAYS_FEW, told_few, score=share, severity="warn", evidence=evidence))
    limit = params["category_error"]
    for name, total, refusals, part, low, high in measures["categories"]:
        if total >= params["min_category"] and part > limit:
            args = {
                "name": name,
                "percent": _percent(part),
                "refusals": refusals,
                "total": total,
                "limit": _percent(limit),
            }
            says = SAYS_INFERRED if measures["inferred"] else SAYS_CLASS
            of_class = {"category": name, "column": measures["column"], "interval": [low, high]}
            hits.append(Hit(says, args, score=part, severity="error", evidence=of_class))
    return tuple(hits)


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share, honest for small numbers too."""
    share, weight = count / total, Z**2 / total
    middle = (share + weight / 2) / (1 + weight)
    spread = Z / (1 + weight) * math.sqrt(share * (1 - share) / total + weight / (4 * total))
    return round(middle - spread, 6) + 0.0, round(middle + spread, 6)


def _counted(facts: pl.DataFrame) -> tuple[int, int]:
    return int(facts["n"].sum()), int(facts.filter("refusal")["n"].sum())


def _shares(total: int, refusals: int) -> tuple[int, int, float, float, float]:
    return total, refusals, refusals / total, *wilson(refusals, total)


def _percent(share: float) -> float:
    return round(100 * share, 1 if share >= 0.001 else 4)


CHECK = Check(
    name="refusal-share",
    says="the share of its answers that refuse is outside the usual band",
    group="dataset",
    severity="warn",
    why=__doc__,
    params={
        "expected": 0.05,  # up to here a share is usual; drawn as a band, nothing is told by it
        "warn": 0.10,  # the share of all answers above which it is told
        "error": 0.20,
        "category_error": 0.60,  # the same of one category with `min_category` answers
        "min_category": 20,
        "floor": 0.0,
    },
    needs=("refusal",),
    measure=measure,
    weigh=weigh,
    judge=judge,
)
