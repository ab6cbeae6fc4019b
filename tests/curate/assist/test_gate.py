"""What a model's part in a record is worth stays in the report, whatever is done with it later."""

from __future__ import annotations

import json
from pathlib import Path

from curate.assist.doubts import CHECKS
from curate.assist.gate import audited
from curate.rejudge import rejudged
from curate.workspace import Workspace

MADE = {
    "kind": "backtranslation", "parent": None, "authors": [{"model": "m"}], "unmeasured": {},
    "numbers": {"copied": 0.9}, "answer_before": None,
}  # fmt: skip
RECORDS = [
    {"instruction": "Name the capital of Japan.", "output": "Tokyo.", "synthetic": MADE},
    {"instruction": "首都はどこですか。", "output": "東京です。"},
]


def test_a_moved_threshold_leaves_what_another_command_found(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in RECORDS))
    where = Workspace(tmp_path / ".curate")
    report = audited([str(file)], CHECKS, where)
    found = set(report.findings["check"])
    assert {"synthetic", "synthetic-copied"} <= found
    moved = rejudged(report, ["refusal-share.warn=0.5"], where)
    assert set(moved.findings["check"]) == found
    kept = moved.findings.filter(check="synthetic")
    assert kept.equals(report.findings.filter(check="synthetic"))
