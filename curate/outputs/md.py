"""Markdown, for a pull request: what was read, what each check found, ten records to look at.

Nothing from a record stands outside a code block: the fence is longer than any run of backticks
in it, so no record can place an image, a link, a mention or markup in somebody's review.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from curate.finding import SEVERITIES
from curate.locale import Translator
from curate.show.cards import of_records, plain
from curate.show.next_step import next_command
from curate.show.numbers import many, number
from curate.show.showing import Finding, Showing, where
from curate.show.shown import one_line
from curate.show.skips import skips

if TYPE_CHECKING:
    from curate.report import Report

FILE = "report.md"
RECORDS = 10
FINDINGS = 3  # of each record
SOURCES = 20
EXCERPT = 200  # characters
TICKS = re.compile("`+")


def render(report: Report, locale: str = "en") -> str:
    """The whole text; below the 65,536 characters that a pull request takes."""
    document = report.document
    top = document["top"][:RECORDS]
    showing = Showing(report, locale, [one["record_id"] for one in top])
    t = showing.t
    rows, counts = document["rows"], document["findings"]
    lines = [
        f"## {t('Report')}",
        "",
        f"{t('Read')} {number(rows['read'])} = {t('Kept')} {number(rows['kept'])} "
        f"+ {t('Rejected')} {number(rows['rejected'])}. "
        f"{t('Findings')}: "
        + t(", ").join(f"{t(name)} {number(counts[name])}" for name in reversed(SEVERITIES))
        + ".",
        "",
        *sources(document["sources"], t),
        *checks(document["checks"], t),
        *whole(report, showing),
        *records(report, top, showing),
    ]
    step = next_command(report)
    if step is not None:
        lines += [f"{t('Next')}: {code(step)}", ""]
    return "\n".join(lines)


def sources(said: Sequence[Mapping[str, Any]], t: Translator) -> Iterator[str]:
    """The sources by name."""
    for source in said[:SOURCES]:
        yield f"- {code(source['name'])}: {t('{n} read').format(n=number(source['rows']['read']))}"
    if len(said) > SOURCES:
        left = len(said) - SOURCES
        yield f"- {many(left, t('1 more source'), t('{n} more sources'))}"
    yield ""


def checks(asked: Sequence[Mapping[str, Any]], t: Translator) -> Iterator[str]:
    """A table of the checks that found something, could not tell, or were skipped."""
    told = [c for c in asked if c["skipped"] is None and (c["flagged"] or c["could_not_tell"])]
    if told:
        yield f"| {t('Check')} | {t('Flagged')} | {t('Could not tell')} | {t('Checked')} |"
        yield "| --- | ---: | ---: | ---: |"
    for check in sorted(told, key=lambda c: (-c["flagged"], c["name"])):
        counts = (check["flagged"], check["could_not_tell"], check["checked"])
        yield f"| {check['name']} | " + " | ".join(number(n) for n in counts) + " |"
    yield ""
    quiet = sum(c["skipped"] is None for c in asked) - len(told)
    if quiet:
        start = many(quiet, t("1 check found nothing."), t("{n} checks found nothing."))
        yield start
    for which, why in skips(((c["name"], c["skipped"]) for c in asked if c["skipped"]), t):
        yield f"{t('skipped')}: {which} ({code(why)})."
    yield ""


def whole(report: Report, showing: Showing) -> Iterator[str]:
    """Findings on the data set itself."""
    found = report.findings.filter(report.findings["record_id"].is_null())
    if len(found):
        yield f"### {showing.t('Whole data set')}"
        yield ""
        yield from fenced(line(finding, showing) for finding in found.iter_rows(named=True))


def records(report: Report, top: Sequence[Mapping[str, Any]], showing: Showing) -> Iterator[str]:
    """The records most worth a look."""
    if not top:
        return
    yield f"### {showing.t('Records most worth a look')}"
    yield ""
    found = of_records(report, (one["record_id"] for one in top))
    for place, one in enumerate(top, start=1):
        findings = found.get(one["record_id"], [])
        yield f"{place}. {code(where(one['source'], one['line']))}"
        yield ""
        lines = [line(finding, showing) for finding in findings[:FINDINGS]]
        excerpt = one_line(plain(showing.excerpt(findings[0], EXCERPT))) if findings else ""
        yield from fenced([*lines, *([f"  {excerpt}"] if excerpt else [])], indent="    ")


def line(finding: Finding, showing: Showing) -> str:
    """`warn unclosed-code: the code fence ...`."""
    return f"{showing.t(finding['severity'])} {finding['check']}: {showing.message(finding)}"


def code(text: str) -> str:
    """Text from outside as inline code; a table's bars and line breaks cannot be in it."""
    text = one_line(text).replace("|", "\u2758") or " "
    ticks = "`" * (longest(text) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def fenced(lines: Iterable[str], indent: str = "") -> Iterator[str]:
    """Lines that hold text from outside as a code block that they cannot close."""
    held = list(lines)
    fence = "`" * max(3, longest("\n".join(held)) + 1)
    yield f"{indent}{fence}text"
    yield from (f"{indent}{line}" for line in held)
    yield f"{indent}{fence}"
    yield ""


def longest(text: str) -> int:
    """The longest run of backticks."""
    return max((len(run) for run in TICKS.findall(text)), default=0)
