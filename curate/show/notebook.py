"""Notebook: the summary of a report in a cell, and the way to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from curate.show.cards import cards
from curate.show.report_html import Page, environment, head, severity
from curate.show.showing import Showing

if TYPE_CHECKING:
    from curate.report import Report


def notebook(report: Report, locale: str = "en") -> str:
    """A summary for a notebook's cell: inline styles only, no script, ten checks, ten records."""
    top = report.document["top"][:10]
    ids = [one["record_id"] for one in top]
    showing = Showing(report, locale, ids)
    page = {
        **head(report, showing),
        "cards": cards(report, showing, 10),
        "checks": loudest(report.document["checks"], 10),
        "page": linked(report.page) if report.page else None,
    }
    return environment().get_template("notebook.html").render(lang=locale, t=showing.t, **page)


def loudest(checks: Sequence[Mapping[str, Any]], limit: int) -> list[Page]:
    """The checks that flag most, each with the length of its bar in percent."""
    found = sorted((c for c in checks if c["flagged"]), key=lambda c: (-c["flagged"], c["name"]))
    most = found[0]["flagged"] if found else 1
    return [{**c, "worst": severity(c), "length": 100 * c["flagged"] / most} for c in found[:limit]]


def linked(page: Path) -> str:
    """An address of the page that a notebook can open: a path below its own folder, if it is."""
    here = Path.cwd()
    return quote(str(page.relative_to(here))) if page.is_relative_to(here) else page.as_uri()
