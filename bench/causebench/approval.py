"""Approval: a world as an approved snapshot, so that the product trains it through its own door."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from bench.causebench.rows import Row
from bench.causebench.world import World
from curate.export.manifest import SPLITS, as_bytes, entry, named
from curate.record import content_id

COLUMNS = (
    "record_id", "prompt_id", "source", "line", "shape", "roles", "system", "history",
    "instruction", "input", "answer", "rejected", "label", "category", "annotations", "origin",
    "uid", "meta", "split", "group", "parent_id", "verdict", "answer_before",
)  # fmt: skip
SOURCE = "world.jsonl"
BEGINNING = "0" * 32  # stands for an audited snapshot where nothing was audited


def record_id(row: Row) -> str:
    """The id that an audit gives the record."""
    return content_id([("user", row.prompt), ("assistant", row.answer)])


def approve(
    world: World, approved: Path, parent: str = BEGINNING, before: World | None = None
) -> Path:
    """Write the approved snapshot; where `before` is given, changed records name their parent."""
    approved.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="making-", dir=approved))
    rows = [*world.train, *world.held_out]
    earlier = [*before.train, *before.held_out] if before else rows
    told = [
        columns(line, row, old) for line, (row, old) in enumerate(zip(rows, earlier, strict=True))
    ]
    parts = [part(folder, told, split) for split in SPLITS]
    (folder / "decisions.jsonl").write_bytes(b"")
    (folder / "README.md").write_text("# An invented world\n", encoding="utf-8")
    manifest = named({
        "parent": parent, "seed": 0, "parts": parts,
        "records": {each["split"]: each["records"] for each in parts},
        "decisions": entry(folder / "decisions.jsonl"), "card": entry(folder / "README.md"),
        "refusal_share": None, "agreement": None, "undecided": {},
        "languages": {"en": len(rows) // 2, "ja": len(rows) - len(rows) // 2},
    })  # fmt: skip
    (folder / "manifest.json").write_bytes(as_bytes(manifest))
    place = approved / str(manifest["id"])
    if place.is_dir():
        shutil.rmtree(folder)
        return place
    return folder.rename(place)


def columns(line: int, row: Row, before: Row) -> dict[str, Any]:
    """One record as an export writes it."""
    name = record_id(row)
    changed = name != record_id(before)
    return dict.fromkeys(COLUMNS) | {
        "record_id": name,
        "prompt_id": blake2b(row.prompt.encode(), digest_size=16).hexdigest(),
        "source": SOURCE, "line": line + 1, "shape": "alpaca", "roles": "ua",
        "instruction": row.prompt, "input": "", "answer": row.answer, "split": row.split,
        "group": name, "parent_id": record_id(before) if changed else None,
        "verdict": "edited" if changed else "kept",
        "answer_before": before.answer if changed else None,
    }  # fmt: skip


def part(folder: Path, told: Sequence[dict[str, Any]], split: str) -> dict[str, Any]:
    """The Parquet file of one split, and its entry in the manifest."""
    chosen = [each for each in told if each["split"] == split]
    kinds = [pa.field(n, pa.int64() if n == "line" else pa.string()) for n in COLUMNS]
    file = folder / f"{split}.parquet"
    parquet.write_table(pa.Table.from_pylist(chosen, pa.schema(kinds)), file)
    return entry(file, split=split, records=len(chosen))
