"""Gate: what may be written, and when it fails a build."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from curate.errors import BadSetting
from curate.finding import SCHEMA
from curate.gate import failed, parse

DOCUMENT: dict[str, Any] = {
    "schema": "curate-report/1",
    "rows": {"read": 10, "kept": 8, "rejected": 2},
    "findings": {"total": 3},
    "checks": [
        {"name": "refusal", "checked": 8, "flagged": 2, "could_not_tell": 0, "skipped": None},
        {"name": "refusal-share", "checked": 8, "flagged": 1, "could_not_tell": 0, "skipped": None},
        {"name": "mojibake", "checked": 8, "flagged": 0, "could_not_tell": 3, "skipped": None},
        {
            "name": "eval-leakage",
            "checked": 0,
            "flagged": 0,
            "could_not_tell": 0,
            "skipped": "no file",
        },
        {
            "name": "annotator-agreement",
            "checked": 8,
            "flagged": 0,
            "could_not_tell": 0,
            "skipped": None,
        },
    ],
    "measures": {"refusal-share": {"share": 0.25}, "annotator-agreement": {"alpha": 0.6}},
}


def findings(*severities: str) -> pl.DataFrame:
    rows = [
        {"record_id": f"{n:032}", "check": "refusal", "severity": severity, "message": "m"}
        for n, severity in enumerate(severities)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


REPORT: Any = SimpleNamespace(document=DOCUMENT, findings=findings("warn", "warn", "info"))


@pytest.mark.parametrize(
    "text",
    [
        "error", "refusal>0.25", "refusal-share>=0.26", "refusal-share<0.2", "mojibake>0",
        "rejected>2", "could-not-tell>3", "skipped>1", "findings>3", "annotator-agreement.alpha<0.6",
        "eval-leakage>0",
    ],
)  # fmt: skip
def test_passes(text: str) -> None:
    assert failed(REPORT, [parse(text)]) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("warn", "warn: 2 findings"),
        ("info", "info: 3 findings"),
        ("refusal>0.2", "refusal>0.2: it is 0.25"),
        (" refusal-share > 0.2 ", " refusal-share > 0.2 : it is 0.25"),
        ("rejected>1", "rejected>1: it is 2"),
        ("could-not-tell>=3", "could-not-tell>=3: it is 3"),
        ("skipped>0", "skipped>0: it is 1"),
        ("annotator-agreement.alpha<0.7", "annotator-agreement.alpha<0.7: it is 0.6"),
    ],
)
def test_fails(text: str, said: str) -> None:
    assert failed(REPORT, [parse(text)]) == [said]


@pytest.mark.parametrize(
    "text", ["", "severe", "refusal", "refusal>", "refusal>many", "refusal=0.2", "x y>1"]
)
def test_what_may_not_be_written(text: str) -> None:
    with pytest.raises(BadSetting, match="write a severity"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("refusl>0.2", "unknown name 'refusl'; did you mean 'refusal'"),
        ("annotator-agreement.alfa<1", "unknown measure 'alfa'; did you mean 'alpha'"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(text: str, said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        failed(REPORT, [parse(text)])
    assert said in str(caught.value)


def baseline(folder: Path, known: pl.DataFrame) -> Path:
    known.write_parquet(folder / "findings.parquet")
    (folder / "report.json").write_text(json.dumps(DOCUMENT))
    return folder / "report.json"


def test_a_baseline_forgives_what_it_knows(tmp_path: Path) -> None:
    assert failed(REPORT, [parse("info")], baseline(tmp_path, REPORT.findings)) == []


def test_a_baseline_does_not_forgive_new_findings(tmp_path: Path) -> None:
    known = baseline(tmp_path, REPORT.findings.head(2))
    assert failed(REPORT, [parse("info"), parse("warn")], known) == ["info: 1 new findings"]


def test_a_finding_on_the_data_set_is_known_too(tmp_path: Path) -> None:
    whole = findings("warn").with_columns(record_id=pl.lit(None, pl.String))
    report: Any = SimpleNamespace(document=DOCUMENT, findings=whole)
    assert failed(report, [parse("warn")], baseline(tmp_path, whole)) == []


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="does not exist"):
        failed(REPORT, [parse("warn")], tmp_path / "report.json")
