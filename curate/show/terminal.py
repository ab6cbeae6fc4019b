"""Terminal: what an audit says on the screen; plain and of one width when it is piped."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from curate.finding import SEVERITIES
from curate.locale import Translator, sentence, source_said, translator
from curate.show.cards import of_records
from curate.show.charts import classes, refusals
from curate.show.next_step import next_step
from curate.show.numbers import many, number, percent
from curate.show.progress import Progress as Progress  # the audit's other voice on the screen
from curate.show.showing import Finding, Showing, where
from curate.show.shown import SPACES, Piece, one_line

if TYPE_CHECKING:
    from curate.plan import Plan
    from curate.report import Report
    from curate.sources.source import Source

PIPED_WIDTH = 100  # columns, whatever the machine, so that two logs can be compared
RECORDS = 10
SOURCES = 8
REJECTS = 3
BARS = 6
BAR = 24  # columns
STYLES = {"error": "bold red", "warn": "yellow", "info": "cyan"}

Lines = Iterator[RenderableType]


def screen() -> Console:
    """Standard output; colour and its own width only for a terminal."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # an old code page must not end an audit
    tty = sys.stdout.isatty()
    return Console(
        width=None if tty else PIPED_WIDTH,
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
        (t("Checks"), checks(report.document["checks"], t)),
        (t("Balance"), balance(report, t)),
        (t("Refusals"), refused(report, t)),
        (None, rest(report, out, t)),
    ):
        block = list(lines)
        if block and title is not None:
            console.print(Text(title, style="bold"))
        for line in block:
            console.print(Padding(line, (0, 0, 0, 2 if title else 0), expand=False))
        if block:
            console.print()


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
    for source in sources:
        console.print(Text(one_line(source.said_in(t))))
    count = many(len(plan.asked), t("1 check would be asked:"), t("{n} checks would be asked:"))
    console.print(Text(f"{count} {', '.join(plan.asked)}"))
    for name, why in sorted(plan.skipped.items()):
        console.print(Text(f"{t('skipped')}: {name} ({t(why)})"))


def read(report: Report, t: Translator) -> Lines:
    """What each source is and how much came of it, and their sum."""
    sources = report.document["sources"]
    for source in sources[:SOURCES]:
        yield Text(one_line(f"{source['name']}: {source_said(t, source)}"))
        yield Padding(ledger(source["rows"], t), (0, 0, 0, 2), expand=False)
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
    """How many of which kind, and the first places."""
    codes = report.document["rejects"]
    if not codes:
        return
    yield Text(", ".join(f"{code} {number(n)}" for code, n in codes.items()))
    for one in report.rejects[:REJECTS]:
        place = where(one["source"], one["line"])
        why = one_line(sentence(t, one, one["message"]))
        yield Text(f"{place}  {one['code']}: {why}", style="dim")


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
        if excerpt:
            yield Padding(excerpt, (0, 0, 0, 2), expand=False)


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
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    for _ in range(3):
        table.add_column(justify="right", no_wrap=True)
    heads = ("", t("Flagged"), t("Could not tell"), t("Checked"))
    table.add_row(*(Text(head, style="dim") for head in heads))
    told = [c for c in asked if c["skipped"] is None and (c["flagged"] or c["could_not_tell"])]
    for check in sorted(told, key=lambda c: (-c["flagged"], c["name"])):
        style = STYLES[worst(check)] if check["flagged"] else ""
        counts = (check["flagged"], check["could_not_tell"], check["checked"])
        table.add_row(Text(check["name"], style=style), *(Text(number(n)) for n in counts))
    if told:
        yield table
    quiet = [c["name"] for c in asked if c["skipped"] is None and c not in told]
    if quiet:
        start = many(len(quiet), t("1 check found nothing:"), t("{n} checks found nothing:"))
        yield Text(f"{start} {', '.join(quiet)}", style="dim")
    for check in asked:
        if check["skipped"] is not None:
            why = one_line(t(check["skipped"]))
            yield Text(f"{t('skipped')}: {check['name']} ({why})", style="dim")


def worst(check: Mapping[str, Any]) -> str:
    """The worst severity among a check's findings."""
    found = check.get("severities") or {check["severity"]: 1}
    return str(max(found, key=SEVERITIES.index))


def balance(report: Report, t: Translator) -> Lines:
    """The largest classes as bars."""
    for chart in classes(report.document["measures"].get("class-imbalance", {}), t):
        yield named(chart["title"], chart["note"])
        yield bars(
            [
                (bar["name"], bar["width"], f"{number(bar['count'])}  {percent(bar['share'])}")
                for bar in chart["bars"]
            ]
        )
        yield from (Text(one_line(line), style="dim") for line in chart["legend"])


def refused(report: Report, t: Translator) -> Lines:
    """The share of refusals in total and by category as bars."""
    measures, settings = report.document["measures"], report.document["settings"]
    name = "refusal-share"
    for chart in refusals(measures.get(name, {}), settings.get(name, {}), t):
        if chart["note"]:
            yield named(chart["note"])
        yield bars([(r["name"], r["at"], percent(r["share"])) for r in chart["rows"]])
        low, high = (percent(share) for share in chart["band"][2:])
        yield Text(t("expected: {low} to {high}").format(low=low, high=high), style="dim")


def named(*words: str | None) -> Text:
    """What the bars below stand for."""
    return Text(" ".join(one_line(word) for word in words if word), style="dim")


def bars(rows: Sequence[tuple[str, float, str]]) -> Table:
    """Names, bars (length in percent) and figures."""
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=32, no_wrap=True, overflow="ellipsis")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    for name, width, figure in rows[:BARS]:
        full = round(BAR * width / 100)
        bar = Text("█" * full + "░" * (BAR - full), style="blue")
        table.add_row(Text(one_line(name)), bar, Text(figure))
    if len(rows) > BARS:
        table.add_row(Text("…", style="dim"))
    return table


def rest(report: Report, out: Path, t: Translator) -> Lines:
    """The counts, where the report lies, and what to run next."""
    counts = report.document["findings"]
    names = {"error": t("Errors"), "warn": t("Warnings"), "info": t("Notes")}
    line = Text()
    for one, name in names.items():
        style = STYLES[one] if counts[one] else "dim"
        line.append(f"{name} {number(counts[one])}  ", style=style)
    unsure = sum(check["could_not_tell"] for check in report.document["checks"])
    line.append(f"{t('Could not tell')} {number(unsure)}")
    yield line
    yield Text(f"{t('Report')}: {out / 'report.html'}")
    step = next_step(report)
    if step is not None:
        yield Text(f"{t('Next')}: {one_line(step)}", style="bold")
