"""Case: what lies before a reviewer, the record, why it is here, and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from curate.review import Review
from curate.review.failing import opened_record
from curate.review.frames import named_in
from curate.review.shown import Shown
from curate.show.cards import of_records
from curate.show.showing import Finding, Showing, evidence, where
from review_app.failed_case import edited

OPTIONS = 9  # records of a cluster shown at once: there are nine keys to choose with
EDITABLE = ("instruction", "input", "answer", "system", "label", "category")
LABELS = ("label", "category")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies; copies share an id and differ here."""

    record_id: str
    source: str
    line: int

    @property
    def named(self) -> str:
        """`data.jsonl:12`"""
        return where(self.source, self.line)

    @property
    def payload(self) -> dict[str, Any]:
        """As a decision names it."""
        return {"record_id": self.record_id, "source": self.source, "line": self.line}


@dataclass(frozen=True, slots=True)
class Case:
    """One screen."""

    shown: Shown
    showing: Showing
    record: Mapping[str, Any]
    findings: Sequence[Finding]  # of the record, worst first
    suggestions: Mapping[str, str]  # field -> the whole text that a check proposes
    edited: Mapping[str, str]  # of a record that a failure opened: what it reads by now
    places: Sequence[Place]  # of all records that are decided at once, the one that stays first

    @property
    def record_id(self) -> str:
        """The record itself; one that a failure opened is decided under another id."""
        return opened_record(self.shown.record_id) or self.shown.record_id

    @property
    def cluster(self) -> bool:
        """Whether one of several is to be chosen."""
        return len(self.places) > 1

    def value(self, field: str) -> str:
        """A field of the record as it is, for an editor; nothing of it is masked."""
        return self.record.get(field) or ""

    def changes(self, fields: Mapping[str, str]) -> dict[str, dict[str, str | None]]:
        """The fields that differ from the record, with their old and new text."""
        return {
            name: {"old": self.record.get(name), "new": new}
            for name, new in fields.items()
            if new != self.value(name)
        }


def opened(review: Review, shown: Shown, locale: str) -> Case:
    """Gather it from the report."""
    record_id = opened_record(shown.record_id) or shown.record_id
    members = shown.item.members
    found = of_records(review.report, [record_id]).get(record_id, [])
    places = copies_last(list(in_order(review, members)))
    ids = [record_id, *(p.record_id for p in places[:OPTIONS]), *compared(found)]
    showing = Showing(review.report, locale, ids)
    now = edited(review, record_id) if opened_record(shown.record_id) else {}
    record = {**(showing.record(record_id) or {}), **now}
    return Case(shown, showing, record, found, suggested(found, record), now, places)


def in_order(review: Review, members: Sequence[str]) -> Iterator[Place]:
    """The places of a cluster: first the ones that findings would keep, then the others."""
    if not members:
        return
    told = review.report.findings.filter(pl.col("record_id").is_in(list(members)))
    later = []
    for finding in told.select("record_id", "source", "line", "evidence").iter_rows(named=True):
        said = evidence(finding)
        for named in [said.get("kept"), *(said.get("answers") or ()), *(said.get("peers") or ())]:
            if isinstance(named, Mapping) and named.get("record_id") in members:
                yield Place(named["record_id"], named["source"], named["line"])
        later.append(Place(finding["record_id"], finding["source"], finding["line"]))
    if len(members) > 1 or later:
        yield from later


def copies_last(places: Sequence[Place]) -> list[Place]:
    """Each place once: first one of every record, so that its cards tell them apart."""
    first: dict[str, Place] = {}
    for place in places:
        first.setdefault(place.record_id, place)
    return list(dict.fromkeys([*first.values(), *places]))


def compared(findings: Sequence[Finding]) -> Iterator[str]:
    """Records that the findings compare with."""
    for finding in findings:
        yield from named_in(evidence(finding))


def suggested(findings: Sequence[Finding], record: Mapping[str, Any]) -> dict[str, str]:
    """What the checks propose, by field; the worst finding's word counts where two speak."""
    made: dict[str, str] = {}
    for finding in findings:
        fix = orjson.loads(finding["fix"]) if finding["fix"] else None
        if fix and fix["field"] in EDITABLE and fix["text"] != (record.get(fix["field"]) or ""):
            made.setdefault(fix["field"], fix["text"])
    return made
