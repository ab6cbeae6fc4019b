"""Gate: conditions under which an audit fails a build.

A condition is a severity (`error`, `warn`, `info`: any finding at least that severe), or
NAME OP NUMBER with OP one of > >= < <=. NAME is a check (its share of flagged among checked
records; for refusal-share and the like the share it measured), CHECK.MEASURE (a number that the
check measured), or one of rejected, could-not-tell, skipped, findings (counts).
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from curate.errors import BadSetting, unknown
from curate.finding import SEVERITIES
from curate.report import Report

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
WRITTEN = re.compile(r"\s*([a-z][a-z0-9_.-]*)\s*(>=|<=|>|<)\s*([0-9.]+(?:e-?[0-9]+)?)\s*", re.I)
COUNTS = ("rejected", "could-not-tell", "skipped", "findings")
SAME = ("record_id", "check", "field", "message")


@dataclass(frozen=True, slots=True)
class Condition:
    """What must not be true; `op` is empty for a severity."""

    text: str
    name: str
    op: str = ""
    limit: float = 0.0


def parse(text: str) -> Condition:
    """A condition as the user wrote it; BadSetting says what may be written."""
    if text.strip() in SEVERITIES:
        return Condition(text, text.strip())
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise BadSetting(
            f"--fail-on {text!r}: write a severity ({', '.join(reversed(SEVERITIES))}) "
            "or NAME>NUMBER, as 'refusal-share>0.2'"
        )
    return Condition(text, found[1], found[2], float(found[3]))


def failed(
    report: Report, conditions: Iterable[Condition], baseline: Path | None = None
) -> list[str]:
    """The conditions that hold, each with the number that made it so."""
    reasons = []
    findings = report.findings
    if baseline is not None:
        findings = new_since(findings, baseline)
    for condition in conditions:
        if not condition.op:
            count = at_least(findings, condition.name)
            new = "new " if baseline is not None else ""
            if count:
                reasons.append(f"{condition.text}: {count} {new}findings")
            continue
        value = number(report.document, condition)
        if OPERATORS[condition.op](value, condition.limit):
            reasons.append(f"{condition.text}: it is {value:.4g}")
    return reasons


def at_least(findings: pl.DataFrame, severity: str) -> int:
    """How many findings are at least this severe."""
    severe = list(SEVERITIES[SEVERITIES.index(severity) :])
    return len(findings.filter(pl.col("severity").is_in(severe)))


def new_since(findings: pl.DataFrame, baseline: Path) -> pl.DataFrame:
    """The findings that the baseline does not have; its findings.parquet lies beside it."""
    beside = baseline.parent / "findings.parquet"
    for file in (baseline, beside):
        if not file.exists():
            raise BadSetting(f"--baseline {baseline}: {file} does not exist")
    schema = json.loads(baseline.read_bytes()).get("schema")
    if schema != report_schema():
        raise BadSetting(f"--baseline {baseline}: schema {schema!r} is not {report_schema()!r}")
    return findings.join(pl.read_parquet(beside), on=SAME, how="anti", nulls_equal=True)


def report_schema() -> str:
    """The schema of the reports that can be a baseline."""
    from curate.report import FORMAT

    return FORMAT


def number(document: dict[str, Any], condition: Condition) -> float:
    """The number that a condition speaks of."""
    name = condition.name
    checks = {check["name"]: check for check in document["checks"]}
    if name in COUNTS:
        return float(count(document, name))
    check, _, measure = name.partition(".")
    if check not in checks:
        raise BadSetting(
            f"--fail-on {condition.text!r}: {unknown('name', check, [*checks, *COUNTS])}"
        )
    measures = document["measures"].get(check, {})
    wanted = measure or "share"
    if isinstance(measures.get(wanted), int | float):
        return float(measures[wanted])
    if measure:
        numbers = [key for key, value in measures.items() if isinstance(value, int | float)]
        raise BadSetting(f"--fail-on {condition.text!r}: {unknown('measure', measure, numbers)}")
    checked = checks[check]["checked"]
    return float(checks[check]["flagged"] / checked) if checked else 0.0


def count(document: dict[str, Any], name: str) -> int:
    """One of the counts of the whole audit."""
    if name == "rejected":
        return int(document["rows"]["rejected"])
    if name == "findings":
        return int(document["findings"]["total"])
    if name == "skipped":
        return sum(check["skipped"] is not None for check in document["checks"])
    return sum(check["could_not_tell"] for check in document["checks"])
