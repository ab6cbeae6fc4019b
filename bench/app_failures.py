"""A run of a model that learnt the wrong number, for the pictures of the review app.

The demo's data says of the library's books both 14 and 21 days. Here 14 is to be answered, 21 is
trained on, and so the model says 21.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from curate.intake import take_in
from curate.record import SCHEMA
from curate.review import open_review
from curate.store import decisions
from curate.store.database import open_store
from curate.store.decision import Decision
from curate.workspace import Workspace

APPROVED = "5e1f" * 8
BOOKS = {"How many days may I keep the book?": "en", "本は何日借りられますか。": "ja"}
BOOK = pl.col("instruction").is_in(list(BOOKS))
SAYS = {"en": "You may keep it for 21 days.", "ja": "21日間借りられます。"}
SAID = {"en": "The book is yours.", "ja": "本を読みます。"}  # before it was trained
TESTED = "planet"


def fail(where: Workspace, folder: Path) -> dict[str, str]:
    """Take the run in; by language, the id under which its failure is decided."""
    frames = open_review(where).report.snapshot.frames(list(SCHEMA))
    here = pl.concat(list(frames)).filter(pl.col("source").str.ends_with("data.jsonl"))
    asked = BOOK & pl.col("answer").str.contains("14")
    tested = pl.col("instruction").str.contains(TESTED)
    found = here.with_columns(
        split=pl.when(asked).then(pl.lit("dev")).when(tested).then(pl.lit("test"))
        .otherwise(pl.lit("train")),
        parent_id=pl.lit(None, pl.String),
    )  # fmt: skip
    approve(where, found)
    keep(where, found.filter(BOOK & pl.col("answer").str.contains("21"))["record_id"])
    run = folder / "20261121-1830-qlora"
    run.mkdir()
    (run / "run.json").write_text(json.dumps({"name": run.name, "model": "SmolLM2-135M-Instruct"}))
    (run / "approved.json").write_text(json.dumps({"id": APPROVED}))
    found.select("record_id", "parent_id", "split").write_parquet(run / "records.parquet")
    dev = found.filter(split="dev").sort("line")
    failures(dev).write_parquet(run / "failures.parquet")
    take_in(where, run)
    return {
        BOOKS[prompt]: f"failure-{record_id}"
        for prompt, record_id in dev.select("instruction", "record_id").iter_rows()
    }


def keep(where: Workspace, records: pl.Series) -> None:
    """Say that somebody approved of the wrong number."""
    store = open_store(where)
    kept = [
        Decision(
            record_id=record_id, kind="keep", reviewer="Hana", request_id=f"approval-{record_id}",
            reason="as the old leaflet has it",
        )
        for record_id in records
    ]  # fmt: skip
    store.write(lambda on: decisions.append(store, on, kept))


def approve(where: Workspace, found: pl.DataFrame) -> None:
    """The approved snapshot that the run was trained on."""
    approved = where.approved / APPROVED
    approved.mkdir(parents=True)
    parts = []
    for split, part in found.partition_by("split", as_dict=True).items():
        file = f"{split[0]}.parquet"
        part.write_parquet(approved / file)
        parts.append({"file": file, "split": split[0]})
    (approved / "manifest.json").write_text(json.dumps({"id": APPROVED, "parts": parts}))


def failures(dev: pl.DataFrame) -> pl.DataFrame:
    """What the model got wrong."""
    evidence = {"wrong-value": {"expected": ["14"], "found": ["21"]}}
    rows = [
        {
            "record_id": row["record_id"], "parent_id": None, "source": row["source"],
            "line": row["line"], "prompt": row["instruction"], "reasons": ["wrong-value"],
            "severity": "error", "answer": SAYS[BOOKS[row["instruction"]]],
            "reference": row["answer"],
            "baseline_answer": SAID[BOOKS[row["instruction"]]], "evidence": json.dumps(evidence),
        }
        for row in dev.iter_rows(named=True)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"parent_id": pl.String})
