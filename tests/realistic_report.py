"""The fake report that people look at: English and Japanese records, every kind of finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from tests.fake_report import FakeReport, check, finding, record, report

DATA = Path(__file__).parent / "data" / "realistic_report.json"
KEY = "AKIA" + "QX7MZ2PLW4TRNB5D"  # put together here, so that no scanner takes it for a real one
MAIL = "hanako.sato" + "@example.com"


def realistic() -> FakeReport:
    """Two languages, three sources, findings of every group and severity, rejects, measures."""
    text = DATA.read_text(encoding="utf-8").replace("<KEY>", KEY).replace("<MAIL>", MAIL)
    data = orjson.loads(text)
    kept = {name: record(**fields) for name, fields in data["records"].items()}
    made = report(
        list(kept.values()),
        [found(one, kept) for one in data["findings"]],
        [check(**one) for one in data["checks"]],
        measures=data["measures"],
        **data["document"],
    )
    made.rejects = data["first_rejects"]
    return made


def found(one: dict[str, Any], kept: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """One finding; peers in its evidence are named as records are."""
    on = kept.get(one.pop("on") or "")
    evidence = one.pop("evidence", {})
    if "answers" in evidence:
        shown = ("record_id", "source", "line", "answer")
        peers = [{key: kept[name][key] for key in shown} for name in evidence["answers"]]
        evidence = {**evidence, "answers": peers}
    said = (one.pop("check"), one.pop("severity"), one.pop("says"))
    return finding(on, *said, evidence=evidence, **one)
