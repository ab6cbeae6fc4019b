"""Judging: records of the latest audit to a judge, and what it said into that audit's report."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import typer

from curate.assist.calibrate import Calibration, calibrated, people_said
from curate.assist.candidate import Candidate
from curate.assist.gate import with_findings
from curate.assist.job import Job, progress
from curate.assist.judge import judged
from curate.assist.learned import learned
from curate.assist.measure import by_weights, scorings
from curate.assist.remarks import checks_of
from curate.assist.rubric import Rubric
from curate.assist.weights import Weights
from curate.check import Check
from curate.locale import Translator
from curate.report import Report, open_report
from curate.review import open_review
from curate.show.numbers import number
from curate.workspace import Workspace

COLUMNS = ["record_id", "prompt", "answer", "rejected"]
Rows = list[dict[str, Any]]


def drawn(where: Workspace, records: int | None, seed: int) -> tuple[Report, Rows]:
    """The latest audit, and each of its records once, or so many of them drawn at random."""
    folder = where.audited()
    report = open_report(folder, where)
    rows = {row["record_id"]: row for f in report.snapshot.frames(COLUMNS) for row in f.to_dicts()}
    every = [rows[name] for name in sorted(rows)]
    if records is None or records >= len(every):
        return report, every
    return report, random.Random(seed).sample(every, records)


class Remarked(NamedTuple):
    """The report with what was said of its records, and how many there are of each kind."""

    report: Report
    judged: int
    unjudged: Mapping[str, int]  # why there is no judgement -> records
    flagged: int
    calibration: Calibration | None = None  # how far a judge agrees with people


def remarked(report: Report, rows: Rows, rubric: Rubric, job: Job, where: Workspace) -> Remarked:
    """What a judge says."""
    made = judged(rows, rubric, job)
    good = people_said(open_review(where))
    calibration = calibrated(made, good, rubric.flag_below)
    unjudged = Counter(one.why for one in made if one.why is not None)
    checks = checks_of(made, calibration, job.model.name)
    found = with_findings(report, checks, where)
    return Remarked(
        found, len(made) - unjudged.total(), unjudged, flagged(found, checks), calibration
    )


def scored(
    report: Report, rows: Rows, weights: Path, where: Workspace, *, t: Translator, dry_run: bool
) -> Remarked:
    """What weights on this machine say of each answer, given its prompt."""
    asked = [row for row in rows if row["prompt"]]
    says = t("records to score with {name}: {n}")
    typer.echo(says.format(name=weights.name, n=number(len(asked))))
    scorer = Weights(weights)
    if dry_run:
        raise typer.Exit
    pairs = [Candidate("generation", row["prompt"], row["answer"], None, {}, ()) for row in asked]
    with progress(t("scores"), scorings(len(pairs))) as advance:
        measured = by_weights(pairs, scorer, advance)
    named = zip((row["record_id"] for row in asked), measured, strict=True)
    checks = learned(dict(named))
    found = with_findings(report, checks, where)
    without = {t("the record has no instruction"): len(rows) - len(asked)}
    unjudged = {why: n for why, n in without.items() if n}
    return Remarked(found, len(asked), unjudged, flagged(found, checks))


def flagged(report: Report, checks: Sequence[Check]) -> int:
    """Records that one of these checks speaks of."""
    names = [check.name for check in checks]
    return report.findings.filter(pl.col("check").is_in(names))["record_id"].n_unique()
