"""Next step: the one command that is most useful after an audit."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.report import Report

NAMED = 4  # sources written out; a longer command is not copied by anyone


def next_step(report: Report) -> str | None:
    """A shell command; None where nothing was found."""
    names = [source["name"] for source in report.document["sources"]]
    sources = shlex.join(names) if len(names) <= NAMED else "SOURCE…"
    if report.findings["fix"].count():
        return f"curate fix --dry-run {sources}"
    if len(report.findings):
        worst = report.document["top"][0]["why"][0] if report.document["top"] else None
        worst = worst or report.findings["check"][0]
        return f"curate checks {worst}"
    return None
