"""Cards: the records most worth a look, each with its text, its findings and its peers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.cells import cell_len

from curate.content.diff import Segment, common, visible
from curate.finding import SEVERITIES
from curate.show.differences import differences
from curate.show.showing import Finding, Showing, about_all_of, evidence, where
from curate.show.shown import Piece, pieces

if TYPE_CHECKING:
    from curate.report import Report

SHOWN = {"system": 240, "prompt": 700, "answer": 1200, "rejected": 700}  # characters
TURNS = 6  # earlier turns of a conversation shown
TURN = 240  # characters of each
order = SEVERITIES.index
FINDINGS = 12  # findings listed on one card
SAME = ["record_id", "check", "field", "start", "end", "message"]
PEERS = 4  # records shown beside one
PEER = 320  # characters of a peer's answer
COMPARED = 1200  # characters of two texts whose differences are shown
WHOLE = 10**9  # characters: no text is longer
TALL = 16  # lines; a taller text is folded, and opens with a click
FOLDED = 10  # lines that are surely seen of it
LINE, NARROW_LINE = 100, 40  # columns on a wide screen and on a phone

Card = dict[str, Any]


def cards(report: Report, showing: Showing, limit: int) -> list[Card]:
    """The first records of the report's `top`, ready for a template."""
    top = report.document["top"][:limit]
    found = of_records(report, (one["record_id"] for one in top))
    return [card(one, found.get(one["record_id"], []), showing) for one in top]


def of_records(report: Report, ids: Iterable[str]) -> dict[str, list[Finding]]:
    """The findings of these records, worst first; one line where the same bytes lie many times."""
    chosen = report.findings.filter(pl.col("record_id").is_in(list(ids)))
    chosen = chosen.unique(SAME, maintain_order=True)
    found: dict[str, list[Finding]] = {}
    for finding in chosen.iter_rows(named=True):
        found.setdefault(finding["record_id"], []).append(finding)
    for findings in found.values():
        findings.sort(key=lambda f: -SEVERITIES.index(f["severity"]))
    return found


def card(one: Mapping[str, Any], findings: list[Finding], showing: Showing) -> Card:
    """One record."""
    record_id = one["record_id"]
    listed = findings[:FINDINGS]
    turns = showing.history(record_id, TURN, listed)
    told = showing.turns_told(record_id, listed)
    last = sorted(range(len(turns)), key=lambda at: (at in told, at))[-TURNS:]
    return {
        "record_id": record_id,
        "where": where(one["source"], one["line"]),
        "known": showing.record(record_id) is not None,
        "severity": listed[0]["severity"] if listed else "info",
        "facts": list(facts(record_id, showing)),
        "turns": [turns[at] for at in sorted(last)],
        "turns_left_out": max(0, len(turns) - TURNS),
        "texts": {field: text(record_id, field, listed, showing) for field in SHOWN},
        "findings": [
            {"check": f["check"], "severity": f["severity"], "message": showing.message(f)}
            for f in listed
        ],
        "left_out": len(findings) - len(listed),
        "peers": peers(listed, showing),
    }


def text(record_id: str, field: str, findings: list[Finding], showing: Showing) -> Card:
    """One text: its pieces, whether it is blank or folded, how bad what is said about all of it."""
    shown = showing.text(record_id, field, SHOWN[field], findings)
    record = showing.record(record_id) or {}
    whole = [f["severity"] for f in findings if about_all_of(f, record, field)]
    worst = max(whole, key=order, default="")
    marked = {piece.severity for piece in shown if piece.severity}
    return {
        "pieces": shown,
        "blank": bool(shown) and all(p.kind == "text" and p.text.isspace() for p in shown),
        "folded": folded(shown),
        "whole": worst if worst and not any(order(mark) > order(worst) for mark in marked) else "",
    }


def folded(shown: Sequence[Piece]) -> bool:
    """Whether a text is long and everything that is marked in it stands near its beginning."""
    marked = [at for at, piece in enumerate(shown) if piece.severity]
    before = shown[: marked[-1] + 1] if marked else []
    return height(shown, LINE) > TALL and height(before, NARROW_LINE) <= FOLDED


def height(shown: Sequence[Piece], columns: int) -> int:
    """About how many lines a text takes."""
    lines = "".join(piece.text or "…" for piece in shown).split("\n")
    return sum(1 + cell_len(line) // columns for line in lines) if shown else 0


def facts(record_id: str, showing: Showing) -> Iterator[tuple[str, str]]:
    """The short columns that help a person to find the record again."""
    for column in ("uid", "label", "category", "origin"):
        value = showing.fact(record_id, column)
        if value:
            yield column, value


def peers_of(finding: Finding) -> list[Mapping[str, Any]]:
    """The other records that a finding's evidence names, alone or in a list."""
    said = evidence(finding)
    listed = [one for many in said.values() for one in (many if isinstance(many, list) else [many])]
    named = [
        one for one in listed if isinstance(one, Mapping) and isinstance(one.get("record_id"), str)
    ]
    others = {one["record_id"]: one for one in named if one["record_id"] != finding["record_id"]}
    return list(others.values())[:PEERS]


def peers(findings: Iterable[Finding], showing: Showing) -> list[Card]:
    """The other side of a contradiction, a duplicate or a leak."""
    shown: dict[str, Card] = {}
    for finding in findings:
        said = evidence(finding)
        if isinstance(said.get("eval"), Mapping):
            place = where(said["eval"].get("source"), said["eval"].get("line"))
            quoted = pieces(str(said.get("text") or ""), limit=PEER)
            shown[place] = {"where": place, "says": quoted, "heldout": True}
        for one in peers_of(finding):
            shown.setdefault(one["record_id"], peer(one, finding, showing))
    return list(shown.values())[:PEERS]


def peer(one: Mapping[str, Any], finding: Finding, showing: Showing) -> Card:
    """One other record; where both are nearly alike, what differs between them.

    What is not in the report is shown as the evidence quotes it: nothing private was found there.
    """
    place, other = where(one.get("source"), one.get("line")), one["record_id"]
    if showing.record(other) is None:
        quoted = pieces(str(one.get("answer") or ""), limit=PEER)
        return {"where": place, "says": quoted}
    said, t = evidence(finding), showing.t
    if "similarity" not in said:
        return {"where": place, "says": showing.text(other, "answer", PEER)}
    each = []
    for field in ("prompt", "answer", "rejected"):
        told = [plain(showing.text(r, field, WHOLE)) for r in (other, finding["record_id"])]
        each.append((field, [*blanks_seen(differences(*where_they_differ(*told)))]))
    sides = t("only in the record beside it"), t("only in this record")
    if "kept" in said:
        sides = t("only in what stays"), t("only in what could go")
    return {"where": place, "sides": sides, "differs": [one for one in each if one[1]]}


def blanks_seen(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same; white space that differs is in signs, since a struck blank looks like a hyphen."""
    for one in segments:
        differs = one.kind != "same" and one.text.isspace()
        yield Segment(one.kind, visible(one.text)) if differs else one


def where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Two long texts cut to what stands about their first difference."""
    if max(len(one), len(other)) <= COMPARED:
        return one, other
    start = 0 if one == other else max(0, common(one, other) - COMPARED // 4)
    return cut(one, start), cut(other, start)


def cut(text: str, start: int) -> str:
    """A stretch of a text, with marks where there is more."""
    end = start + COMPARED
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def plain(shown: Sequence[Piece]) -> str:
    """Shown text without marks."""
    texts = {"cut": "…", "hidden": "\u27e8{}\u27e9"}
    return "".join(texts.get(piece.kind, "{}").format(piece.text) for piece in shown)
