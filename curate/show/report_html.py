"""report.html: one file that opens offline, runs no script, and can be mailed to a colleague.

No text from outside reaches the page but through autoescape, with hidden characters written out.
Nothing in it depends on the clock or the machine, so the same report gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from curate.check import GROUPS
from curate.finding import SEVERITIES
from curate.locale import Translator, source_said
from curate.show.cards import cards, peers_of
from curate.show.charts import charts
from curate.show.next_step import next_command
from curate.show.numbers import many, number, percent
from curate.show.saying import said
from curate.show.showing import Showing, where
from curate.show.shown import Piece, one_line, visible
from curate.show.skips import NAMED, skips
from curate.show.table import table
from curate.show.worst import worst

if TYPE_CHECKING:
    import polars as pl

    from curate.report import Report

CARDS = 100
OPEN_CARDS = 12  # cards shown before "the next ones"
ROWS = 2_000  # findings in the table; a browser stays quick and the file below 3 MB
TITLED = 2  # sources named in the title
LISTED = 8  # sources named below it
SHOW_ALL = "python -c \"import polars; print(polars.read_parquet('findings.parquet'))\""
JSON_SHOWN = 4_000  # characters of one measure

Page = dict[str, Any]


def render(report: Report, locale: str = "en") -> str:
    """The whole page."""
    rows = worst(report.findings, ROWS)
    showing = Showing(report, locale, shown_ids(report, rows))
    return environment().get_template("report.html").render(view(report, showing, rows, locale))


@cache
def environment() -> Environment:
    """Jinja with autoescape, and with every hidden character of every value written out."""
    made = Environment(
        loader=PackageLoader("curate.show", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=written_out,
    )
    made.filters["number"] = number
    made.filters["percent"] = percent
    made.filters["is_code"] = is_code
    made.globals["many"] = many
    return made


def written_out(value: Any) -> Any:
    """Any value that a template places: hidden characters visible, markup of ours untouched."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def is_code(shown: Sequence[Piece]) -> bool:
    """Whether a text reads better in a fixed width: it has a fence or indented lines."""
    return any("```" in piece.text or "\n    " in piece.text for piece in shown)


def shown_ids(report: Report, rows: pl.DataFrame) -> Iterator[str]:
    """Every record whose text or message is on the page."""
    top = [one["record_id"] for one in report.document["top"][:CARDS]]
    yield from top
    yield from rows["record_id"].drop_nulls()
    chosen = report.findings.filter(report.findings["record_id"].is_in(top))
    naming = chosen.filter(chosen["evidence"].str.contains('"record_id"', literal=True))
    for finding in naming.iter_rows(named=True):
        yield from (one["record_id"] for one in peers_of(finding))


def view(report: Report, showing: Showing, rows: pl.DataFrame, locale: str) -> Page:
    """Everything the template needs, decided here so that it only has to place it."""
    document, t = report.document, showing.t
    made = cards(report, showing, CARDS)
    return {
        "lang": locale,
        "t": t,
        **head(report, showing),
        "sources": [source_shown(source, t) for source in document["sources"]],
        "cards": made,
        "open_cards": OPEN_CARDS,
        "groups": list(groups(document["checks"], t)),
        "unchecked": list(unchecked(document["checks"], t)),
        "charts": charts(report, t),
        "table": table(rows, report, showing, made),
        "rejects": [reject(one, t) for one in report.rejects],
        "reject_codes": document["rejects"],
        "measures": [(name, shown_json(value)) for name, value in document["measures"].items()],
        "settings": sorted(flat(document["settings"])),
        "versions": list(versions(document)),
        "show_all": SHOW_ALL,
    }


