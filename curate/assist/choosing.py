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
from curate.report import Report, open_report
from curate.workspace import Workspace


@dataclass(frozen=True)
class Chosen:
    """A choice for every record, the random ids, and the records themselves."""

    choices: list[Choice]
    random: set[str]
    rows: Mapping[str, dict[str, Any]]

    @property
    def in_both(self) -> set[str]:
        """Records that chance took too."""
        return {one.record_id for one in self.choices if one.kept} & self.random


def chosen(where: Workspace, budget: int, seed: int) -> Chosen:
    """Choose among the records of the latest audit; copies, which share an id, count once."""
    folder = where.audited()
    report = open_report(folder, where)
    rows = {row["record_id"]: row for f in report.snapshot.frames() for row in f.to_dicts()}
    every = choosable(report, list(rows.values()))
    return Chosen(selected(every, budget), at_random(every, budget, seed), rows)


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
