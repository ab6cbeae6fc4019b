"""Cards: the records most worth a look, each with its text, its findings and its peers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.finding import SEVERITIES
from curate.show.showing import Finding, Showing, evidence, where
from curate.show.shown import pieces

if TYPE_CHECKING:
    from curate.report import Report

SHOWN = {"system": 240, "prompt": 700, "answer": 1200, "rejected": 700}  # characters
TURNS = 6  # earlier turns of a conversation shown
TURN = 240  # characters of each
FINDINGS = 12  # findings listed on one card
SAME = ["record_id", "check", "field", "start", "end", "message"]
PEERS = 4  # records shown beside one
PEER = 320  # characters of a peer's answer


def cards(report: Report, showing: Showing, limit: int) -> list[dict[str, Any]]:
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


def card(one: Mapping[str, Any], findings: list[Finding], showing: Showing) -> dict[str, Any]:
    """One record."""
    record_id = one["record_id"]
    listed = findings[:FINDINGS]
    texts = {field: showing.text(record_id, field, n, listed) for field, n in SHOWN.items()}
    turns = showing.history(record_id, TURN)
    return {
        "record_id": record_id,
        "where": where(one["source"], one["line"]),
        "known": showing.record(record_id) is not None,
        "severity": listed[0]["severity"] if listed else "info",
        "facts": list(facts(record_id, showing)),
        "turns": turns[-TURNS:],
        "turns_left_out": max(0, len(turns) - TURNS),
        "texts": texts,
        "findings": [
            {"check": f["check"], "severity": f["severity"], "message": showing.message(f)}
            for f in listed
        ],
        "left_out": len(findings) - len(listed),
        "peers": peers(listed, showing),
    }


def facts(record_id: str, showing: Showing) -> Iterator[tuple[str, str]]:
    """The short columns that help a person to find the record again."""
    for column in ("uid", "label", "category", "origin"):
        value = showing.fact(record_id, column)
        if value:
            yield column, value


def peers_of(finding: Finding) -> list[Mapping[str, Any]]:
    """The other records that a finding's evidence names, in whatever list."""
    named = [
        one
        for many in evidence(finding).values()
        if isinstance(many, list)
        for one in many
        if isinstance(one, Mapping) and isinstance(one.get("record_id"), str)
    ]
    others = {one["record_id"]: one for one in named if one["record_id"] != finding["record_id"]}
    return list(others.values())[:PEERS]


def peers(findings: Iterable[Finding], showing: Showing) -> list[dict[str, Any]]:
    """The other side of a contradiction or a duplicate.

    A record without findings of its own is not in the report; what the evidence quotes of it is,
    and nothing private was found in it.
    """
    named = {one["record_id"]: one for finding in findings for one in peers_of(finding)}
    shown = []
    for one in list(named.values())[:PEERS]:
        quoted = str(one.get("answer") or "")
        known = showing.record(one["record_id"]) is not None
        answer = (
            showing.text(one["record_id"], "answer", PEER) if known else pieces(quoted, limit=PEER)
        )
        place = where(one.get("source"), one.get("line"))
        shown.append({"where": place, "answer": answer})
    return shown
