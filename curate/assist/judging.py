"""Judging: records of the latest audit to a judge, and what it said into that audit's report."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from curate.assist.calibrate import Calibration, calibrated, people_said
from curate.assist.candidate import Candidate
from curate.assist.gate import with_findings
from curate.assist.job import Job
from curate.assist.judge import judged
from curate.assist.measure import by_weights
from curate.assist.remarks import checks_of, unhelped
from curate.assist.rubric import Rubric
from curate.assist.weights import Weights
from curate.report import Report, open_report
from curate.review import open_review
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


def remarked(
    report: Report, rows: Rows, rubric: Rubric, job: Job, where: Workspace
) -> tuple[Report, Calibration]:
    """The report with what a judge says, and how far the judge agrees with people."""
    made = judged(rows, rubric, job)
    good = people_said(open_review(where))
    calibration = calibrated(made, good, rubric.flag_below)
    return with_findings(report, checks_of(made, calibration, job.model.name), where), calibration


def scored(report: Report, rows: Rows, weights: Path, where: Workspace) -> Report:
    """The report with what weights on this machine say: which answers their prompts do not help."""
    asked = [row for row in rows if row["prompt"]]
    pairs = [Candidate("generation", row["prompt"], row["answer"], None, {}, ()) for row in asked]
    measured = by_weights(pairs, Weights(weights))
    named = zip((row["record_id"] for row in asked), measured, strict=True)
    return with_findings(report, [unhelped(list(named))], where)
