"""Showing: the records and findings of a report as every output shows them.

One place decides what is masked: whatever a privacy check found in a record stays hidden in all of
its texts, in the messages of its other findings, and among the peers of other records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from curate.content.history import in_turn, unescaped
from curate.content.masking import mask
from curate.finding import SEVERITIES
from curate.locale import translator
from curate.record import SEPARATOR
from curate.show.saying import said
from curate.show.shown import LONGEST_MARK, Piece, Private, Span, one_line, pieces

if TYPE_CHECKING:
    from curate.report import Report

Finding = Mapping[str, Any]
Record = Mapping[str, Any]

SHORTEST_VALUE = 4  # characters; a shorter private value is masked only where it was found
MESSAGE = 300  # characters of a message shown; one may quote a very long word
NAME = 80  # characters of a file's name
FIELDS = ("system", "prompt", "answer", "rejected")
WORST_FIRST = tuple(reversed(SEVERITIES))


class Showing:
    """What a report shows of some records, in one language."""

    def __init__(self, report: Report, locale: str, ids: Iterable[str | None]) -> None:
        self.t = translator(locale, report.document.get("sentences"))
        wanted = sorted({one for one in ids if one})
        found = report.records(wanted).unique("record_id", keep="first", maintain_order=True)
        self._records: dict[str, Record] = {r["record_id"]: r for r in found.iter_rows(named=True)}
        self._private = private(report, wanted)
        self._values = {
            one: values(self._records[one], findings)
            for one, findings in self._private.items()
            if one in self._records
        }

    def record(self, record_id: str | None) -> Record | None:
        """The record, its text not yet masked: never show a field of it directly."""
        return self._records.get(record_id or "")

    def message(self, finding: Finding) -> str:
        """What the finding says, on one line."""
        words = said(self.t, evidence(finding), finding["message"])
        return cut(self._masked(words, finding["record_id"]), MESSAGE)

    def fact(self, record_id: str, column: str) -> str | None:
        """A short column of a record (label, category, uid), on one line."""
        record = self._records.get(record_id, {})
        return cut(self._masked(record[column], record_id), 80) if record.get(column) else None

    def text(
        self, record_id: str, field: str, limit: int, findings: Sequence[Finding] = ()
    ) -> list[Piece]:
        """A field of a record; the findings are numbered from 1 in the order given."""
        record = self._records.get(record_id, {})
        text = record.get(field)
        if not text:
            return []
        spans = [
            Span(start, end, number, finding["severity"])
            for number, finding in enumerate(findings, start=1)
            for start, end in [span(finding, record, field)]
            if start is not None and end is not None and not about_all_of(finding, record, field)
        ]
        return pieces(text, spans=spans, private=self._hidden(record_id, field, text), limit=limit)

    def history(
        self, record_id: str, limit: int, findings: Sequence[Finding] = ()
    ) -> list[tuple[str, list[Piece]]]:
        """The turns before the last prompt: (role, text) pairs."""
        record = self._records.get(record_id, {})
        spans: dict[int, list[Span]] = {}
        for number, finding in enumerate(findings, start=1):
            if told := turn_of(finding, record):
                at, start, end = told
                spans.setdefault(at, []).append(Span(start, end, number, finding["severity"]))
        return [
            (role, pieces(text, spans=spans.get(at, ()), private=hidden, limit=limit))
            for at, (role, text) in enumerate(turns(record))
            for hidden in [self._hidden_before(record, text)]
        ]

    def turns_told(self, record_id: str, findings: Sequence[Finding]) -> set[int]:
        """The numbers of the earlier turns that findings point at."""
        record = self._records.get(record_id, {})
        return {told[0] for told in (turn_of(one, record) for one in findings) if told}

    def excerpt(self, finding: Finding, width: int) -> list[Piece]:
        """The words around what a finding points at, else the beginning of the answer or prompt."""
        record = self.record(finding["record_id"])
        if record is None:
            return []
        if told := turn_of(finding, record):
            at, begins, ends = told
            said = turns(record)[at][1]
            hidden = self._hidden_before(record, said)
            return around(said, begins, ends, finding["severity"], hidden, width)
        named = "prompt" if finding["field"] in ("instruction", "input") else finding["field"]
        for field in (named, "answer", "prompt"):
            if field in FIELDS and (text := record.get(field)) and not text.isspace():
                start, end = span(finding, record, field)
                hidden = self._hidden(record["record_id"], field, text)
                return around(text, start, end, finding["severity"], hidden, width)
        return []

    def _masked(self, text: str, record_id: str | None) -> str:
        for value in sorted(self._values.get(record_id or "", ()), key=len, reverse=True):
            text = text.replace(value, mask(value))
        return text

    def _hidden(self, record_id: str, field: str, text: str) -> list[Private]:
        record = self._records[record_id]
        found = self._found(record_id, text)
        for one in self._private.get(record_id, ()):
            if unplaced(one, record, field):
                return [Private(0, len(text))]
            for spot in places(one):
                start, end = span(spot, record, field)
                if start is not None and end is not None:
                    found.append(Private(start, end, spot["kind"]))
        return found

    def _hidden_before(self, record: Record, text: str) -> list[Private]:
        found = self._private.get(record.get("record_id", ""), ())
        if any(unplaced(one, record, "history") for one in found):
            return [Private(0, len(text))]
        return self._found(record["record_id"], text)

    def _found(self, record_id: str, text: str) -> list[Private]:
        found = []
        for value in self._values.get(record_id, ()):
            at = text.find(value)
            while at >= 0:
                found.append(Private(at, at + len(value)))
                at = text.find(value, at + len(value))
        return found


def private(report: Report, ids: Sequence[str]) -> dict[str, list[Finding]]:
    """The findings of privacy checks on these records."""
    checks = [c["name"] for c in report.document["checks"] if c["group"] == "privacy"]
    chosen = pl.col("check").is_in(checks) & pl.col("record_id").is_in(list(ids))
    found: dict[str, list[Finding]] = {}
    for finding in report.findings.filter(chosen).iter_rows(named=True):
        found.setdefault(finding["record_id"], []).append(finding)
    return found


def places(finding: Finding) -> list[Finding]:
    """Every place of a finding: its own, and those its evidence lists; each with its kind."""
    said = evidence(finding)
    own = {
        "field": finding["field"],
        "start": finding["start"],
        "end": finding["end"],
        "kind": said.get("kind"),
    }
    return [own, *({**own, **one} for one in said.get("values") or ())]


def values(record: Record, findings: Iterable[Finding]) -> set[str]:
    """The private values themselves, as found in the record."""
    made = set()
    for spot in (spot for finding in findings for spot in places(finding)):
        text = record.get(spot["field"] or "") or ""
        if spot["start"] is None or spot["end"] is None:
            continue
        value = text[spot["start"] : spot["end"]]
        made |= {value, unescaped(value)} if spot["field"] == "history" else {value}
    return {value for value in made if len(value.strip()) >= SHORTEST_VALUE}


def unplaced(finding: Finding, record: Record, field: str) -> bool:
    """Whether a private value is somewhere in `field` but nobody can say where: hide it all."""
    said = evidence(finding)
    if finding["field"] == field and said.get("count", 0) > len(said.get("values") or ()):
        return True
    if finding["field"] == "history" and field == "history":
        value = (record["history"] or "")[finding["start"] or 0 : finding["end"] or 0]
        return len(value.strip()) < SHORTEST_VALUE
    return finding["start"] is None and finding["field"] in (field, None)


def turns(record: Record) -> list[tuple[str, str]]:
    """The earlier turns of a record, role and text."""
    told = orjson.loads(record["history"]) if record.get("history") else []
    return [(str(role), text) for role, text in told]


def turn_of(finding: Finding, record: Record) -> tuple[int, int, int] | None:
    """The earlier turn that a finding points at, and where; all of an answer that it names."""
    if finding["field"] != "history" or not record.get("history"):
        return None
    if finding["start"] is not None and finding["end"] is not None:
        return in_turn(record["history"], finding["start"], finding["end"])
    turn = (evidence(finding).get("args") or {}).get("turn")
    answers = [at for at, (role, _) in enumerate(turns(record)) if role == "assistant"]
    if not isinstance(turn, int) or not 0 < turn <= len(answers):
        return None
    return answers[turn - 1], 0, len(turns(record)[answers[turn - 1]][1])


def span(finding: Finding, record: Record, field: str) -> tuple[int | None, int | None]:
    """Where a finding points in `field`; instruction and input lie inside the prompt."""
    start, end = finding["start"], finding["end"]
    if start is None or end is None or finding["field"] is None:
        return None, None
    if finding["field"] == field or (finding["field"] == "instruction" and field == "prompt"):
        return start, end
    if finding["field"] == "input" and field == "prompt":
        shift = len(record["instruction"] or "") + len(SEPARATOR)
        return start + shift, end + shift
    return None, None


def about_all_of(finding: Finding, record: Record, field: str) -> bool:
    """Whether a finding is about a text as a whole; marking all of a long text says no more."""
    named = "prompt" if finding["field"] in ("instruction", "input") else finding["field"]
    if named != field:
        return False
    start, end = span(finding, record, field)
    length = len(record.get(field) or "")
    return start is None or end is None or (end - start == length > LONGEST_MARK)


def around(
    text: str,
    start: int | None,
    end: int | None,
    severity: str,
    hidden: Sequence[Private],
    width: int,
) -> list[Piece]:
    """About `width` characters of a text that hold the beginning of a span."""
    at = start or 0
    first = max(0, at - width // 3) if at > width // 2 else 0
    last = min(first + width, len(text))
    for one in hidden:  # never through a private value: half of it would not be masked
        first = one.start if one.start < first < one.end else first
        last = one.end if one.start < last < one.end else last
    spans = [Span(at - first, min(end, last) - first, 1, severity)] if end else []
    moved = [Private(one.start - first, one.end - first, one.kind) for one in hidden]
    made = pieces(text[first:last], spans=spans, private=moved, limit=last - first)
    before = [Piece("cut", "", count=first)] if first else []
    after = [Piece("cut", "", count=len(text) - last)] if last < len(text) else []
    return [*before, *made, *after]


def cut(text: str, length: int) -> str:
    """One visible line of at most `length` characters."""
    text = one_line(text[: length * 2])
    return text if len(text) <= length else text[: length - 1] + "…"


def evidence(finding: Finding) -> Mapping[str, Any]:
    """The finding's evidence, read."""
    read = orjson.loads(finding["evidence"]) if finding["evidence"] else {}
    return read if isinstance(read, dict) else {}


def where(source: str | None, line: int | None) -> str:
    """`data.jsonl:12`; of a long path the end, which tells files apart."""
    named = one_line(source or "")
    named = named if len(named) <= NAME else f"…{named[1 - NAME :]}"
    return named if line is None else f"{named}:{line}"
