"""Terminal: what an audit says on the screen; plain when it is piped."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from curate.finding import SEVERITIES
from curate.locale import Translator, source_said, translator
from curate.show import saying
from curate.show.cards import of_records
from curate.show.charts import classes, refusals
from curate.show.copies import copies
from curate.show.folding import folded, table
from curate.show.next_step import next_steps
from curate.show.numbers import many, number, percent
from curate.show.progress import Progress as Progress  # the audit's other voice on the screen
from curate.show.showing import Finding, Showing, where
from curate.show.shown import SPACES, Piece, one_line
from curate.show.skips import skips

if TYPE_CHECKING:
    from curate.plan import Plan
    from curate.report import Report
    from curate.sources.source import Source

PIPED_WIDTH = 100  # columns, unless COLUMNS says others; so that two logs can be compared
RECORDS = 10
SOURCES = 8
REJECTS = 12
BARS = 6
BAR = 24  # columns
NAME = 32  # columns of a class's name
STYLES = {"error": "bold red", "warn": "yellow", "info": "cyan"}

Lines = Iterator[Text]


def screen() -> Console:
    """Standard output; colour only for a terminal."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # an old code page must not end an audit
    tty = sys.stdout.isatty()
    return Console(
        width=None if tty or os.environ.get("COLUMNS", "").isdigit() else PIPED_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
        color_system="auto" if tty else None,
        legacy_windows=False,
    )


def show(report: Report, out: Path, locale: str = "en", console: Console | None = None) -> None:
    """The summary of an audit, and where the rest of it lies."""
    console = console or screen()
    top = report.document["top"][:RECORDS]
    showing = Showing(report, locale, [one["record_id"] for one in top])
    t = showing.t
    for title, lines in (
        (None, read(report, t)),
        (t("Rejected"), rejected(report, t)),
        (t("Whole data set"), whole(report, showing)),
        (t("Records most worth a look"), worth(report, showing, console.width)),
        (t("Checks"), [*checks(report.document["checks"], t), *copies(report.document, t)]),
        (t("Balance"), balance(report, t, console.width)),
        (t("Refusals"), refused(report, t, console.width)),
        (None, rest(report, out, t)),
    ):
        block = list(lines)
        if block and title is not None:
            console.print(Text(title, style="bold"))
        write(block, console, 2 if title else 0)
        if block:
            console.print()


def write(lines: Iterable[Text], console: Console, set_in: int = 0) -> None:
    """The lines, folded to the width of the screen."""
    for line in lines:
        for part in folded(Text(" " * set_in).append_text(line), console.width):
            console.print(part, soft_wrap=True)


def gate(failed: Sequence[str], locale: str = "en") -> None:
    """Why the build fails, on standard error; nothing where it does not."""
    t = translator(locale)
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    for reason in failed:
        said = Text(f"{t('Gate failed')}: {one_line(reason)}", style="bold red")
        console.print(said, soft_wrap=True)


def dry_run(sources: Sequence[Source], plan: Plan, locale: str = "en") -> None:
    """What would be read and asked."""
    console, t = screen(), translator(locale)
    count = many(len(plan.asked), t("1 check would be asked:"), t("{n} checks would be asked:"))
    write((Text(one_line(source.said_in(t))) for source in sources), console)
    write([Text(f"{count} {t(', ').join(plan.asked)}")], console)
    write(skipped(sorted(plan.skipped.items()), t), console)


def skipped(checks: Iterable[tuple[str, str]], t: Translator) -> Lines:
    """What was not asked, a line for each reason."""
    for which, why in skips(checks, t):
        yield Text(f"{t('skipped')}: {which} ({one_line(why)})", style="dim")


def read(report: Report, t: Translator) -> Lines:
    """What each source is and how much came of it, and their sum."""
    sources = report.document["sources"]
    for source in sources[:SOURCES]:
        yield Text(one_line(f"{source['name']}: {source_said(t, source)}"))
        yield Text("  ").append_text(ledger(source["rows"], t))
    left = len(sources) - SOURCES
    if left > 0:
        yield Text(many(left, t("1 more source"), t("{n} more sources")), style="dim")
    if len(sources) > 1:
        yield Text(": ").join([Text(t("together"), "bold"), ledger(report.document["rows"], t)])


def ledger(rows: Mapping[str, int], t: Translator) -> Text:
    """Read = kept + rejected."""
    return Text(" ").join(
        [
            Text(t("{n} read").format(n=number(rows["read"]))),
            Text(t("= {n} kept").format(n=number(rows["kept"]))),
            Text(
                t("+ {n} rejected").format(n=number(rows["rejected"])),
                style="yellow" if rows["rejected"] else "dim",
            ),
        ]
    )


def rejected(report: Report, t: Translator) -> Lines:
    """How many of which kind, the first place of each kind, and where all are."""
    codes = report.document["rejects"]
    if not codes:
        return
    yield Text(t(", ").join(f"{code} {number(n)}" for code, n in codes.items()))
    shown = report.rejects[:REJECTS]
    for one in shown:
        place = where(one["source"], one["line"])
        why = one_line(saying.said(t, one, one["message"]))
        yield Text(f"{place}  {one['code']}: {why}", style="dim")
    left = report.document["rows"]["rejected"] - len(shown)
    if left > 0:
        more = many(left, t("1 more is in rejects.jsonl"), t("{n} more are in rejects.jsonl"))
        yield Text(f"… {more}", style="dim")
    yield Text(t("rejects.jsonl holds these as they are, private values too"), style="dim")


def whole(report: Report, showing: Showing) -> Lines:
    """Findings on the data set itself."""
    found = report.findings.filter(report.findings["record_id"].is_null())
    for finding in sorted(found.iter_rows(named=True), key=severity, reverse=True):
        yield said(finding, showing)


