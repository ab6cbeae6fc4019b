"""Next step: the one command that is most useful after an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.report import Report


def next_step(report: Report) -> str | None:
    """A shell command; None where nothing was found."""
    if report.findings["fix"].count():
        return "curate fix --dry-run"  # of the snapshot that the audit kept
    if len(report.findings):
        worst = report.document["top"][0]["why"][0] if report.document["top"] else None
        worst = worst or report.findings["check"][0]
        return f"curate checks {worst}"
    return None
