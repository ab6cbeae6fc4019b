"""Move thresholds of an audit that is already done; nothing is read or scored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from curate.audit import in_order
from curate.check import Check
from curate.errors import BadSetting, unknown
from curate.hits import passing
from curate.parameters import merged, parsed
from curate.plan import Plan, every_check
from curate.reading import Reading
from curate.report import Report, concluded, keep
from curate.weigh import on_dataset
from curate.workspace import Workspace


def rejudged(
    report: Report, changes: Sequence[str], where: Workspace, rule_files: Sequence[Path] = ()
) -> Report:
    """The report under other thresholds; BadSetting where that would take a new audit."""
    known = every_check(tuple(rule_files))
    moved = parsed(changes, known)
    for name, params in moved.items():
        for param, value in params.items():
            movable(known[name], param, value)
    settings = merged(report.document["settings"], moved)
    # What other commands said of the records, such as judge, has no threshold here and stays.
    told = [c["name"] for c in report.document["checks"] if c["skipped"] is None]
    asked = tuple(name for name in told if name in known)
    params = {n: {**c.params, **settings.get(n, {})} for n, c in known.items()}
    plan = Plan(Reading(), tuple(rule_files), asked, {}, params, settings)
    candidates = drawn_again(report.candidates, report.document["measures"], plan)
    findings = passing(candidates, plan.checks(), plan)
    document = concluded({**report.document, "settings": settings}, findings)
    rejects = report.folder / "rejects.jsonl"
    tables = report.tables()
    return keep(document, candidates, findings, rejects, report.snapshot, where, tables)


def movable(check: Check, param: str, value: Any) -> None:
    """Whether what was kept is enough to judge by this value."""
    if param == check.threshold:
        if check.floor is not None and float(value) < check.floor:
            raise BadSetting(
                f"{check.name}.{param}={value}: scores were kept from {check.floor:g} up; "
                "for less run a new audit: curate audit --set ..."
            )
        return
    if check.judge is not None:
        return
    can = [check.threshold] if check.threshold else []
    what = unknown(f"movable parameter of {check.name}", param, can) if can else (
        f"{check.name} has no threshold that can be moved afterwards"
    )  # fmt: skip
    raise BadSetting(
        f"{what}; it takes a new audit: curate audit --set {check.name}.{param}={value}"
    )


def drawn_again(
    candidates: pl.DataFrame, measures: Mapping[str, Mapping[str, Any]], plan: Plan
) -> pl.DataFrame:
    """The candidates, those on the whole data set drawn anew from the measures."""
    judges = [c for c in plan.checks() if c.judge is not None and c.name in measures]
    names = [check.name for check in judges]
    whole = pl.col("record_id").is_null() & pl.col("check").is_in(names)
    kept = candidates.filter(~whole)
    again = []
    for check in judges:
        assert check.judge is not None
        if measures[check.name].get("skipped") is None:
            hits = check.judge(measures[check.name], plan.params[check.name])
            again.append(on_dataset(check, hits))
    return in_order(pl.concat([kept, *again]))