def versions(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the findings may depend on; which detectors told the languages, where any did."""
    yield from document["versions"].items()
    yield from document["measures"].get("unexpected-language", {}).get("engines", {}).items()
    yield "engine", document["engine"]["name"]


def source_shown(source: Mapping[str, Any], t: Translator) -> Page:
    """One source; what it is without its name, and what was remarked while reading it."""
    notes = [f"{name} {number(count)}" for name, count in source.get("notes", {}).items()]
    return {**source, "said": source_said(t, source), "notes": ", ".join(notes)}


def reject(one: Mapping[str, Any], t: Translator) -> Page:
    """One line that could not be read."""
    why = said(t, one, one["message"])
    return {**one, "where": where(one["source"], one["line"]), "why": why}


def head(report: Report, showing: Showing) -> Page:
    """What was read, and what came of it."""
    document, t = report.document, showing.t
    names = [one_line(source["name"]) for source in document["sources"]]
    gate = document.get("gate", {})
    return {
        "title": title(names, t),
        "named": listed(names, t),
        "snapshot": document["snapshot"],
        "version": document["versions"]["curate"],
        "rows": document["rows"],
        "counts": document["findings"],
        "flagged": report.findings["record_id"].drop_nulls().n_unique(),
        "could_not_tell": sum(check["could_not_tell"] for check in document["checks"]),
        "skipped": sum(check["skipped"] is not None for check in document["checks"]),
        "asked": sum(check["skipped"] is None for check in document["checks"]),
        "gate": gate.get("said") or gate.get("failed", []),
        "whole": whole(report, showing),
        "next": next_command(report),
    }


def listed(names: Sequence[str], t: Translator) -> str:
    """The sources as they were named."""
    left = len(names) - LISTED
    more = [many(left, t("1 more source"), t("{n} more sources"))] if left > 0 else []
    return t(", ").join([*names[:LISTED], *more])


def title(names: Sequence[str], t: Translator) -> str:
    """The sources in a few words, without their folders."""
    names = [name.replace("\\", "/").rpartition("/")[2] for name in names]
    if len(names) <= TITLED:
        return t(", ").join(names)
    return t("{name} and {n} more").format(name=t(", ").join(names[:2]), n=number(len(names) - 2))


def whole(report: Report, showing: Showing) -> list[dict[str, str]]:
    """Findings on the data set as a whole, worst first."""
    chosen = worst(report.findings.filter(report.findings["record_id"].is_null()), 20)
    return [
        {"check": f["check"], "severity": f["severity"], "message": showing.message(f)}
        for f in chosen.iter_rows(named=True)
    ]


def groups(checks: Sequence[Mapping[str, Any]], t: Translator) -> Iterator[Page]:
    """The checks of each group, those that found most first."""
    titles = {
        "form": t("Form"),
        "text": t("Text"),
        "pairs": t("Pairs"),
        "behaviour": t("Behaviour"),
        "structure": t("Structured output"),
        "privacy": t("Privacy"),
        "dataset": t("Whole data set"),
    }
    reasons = Counter(check["skipped"] for check in checks)
    told = [c for c in checks if c["skipped"] is None or reasons[c["skipped"]] <= NAMED]
    for group in GROUPS:  # many checks skipped for one reason are told together further down
        members = [check for check in told if check["group"] == group]
        if members:
            members.sort(key=lambda c: (c["skipped"] is not None, -c["flagged"], c["name"]))
            yield {"title": titles[group], "checks": [{**c, "worst": severity(c)} for c in members]}


def severity(check: Mapping[str, Any]) -> str:
    """The worst severity among a check's findings, or the one it would have given."""
    found = check.get("severities") or {}
    return max(found, key=SEVERITIES.index, default=str(check["severity"]))


def unchecked(checks: Sequence[Mapping[str, Any]], t: Translator) -> Iterator[Page]:
    """What nobody should take for checked: skipped checks, and records a check could not judge."""
    skipped = ((c["name"], c["skipped"]) for c in checks if c["skipped"] is not None)
    for which, why in skips(skipped, t):
        yield {"check": which, "records": None, "why": why}
    for check in checks:
        if check["skipped"] is None and check["could_not_tell"]:
            reasons = check.get("reasons") or {check["says"]: check["could_not_tell"]}
            for why, records in sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0])):
                yield {"check": check["name"], "records": records, "why": why}


def flat(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Settings as they are written on the command line: `refusal-share.warn`, `0.1`."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{key}.")
        else:
            shown = value if isinstance(value, str) else orjson.dumps(value).decode()
            yield f"{above}{key}", shown


def shown_json(value: object) -> str:
    """A measure as indented JSON, cut where it would fill the page."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()
    return text if len(text) <= JSON_SHOWN else f"{text[:JSON_SHOWN]}\n…"
