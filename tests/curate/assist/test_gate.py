"""What another command found joins the report, and stays there whatever is done with it later."""

from __future__ import annotations

import json
from pathlib import Path

from curate.assist.calibrate import Calibration
from curate.assist.gate import with_findings
from curate.assist.judge import Judged
from curate.assist.remarks import checks_of
from curate.audit import audit
from curate.rejudge import rejudged
from curate.report import Report
from curate.workspace import Workspace

RECORDS = [
    {"instruction": "Name the capital of Japan.", "output": "```python\nprint(1)"},
    {"instruction": "首都はどこですか。", "output": "東京です。"},
]


def judged(folder: Path) -> Report:
    """An audit of two records, and what a judge said of both."""
    file, where = folder / "pairs.jsonl", Workspace(folder / ".curate")
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in RECORDS))
    report = audit(file, workspace=where.path)
    ids = [name for frame in report.snapshot.frames(["record_id"]) for name in frame["record_id"]]
    made = [Judged(name, {"tone": 1}, {"tone": "curt"}) for name in ids]
    return with_findings(report, checks_of(made, Calibration(0, 3), "m"), where)


def test_what_a_judge_said_stands_beside_what_the_audit_found(tmp_path: Path) -> None:
    report = judged(tmp_path)
    assert report.findings["check"].to_list().count("judged-low") == 2
    assert "unclosed-code" in set(report.findings["check"])
    assert judged(tmp_path).document["findings"] == report.document["findings"]


def test_a_moved_threshold_leaves_what_another_command_found(tmp_path: Path) -> None:
    report = judged(tmp_path)
    moved = rejudged(report, ["refusal-share.warn=0.5"], Workspace(tmp_path / ".curate"))
    assert set(moved.findings["check"]) == set(report.findings["check"])
    kept = moved.findings.filter(check="judged-low")
    assert kept.equals(report.findings.filter(check="judged-low"))
