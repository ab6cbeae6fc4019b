"""What curate wrote reads back as the same records."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from curate.audit import audit
from curate.export.approve import Terms, approve
from curate.review import Review
from curate.store.database import open_store
from curate.workspace import Workspace

RECORDS = [
    {"instruction": "Add the numbers.", "input": "2 and 3", "output": "5", "label": "sum"},
    {"instruction": "首都はどこですか。", "output": "東京です。"},
    {"messages": [{"role": "system", "content": "簡潔に。"}, {"role": "user", "content": "Hi"},
                  {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "名前は？"},
                  {"role": "assistant", "content": "花子です。"}]},
    {"messages": [{"role": "user", "content": "Weather?"}, {"role": "tool", "content": "sunny"},
                  {"role": "assistant", "content": "It is sunny."}]},
    {"prompt": "Which is better?", "chosen": "This one.", "rejected": "That one."},
]  # fmt: skip
FIELDS = ["record_id", "prompt_id", "roles", "system", "history", "instruction", "input", "answer", "rejected"]  # fmt: skip


def whole(path: Path, sources: list[str]) -> tuple[pl.DataFrame, Review, Workspace]:
    where = Workspace(path / ".curate")
    report = audit(sources, workspace=where.path)
    frame = pl.concat(report.snapshot.frames(FIELDS)).sort("record_id")
    return frame, Review(report, open_store(where)), where


def test_a_snapshot_and_an_export_read_back_as_they_were(tmp_path: Path) -> None:
    files = []
    for number, one in enumerate(RECORDS):
        file = tmp_path / f"{number}.jsonl"
        file.write_text(json.dumps(one, ensure_ascii=False) + "\n", encoding="utf-8")
        files.append(str(file))
    first, review, where = whole(tmp_path / "a", files)
    assert len(first) == len(RECORDS)
    again, _, _ = whole(tmp_path / "b", [str(review.report.snapshot.path)])
    assert again.equals(first)
    done = approve(review, where, Terms(allow_undecided=True))
    assert done.path is not None
    third, _, _ = whole(tmp_path / "c", [str(done.path)])
    assert third.equals(first)
