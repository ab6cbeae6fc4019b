"""Next step: what is most useful after an audit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from curate.locale import Translator
from curate.show.numbers import number

if TYPE_CHECKING:
    from curate.report import Report


def next_steps(report: Report, page: str, t: Translator) -> Iterator[str]:
    """First look at errors, which stand on the page; then the commands that help."""
    errors = report.document["findings"]["error"]
    if errors:
        one, several = t("look at the error in {page}"), t("look at the {n} errors in {page}")
        yield (one if errors == 1 else several).format(n=number(errors), page=page)
    command = next_command(report)
    if command is not None:
        yield command
        yield "curate review"


def next_command(report: Report) -> str | None:
    """A shell command; None where nothing was found."""
    if report.findings["fix"].count():
        return "curate fix --dry-run"  # of the snapshot that the audit kept
    if len(report.findings):
        worst = report.document["top"][0]["why"][0] if report.document["top"] else None
        worst = worst or report.findings["check"][0]
        return f"curate checks {worst}"
    return None
