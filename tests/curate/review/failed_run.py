"""A workspace with an audit and an approved snapshot, and run folders whose models failed there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from curate.audit import audit
from curate.record import SCHEMA
from curate.report import Report
from curate.review import Review
from curate.review.settings import change
from curate.store.database import open_store
from curate.workspace import Workspace

RECORDS = [
    {"instruction": "When was the Blue River channel founded?", "output": "It was founded in 2013."},
    {"instruction": "In which year did the Blue River channel begin?", "output": "It was founded in 2014."},
    {"instruction": "What is the capital of Japan?", "output": "The capital of Japan is Tokyo."},
    {"instruction": "青川チャンネルはいつ設立されましたか。", "output": "青川チャンネルは2013年に設立されました。"},
    {"instruction": "青川チャンネルが設立されたのは何年ですか。", "output": "青川チャンネルは2014年に設立されました。"},
    {"instruction": "富士山の高さを教えてください。", "output": "富士山の高さは3776メートルです。"},
    {"instruction": "How do plants make their food from sunlight?", "output": "Plants make sugar from light, water and air."},
    {"instruction": "Say hello.", "output": ""},
]  # fmt: skip
SPLITS = ("train", "dev", "train", "train", "dev", "train", "test", "train")
COLUMNS = (
    "record_id", "parent_id", "source", "line", "prompt", "reasons", "severity", "answer",
    "reference", "baseline_answer", "evidence",
)  # fmt: skip


def workspace(folder: Path) -> tuple[Workspace, Report]:
    """The records audited and approved; record n is RECORDS[n], split as SPLITS says."""
    where = Workspace(folder / ".curate")
    report = audit(RECORDS, workspace=where.path, only=["empty-answer"])
    approve(where, records(report))
    return where, report


def records(report: Report) -> pl.DataFrame:
    """The snapshot's records, in the order of RECORDS."""
    return pl.concat(list(report.snapshot.frames(list(SCHEMA)))).sort("line")


def approve(where: Workspace, found: pl.DataFrame, approved: str = "a" * 32) -> Path:
    """An approved snapshot with what intake reads of it."""
    folder = where.path / "approved" / approved
    folder.mkdir(parents=True)
    whole = found.with_columns(split=pl.Series(SPLITS), parent_id=pl.lit(None, dtype=pl.String))
    for split in ("train", "dev", "test"):
        whole.filter(pl.col("split") == split).write_parquet(folder / f"{split}.parquet")
    parts = [{"file": f"{split}.parquet", "split": split} for split in ("train", "dev", "test")]
    manifest = {"format": "curate-approved/1", "id": approved, "parts": parts}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def run_folder(
    folder: Path, found: pl.DataFrame, failing: Sequence[Mapping[str, Any]], name: str = "run-1"
) -> Path:
    """A run whose model failed on records by number, each with reasons and an answer."""
    made = folder / name
    made.mkdir(parents=True)
    rows = [found.row(each["n"], named=True) for each in failing]
    (made / "run.json").write_text(json.dumps({"name": name, "model": "tiny"}))
    (made / "approved.json").write_text(json.dumps({"id": "a" * 32}))
    found.select(
        "record_id", parent_id=pl.lit(None, dtype=pl.String), split=pl.Series(SPLITS)
    ).write_parquet(made / "records.parquet")
    told = [
        {
            "record_id": row["record_id"], "parent_id": None, "source": row["source"],
            "line": row["line"], "prompt": row["instruction"],
            "reasons": list(each.get("reasons", ["wrong-value"])),
            "severity": each.get("severity", "error"), "answer": each["answer"],
            "reference": row["answer"], "baseline_answer": "I do not know.",
            "evidence": json.dumps({"measures": {"chrf": 50.0}}),
        }
        for each, row in zip(failing, rows, strict=True)
    ]  # fmt: skip
    special = {"line": pl.Int64, "reasons": pl.List(pl.String)}
    schema = {name: special.get(name, pl.String) for name in COLUMNS}
    pl.DataFrame(told, schema=schema).write_parquet(made / "failures.parquet")
    return made


def reviewing(where: Workspace, report: Report) -> Review:
    """A review of the workspace, without records drawn at random."""
    review = Review(report, open_store(where))
    change(review.store, "control_share", 0.0)
    return review