def worth(report: Report, showing: Showing, width: int) -> Lines:
    """Ten records: where, why, and the words it is about."""
    top = report.document["top"][:RECORDS]
    found = of_records(report, (one["record_id"] for one in top))
    for one in top:
        findings = found.get(one["record_id"], [])
        if not findings:
            continue
        place = Text(where(one["source"], one["line"]), style="bold")
        line = Text("  ").join([place, said(findings[0], showing)])
        more = [name for name in one["why"] if name != findings[0]["check"]]
        if more:
            line.append(f"  (+ {', '.join(more)})", style="dim")
        yield line
        excerpt = words(showing.excerpt(findings[0], width))
        excerpt.truncate(max(20, width - 6), overflow="ellipsis")
        if excerpt.plain.strip():
            yield Text("  ").append_text(excerpt)


def severity(finding: Finding) -> int:
    """Severity as a number, worst highest."""
    return SEVERITIES.index(finding["severity"])


def said(finding: Finding, showing: Showing) -> Text:
    """`error contradiction: the same prompt ...`."""
    style = STYLES[finding["severity"]]
    name = Text(f"{showing.t(finding['severity'])} {finding['check']}", style=style)
    return Text(": ").join([name, Text(showing.message(finding))])


def words(shown: Sequence[Piece]) -> Text:
    """Shown text on one line of a terminal."""
    line = Text(no_wrap=True)
    for piece in shown:
        if piece.kind == "cut":
            line.append("…", style="dim")
        elif piece.kind == "hidden":
            line.append(f"\u27e8{piece.text}\u27e9", style="red")
        else:
            line.append(SPACES.sub(" ", piece.text), style=STYLES.get(piece.severity, "dim"))
    return line


def checks(asked: Sequence[Mapping[str, Any]], t: Translator) -> Lines:
    """A line for each check that found something or could not tell; the others in one."""
    told = [c for c in asked if c["skipped"] is None and (c["flagged"] or c["could_not_tell"])]
    if told:
        heads = ("", t("Flagged"), t("Could not tell"), t("Checked"))
        rows = [[Text(head, style="dim") for head in heads]]
        for check in sorted(told, key=lambda c: (-c["flagged"], c["name"])):
            style = STYLES[worst(check)] if check["flagged"] else ""
            counts = (check["flagged"], check["could_not_tell"], check["checked"])
            rows.append([Text(check["name"], style=style), *(Text(number(n)) for n in counts)])
        yield from table(rows, right=(1, 2, 3))
    quiet = [c["name"] for c in asked if c["skipped"] is None and c not in told]
    if quiet:
        start = many(len(quiet), t("1 check found nothing:"), t("{n} checks found nothing:"))
        yield Text(f"{start} {t(', ').join(quiet)}", style="dim")
    yield from skipped(((c["name"], c["skipped"]) for c in asked if c["skipped"] is not None), t)


def worst(check: Mapping[str, Any]) -> str:
    """The worst severity among a check's findings."""
    found = check.get("severities") or {check["severity"]: 1}
    return str(max(found, key=SEVERITIES.index))


def balance(report: Report, t: Translator, width: int) -> Lines:
    """The largest classes as bars."""
    for chart in classes(report.document["measures"].get("class-imbalance", {}), t):
        yield named(chart["title"], chart["note"])
        rows = [
            (bar["name"], bar["width"], [number(bar["count"]), percent(bar["share"])])
            for bar in chart["bars"]
        ]
        yield from bars(rows, width)
        yield from (Text(one_line(line), style="dim") for line in chart["legend"])


def refused(report: Report, t: Translator, width: int) -> Lines:
    """The share of refusals in total and by category as bars."""
    measures, settings = report.document["measures"], report.document["settings"]
    name = "refusal-share"
    for chart in refusals(measures.get(name, {}), settings.get(name, {}), t):
        if chart["note"]:
            yield named(chart["note"])
        yield from bars([(r["name"], r["at"], [percent(r["share"])]) for r in chart["rows"]], width)
        low, high = (percent(share) for share in chart["band"][2:])
        yield Text(t("expected: {low} to {high}").format(low=low, high=high), style="dim")


def named(*words: str | None) -> Text:
    """What the bars below stand for."""
    return Text(" ".join(one_line(word) for word in words if word), style="dim")


def bars(rows: Sequence[tuple[str, float, list[str]]], screen_width: int) -> Lines:
    """Names, bars (length in percent) and figures."""
    longest = min(BAR, screen_width // 4)
    made = []
    for name, length, figures in rows[:BARS]:
        full = round(longest * length / 100)
        bar = Text("█" * full + "░" * (longest - full), style="blue")
        shown = Text(one_line(name))
        shown.truncate(min(NAME, screen_width // 3), overflow="ellipsis")
        made.append([shown, bar, *map(Text, figures)])
    yield from table(made, right=range(2, 2 + len(rows[0][2])))
    if len(rows) > BARS:
        yield Text("…", style="dim")


def rest(report: Report, out: Path, t: Translator) -> Lines:
    """The counts, where the report lies, and what to do next."""
    counts = report.document["findings"]
    line = Text(f"{t('Findings')}: ")
    for name in reversed(SEVERITIES):
        style = STYLES[name] if counts[name] else "dim"
        line.append(f"{t(name)} {number(counts[name])}", style=style).append("  ")
    unsure = sum(check["could_not_tell"] for check in report.document["checks"])
    line.append(f"{t('Could not tell')}: {number(unsure)}")
    yield line
    page = str(out / "report.html")
    yield Text(f"{t('Report')}: {page}")
    for number_, step in enumerate(next_steps(report, page, t)):
        yield Text(f"{t('Next') if number_ == 0 else t('Then')}: {one_line(step)}", style="bold")
