"""A report as an audit would give it, made by hand: what the outputs are tested on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from curate.finding import SCHEMA
from tests.making import record, records

SOURCES = ("instructions.jsonl", "support_ja.csv", "faq/answers.parquet")


@dataclass
class FakeReport:
    """The parts of `Report` that outputs read."""

    document: dict[str, Any]
    findings: pl.DataFrame
    kept: pl.DataFrame
    rejects: list[dict[str, Any]] = field(default_factory=list)
    page: Path | None = None

    def records(self, ids: Any) -> pl.DataFrame:
        return self.kept.filter(pl.col("record_id").is_in(list(ids)))

    def record(self, record_id: str) -> dict[str, Any] | None:
        found = self.records([record_id])
        return found.row(0, named=True) if len(found) else None


def check(name: str, group: str, says: str, severity: str = "warn", **more: Any) -> dict[str, Any]:
    """One entry of `checks`."""
    return {
        "name": name, "group": group, "says": says, "severity": severity, "checked": 52002,
        "flagged": 0, "could_not_tell": 0, "reasons": {}, "skipped": None, "seconds": 0.1,
        "severities": {}, **more,
    }  # fmt: skip


def finding(
    on: dict[str, Any] | None, name: str, severity: str, says: str, **more: Any
) -> dict[str, Any]:
    """One finding; `mark` is the text that it points at in `field`."""
    args, mark, evidence = more.pop("args", {}), more.pop("mark", None), more.pop("evidence", {})
    place = {"record_id": None, "source": None, "line": None}
    if on is not None:
        place = {"record_id": on["record_id"], "source": on["source"], "line": on.get("line", 1)}
    row = {
        **place, "check": name, "severity": severity, "score": None, "field": None, "start": None,
        "end": None, "message": says.format(**args), "fix": None,
        "evidence": orjson.dumps({"says": says, "args": args, **evidence}).decode(), **more,
    }  # fmt: skip
    if mark is not None:
        assert on is not None
        text = on["instruction" if row["field"] == "prompt" else row["field"]]
        row["start"] = text.index(mark)
        row["end"] = row["start"] + len(mark)
    return row


def report(
    kept: list[dict[str, Any]],
    findings: list[dict[str, Any]],
    checks: list[dict[str, Any]],
    **document: Any,
) -> FakeReport:
    """Put the parts together and count them, as an audit does."""
    kept = [{"line": 1, **one} for one in kept]
    frame = pl.DataFrame(findings, schema=SCHEMA)
    flagged = dict(frame.group_by("check").agg(pl.col("record_id").n_unique()).iter_rows())
    total = Counter(frame["severity"])
    top = dict.fromkeys(one["record_id"] for one in findings if one["record_id"])
    places = {one["record_id"]: one for one in kept}
    for one in checks:
        one["flagged"] = flagged.get(one["name"], one["flagged"])
        one["severities"] = dict(Counter(frame.filter(pl.col("check") == one["name"])["severity"]))
    names = list(dict.fromkeys(one["source"] for one in kept)) or ["empty.jsonl"]
    shape = "alpaca (instruction, input, output), by its keys"
    said = {
        "schema": "curate-report/1",
        "snapshot": "5f0c1de2a9b44c7e8d31f6a0b2c9e711",
        "sources": [
            {"name": name, "format": "jsonl", "shape": "alpaca", "said": f"{name}: {shape}",
             "parts": [["{format}", {"format": shape}]],
             "rows": {"read": 17340, "kept": 17334, "rejected": 6}, "notes": {"crlf": 17340}}
            for name in names
        ],
        "rows": {"read": 52020, "kept": 52002, "rejected": 18},
        "checks": checks,
        "rejects": {},
        "findings": {"total": len(frame), **{s: total[s] for s in ("error", "warn", "info")}},
        "measures": {},
        "top": [
            {"record_id": one, "source": places[one]["source"], "line": places[one]["line"],
             "why": sorted(set(frame.filter(pl.col("record_id") == one)["check"])), "weight": 8.0}
            for one in list(top)[:100]
        ],
        "engine": {"name": "local"},
        "versions": {"curate": "0.1.0", "record ids": "1", "python": "3.11.7", "polars": "2.1.0"},
        "settings": {},
        **document,
    }  # fmt: skip
    return FakeReport(said, frame, records(*kept))


def empty() -> FakeReport:
    """Nothing found, nothing rejected."""
    checks = [check("empty-answer", "form", "the answer is empty", "error")]
    made = report([], [], checks, rows={"read": 3, "kept": 3, "rejected": 0})
    made.document["sources"][0]["rows"] = {"read": 3, "kept": 3, "rejected": 0}
    return made


def crowd(findings: int) -> FakeReport:
    """As many findings as wanted, over many records, from five checks of three severities."""
    checks = [
        check(f"fault-{kind}", "form", "the record has a made-up fault", severity)
        for kind, severity in zip("abcde", ("error", "warn", "warn", "info", "info"), strict=True)
    ]
    text = "Sort the list of planets by their distance from the sun. 惑星を太陽に近い順に並べます。"
    kept = [
        record(f"Prompt {n}: {text}", f"Answer {n}: {text * 12}", line=n + 1, source=SOURCES[n % 3])
        for n in range(min(findings, 3000))
    ]
    made = [
        finding(
            kept[n % len(kept)], checks[n % 5]["name"], checks[n % 5]["severity"],
            "the {n}th fault of this kind is of no interest", args={"n": n},
            field="answer", start=3 + n % 40, end=20 + n % 40,
        )
        for n in range(findings)
    ]  # fmt: skip
    return report(kept, made, checks)
