"""Gate: what a model says of records that were audited joins the report of that audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from curate.audit import in_order
from curate.check import Check, ask
from curate.hits import HITS, Count, framed, sorted_out
from curate.record import SCHEMA, with_prompt
from curate.report import Report, concluded, keep
from curate.workspace import Workspace

SAME = ["record_id", "source", "line", "check", "field", "start", "message"]


def with_findings(report: Report, checks: Sequence[Check], where: Workspace) -> Report:
    """The report with what these checks say of its records, kept as the latest one."""
    asked = [asked_of(report, check) for check in checks]
    names = [check.name for check in checks]
    before = report.candidates.filter(~pl.col("check").is_in(names))
    new = pl.concat([pl.DataFrame(schema=HITS), *(hits for hits, _ in asked)])
    candidates = in_order(pl.concat([before, new]))
    passed = before.join(report.findings, on=SAME, how="semi", nulls_equal=True)
    found = in_order(pl.concat([passed, new]))
    entries = [entry(check, count) for check, (_, count) in zip(checks, asked, strict=True)]
    others = [each for each in report.document["checks"] if each["name"] not in names]
    every = sorted([*others, *entries], key=lambda each: each["name"])
    return keep(
        concluded({**report.document, "checks": every}, found), candidates, found,
        report.folder / "rejects.jsonl", report.snapshot, where, report.tables(),
    )  # fmt: skip


def asked_of(report: Report, check: Check) -> tuple[pl.DataFrame, Count]:
    """What one check says of every record of the snapshot."""
    count = Count()
    found = [pl.DataFrame(schema=HITS)]
    for number, frame in enumerate(report.snapshot.frames(list(SCHEMA))):
        records = with_prompt(frame)
        if check.applies is not None:
            count.checked += int(records.select(check.applies(check.params)).to_series().sum())
        hits = sorted_out(ask(check, records), count)
        found.append(framed(check, hits, records, number=number))
    return pl.concat(found), count


def entry(check: Check, count: Count) -> dict[str, Any]:
    """The check's line in the report."""
    return {
        "name": check.name, "group": check.group, "says": check.says, "severity": check.severity,
        "checked": count.checked, "could_not_tell": count.could_not_tell,
        "reasons": dict(sorted(count.reasons.items())), "skipped": None, "seconds": 0.0,
    }  # fmt: skip
