"""Gate: conditions under which an audit fails a build.

A condition is a severity (`error`, `warn`, `info`: any finding at least that severe), or
NAME OP NUMBER with OP one of > >= < <=. NAME is a check (its share of flagged among checked
records; for refusal-share and the like the share it measured), CHECK.MEASURE (a number that the
check measured), or one of rejected, could-not-tell, skipped, findings (counts). A condition on a
check that was skipped, or could tell of no record, cannot be decided, and that is an error.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from curate.errors import BadSetting, unknown
from curate.finding import SEVERITIES
from curate.locale import Translator, translator
from curate.plan import Plan, every_check
from curate.report import Report
from curate.show.saying import said
from curate.show.showing import evidence

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
WRITTEN = re.compile(
    r"\s*([a-z][a-z0-9_.-]*)\s*(>=|<=|>|<)\s*((?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)\s*", re.I | re.A
)
COUNTS = ("rejected", "could-not-tell", "skipped", "findings")
SAME = ("record_id", "check", "field", "message")
NAMED = 10  # new findings that a failed gate names; the report has them all
TOLD = ("record_id", "check", "severity", "source", "line", "message")


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
    condition = Condition(text, found[1], found[2], float(found[3]))
    if condition.limit > 1 and condition.name not in COUNTS and "." not in condition.name:
        raise BadSetting(
            f"--fail-on {text!r}: {condition.name} is a share, from 0 to 1; "
            f"for 20 % write {condition.name}{condition.op}0.2"
        )
    return condition


def decidable(conditions: Iterable[Condition], plan: Plan) -> None:
    """BadSetting, before any record is read, where a condition is on a check that is not asked."""
    known = every_check(plan.rule_files)
    for condition in conditions:
        if condition.op and condition.name not in COUNTS:
            check = named(condition, known)
            if check in plan.skipped:
                raise undecided(condition, check, plan.skipped[check])


def named(condition: Condition, known: Iterable[str]) -> str:
    """The check that a condition is on."""
    check = condition.name.partition(".")[0]
    if check not in known:
        every = f"curate checks, and {', '.join(COUNTS)}"
        what = unknown("name", check, [*known, *COUNTS], listed_by=every)
        raise BadSetting(f"--fail-on {condition.text!r}: {what}")
    return check


def undecided(condition: Condition, check: str, why: str) -> BadSetting:
    """That nobody knows whether the condition holds, which must not pass for a no."""
    return BadSetting(
        f"--fail-on {condition.text!r} cannot be decided: {check} says nothing of this data: {why}"
    )


def failed(
    report: Report,
    conditions: Iterable[Condition],
    baseline: Path | None = None,
    t: Translator = str,
) -> list[str]:
    """The conditions that hold, each with the number that made it so, and the first new findings.

    Said in the translator's language. BadSetting where a condition cannot be decided.
    """
    reasons = []
    findings = report.findings
    if baseline is not None:
        findings = new_since(findings, baseline)
    severe = findings.clear()
    for condition in conditions:
        if not condition.op:
            counted = at_least(findings, condition.name)
            says = t("{condition}: {n} findings")
            if baseline is not None:
                says = t("{condition}: {n} new findings")
            if len(counted):
                reasons.append(says.format(condition=condition.text, n=len(counted)))
            severe = max(severe, counted, key=len)
            continue
        value = number(report.document, condition)
        if OPERATORS[condition.op](value, condition.limit):
            says = t("{condition}: it is {value}")
            reasons.append(says.format(condition=condition.text, value=f"{value:.4g}"))
    return [*reasons, *first_of(severe, t)] if baseline is not None else reasons


def failed_said(
    report: Report, conditions: Iterable[Condition], baseline: Path | None, locale: str
) -> list[str]:
    """The same in the language of the page; nothing where that is English."""
    if locale == "en":
        return []
    t = translator(locale, report.document.get("sentences"))
    return failed(report, conditions, baseline, t)


def at_least(findings: pl.DataFrame, severity: str) -> pl.DataFrame:
    """The findings that are at least this severe."""
    severe = list(SEVERITIES[SEVERITIES.index(severity) :])
    return findings.filter(pl.col("severity").is_in(severe))


def first_of(new: pl.DataFrame, t: Translator) -> Iterator[str]:
    """The first new findings, one a line, and how many more there are."""
    for one in worst_first(new).head(NAMED).iter_rows(named=True):
        place = f"{one['source']}:{one['line']}" if one["source"] else t("the whole data set")
        message = said(t, evidence(one), one["message"])
        yield t("new: {check} {place}: {message}").format(
            check=one["check"], place=place, message=message
        )
    if len(new) > NAMED:
        yield t("new: {n} more").format(n=len(new) - NAMED)


def told(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """Findings as plain JSON, worst first, for whoever lists them."""
    return worst_first(findings).select(TOLD).to_dicts()


def worst_first(findings: pl.DataFrame) -> pl.DataFrame:
    """The findings by severity, else in their order."""
    ranked = pl.col("severity").replace_strict(list(SEVERITIES), range(len(SEVERITIES)))
    return findings.sort(ranked, descending=True, maintain_order=True)


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
    if condition.name in COUNTS:
        return float(count(document, condition.name))
    checks = {check["name"]: check for check in document["checks"]}
    name = named(condition, checks)
    check = checks[name]
    if check["skipped"] is not None:
        raise undecided(condition, name, check["skipped"])
    if 0 < check["checked"] <= check["could_not_tell"]:
        raise undecided(condition, name, next(iter(check["reasons"]), "it could tell of no record"))
    return measured(document, condition, check)


def measured(document: dict[str, Any], condition: Condition, check: dict[str, Any]) -> float:
    """What a check measured, or, where no measure is named, the share of records that it flags."""
    measures = document["measures"].get(check["name"], {})
    wanted = condition.name.partition(".")[2]
    value = measures.get(wanted or "share")
    if isinstance(value, int | float):
        return float(value)
    if wanted in measures and value is None:
        raise undecided(condition, check["name"], f"it has no {wanted}")
    if wanted:
        numbers = [key for key, value in measures.items() if isinstance(value, int | float)]
        raise BadSetting(f"--fail-on {condition.text!r}: {unknown('measure', wanted, numbers)}")
    return float(check["flagged"] / check["checked"]) if check["checked"] else 0.0


def count(document: dict[str, Any], name: str) -> int:
    """One of the counts of the whole audit."""
    if name == "rejected":
        return int(document["rows"]["rejected"])
    if name == "findings":
        return int(document["findings"]["total"])
    if name == "skipped":
        return sum(check["skipped"] is not None for check in document["checks"])
    return sum(check["could_not_tell"] for check in document["checks"])
