"""Private values are masked in every finding that quotes them, in every file of a report."""

from __future__ import annotations

from pathlib import Path

import orjson
import polars as pl

from curate.audit import audit

MAIL = "karen.mitchell@northgate-office.net"
PHONE = "090-3817-2456"
KEY = "AKIA" + "Q3EGRVX7" + "ZTLMWP5D"
RECORDS = [
    {"instruction": "Who helps me?", "output": f"Write to {MAIL} 3 times a day."},
    {"instruction": "Who helps me?", "output": f"Write to {MAIL} 4 times a day."},
    {"instruction": "連絡先は？", "output": f"電話は{PHONE}です。１回かけてください。"},
    {"instruction": "連絡先は？", "output": f"電話は{PHONE}です。２回かけてください。"},
    {"instruction": "Give me the item as JSON.", "output": f'{{"key": "{KEY}",}}'},
    {"instruction": "The café?", "output": f"The cafÃ© has the key {KEY}."},
    {"instruction": "Say hello.", "output": "Hello, cafÃ©!"},
]


def test_no_file_of_a_report_holds_a_private_value(tmp_path: Path) -> None:
    report = audit(RECORDS, workspace=tmp_path / "ws")
    assert {"personal-data", "secret", "contradiction", "invalid-json", "mojibake"} <= set(
        report.findings["check"]
    )
    report.save(tmp_path / "out", formats=("sarif", "junit", "md"))
    (tmp_path / "findings.json").write_text(report.findings.write_json())
    files = [f for f in (tmp_path / "out").iterdir() if f.suffix != ".parquet"]
    for file in (*files, tmp_path / "findings.json"):
        text = file.read_text(encoding="utf-8")
        for value in (MAIL, PHONE, KEY):
            assert value not in text, file.name


def test_a_repair_with_a_private_value_is_withheld_and_others_are_not(tmp_path: Path) -> None:
    findings = audit(RECORDS, workspace=tmp_path / "ws").findings
    fixes = dict(findings.filter(pl.col("check") == "mojibake").select("line", "fix").rows())
    assert fixes[6] is None
    assert orjson.loads(fixes[7])["text"] == "Hello, café!"


def test_what_is_masked_can_still_be_told_apart(tmp_path: Path) -> None:
    findings = audit(RECORDS, workspace=tmp_path / "ws").findings
    [evidence] = findings.filter((pl.col("check") == "contradiction") & (pl.col("line") <= 2))[
        "evidence"
    ]
    assert "kare••••" in evidence
    assert "3 times" in evidence


def test_nothing_private_nothing_changed(tmp_path: Path) -> None:
    findings = audit(RECORDS[6:], workspace=tmp_path / "ws").findings
    assert findings.filter(pl.col("check") == "mojibake")["fix"].null_count() == 0
