"""Table: findings as lines, and what the lines can be filtered by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape

from curate.finding import SEVERITIES
from curate.show.showing import Finding, Showing, where
from curate.show.shown import Piece, one_line

if TYPE_CHECKING:
    import polars as pl

    from curate.report import Report

FIRST = 50  # rows of the table before "show more"
EXCERPT = 110  # characters of record text in the table
SOURCES = 12  # sources that get a filter of their own

Page = dict[str, Any]


def table(rows: pl.DataFrame, report: Report, showing: Showing, made: Sequence[Page]) -> Page:
    """The findings table and its filters; classes are short, for there are thousands of them."""
    found = list(rows.iter_rows(named=True))
    carded = {card["record_id"]: at for at, card in enumerate(made, start=1)}
    counts = dict(report.findings.group_by("check").len().sort("check").iter_rows())
    checks = sorted(counts, key=lambda name: (-counts[name], name))
    found_in = report.findings.group_by("source").len().drop_nulls()
    sources = {source["name"]: 0 for source in report.document["sources"]}
    sources |= dict(found_in.iter_rows())
    named = sorted(sources, key=lambda name: (-sources[name], name))[:SOURCES]
    return {
        "rows": [row(one, showing, checks, named, carded) for one in found],
        "total": len(report.findings),
        "left_out": len(report.findings) - len(found),
        "first": FIRST,
        "more": max(0, len(found) - FIRST),
        "checks": [(at, name, counts[name]) for at, name in enumerate(checks)],
        "sources": [(at, one_line(name), sources[name]) for at, name in enumerate(named)],
        "severities": [(s, report.document["findings"][s]) for s in reversed(SEVERITIES)],
    }


class Row(NamedTuple):
    """One finding of the table; `k` and `s` are the numbers of its check and its source."""

    check: str
    k: int
    s: int | str
    severity: str
    where: str
    card: int | None
    message: str
    excerpt: Markup


def row(
    finding: Finding,
    showing: Showing,
    checks: Sequence[str],
    sources: Sequence[str],
    carded: Mapping[str, int],
) -> Row:
    """One finding as a line of the table."""
    source = finding["source"]
    return Row(
        check=finding["check"],
        k=checks.index(finding["check"]),
        s=sources.index(source) if source in sources else "x",
        severity=finding["severity"],
        where=where(source, finding["line"]) if source else "",
        card=carded.get(finding["record_id"]),
        message=showing.message(finding),
        excerpt=inline(showing.excerpt(finding, EXCERPT)),
    )


def inline(shown: Sequence[Piece]) -> Markup:
    """Shown text on one line; in Python, for the table has thousands of them."""
    made = []
    for piece in shown:
        text = str(escape("…" if piece.kind == "cut" else piece.text))
        if piece.kind == "hidden":
            text = f'<i class="hidden">{text}</i>'
        if piece.severity:
            text = f'<mark class="{escape(piece.severity)}">{text}</mark>'
        made.append(text)
    return Markup("".join(made))
