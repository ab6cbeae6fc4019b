"""Choosing: the latest audit's records to a selection, a random set and a reason for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from curate.assist.conversation import conversations, lines
from curate.assist.select import Choice, Choosable, at_random, selected
from curate.content.language import languages
from curate.publish import write_whole
from curate.report import Report
from curate.review import open_review
from curate.review.follow import NOTHING
from curate.store import decisions
from curate.store.standing import Standing, standings
from curate.workspace import Workspace

OUT = "it was taken out of the data by a decision"


@dataclass(frozen=True)
class Chosen:
    """A choice for every record, the random ids, and the records themselves."""

    choices: list[Choice]
    random: set[str]
    rows: Mapping[str, dict[str, Any]]
    undecided: set[str]  # records with an error that nobody has decided on

    @property
    def in_both(self) -> set[str]:
        """Records that chance took too."""
        return self.kept & self.random

    @property
    def kept(self) -> set[str]:
        """The selection."""
        return {one.record_id for one in self.choices if one.kept}


def chosen(where: Workspace, budget: int, seed: int) -> Chosen:
    """Choose among the records of the latest audit that nobody has taken out of the data.

    Copies, which share an id, count once.
    """
    review = open_review(where, reading=True)
    known = review.store.read(lambda on: standings(decisions.current_of(on)))
    rows = {r["record_id"]: r for f in review.report.snapshot.frames() for r in f.to_dicts()}
    stay = [row for name, row in rows.items() if not is_out(known.get(name, NOTHING))]
    every = choosable(review.report, stay)
    out = [Choice(name, False, OUT, 0.0) for name in rows if is_out(known.get(name, NOTHING))]
    open_ones = {
        name
        for name, checks in errors_of(review.report).items()
        if not known.get(name, NOTHING).settled(checks)
    }
    choices = [*selected(every, budget), *out]
    return Chosen(choices, at_random(every, budget, seed), rows, open_ones)


def is_out(standing: Standing) -> bool:
    """Whether a person, or a policy that no person spoke against, took the record out."""
    if standing.verdict is not None:
        return standing.verdict.kind == "drop"
    return any(one.kind == "drop" for one in standing.policies)


def errors_of(report: Report) -> dict[str, list[str]]:
    """Record -> the checks that found an error on it."""
    errors = report.findings.filter(severity="error").drop_nulls("record_id")
    grouped = errors.group_by("record_id").agg(pl.col("check").unique().sort())
    return dict(grouped.iter_rows())


def choosable(report: Report, rows: list[dict[str, Any]]) -> list[Choosable]:
    """Records with what the audit found on each."""
    counted = report.findings.filter(pl.col("record_id").is_not_null())
    found: dict[str, dict[str, int]] = {}
    for name, severity, n in counted.group_by("record_id", "severity").len().iter_rows():
        found.setdefault(name, {})[severity] = n
    spoken = languages(pl.Series([row["answer"] for row in rows], dtype=pl.String))
    return [
        Choosable(
            row["record_id"],
            f"{row['prompt'] or ''}\n{row['answer'] or ''}",
            {
                "category": row["category"] or row["label"] or "",
                "language": language or "",
                "origin": row["origin"] or "",
            },
            found.get(row["record_id"], {}),
        )
        for row, language in zip(rows, spoken, strict=True)
    ]


def written(chosen: Chosen, into: Path) -> list[Path]:
    """The selection, the random set, and why each record is in or not."""
    beside, reasons = into.with_suffix(".random.jsonl"), into.with_suffix(".reasons.jsonl")
    kept = sorted((one for one in chosen.choices if one.kept), key=lambda one: one.at or 0)
    write_whole(into, conversations(chosen.rows[one.record_id] for one in kept))
    write_whole(beside, conversations(chosen.rows[name] for name in sorted(chosen.random)))
    told = ({**asdict(one), "random": one.record_id in chosen.random} for one in chosen.choices)
    write_whole(reasons, lines(told))
    return [into, beside, reasons]
