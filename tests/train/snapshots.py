"""Approved snapshots of a few records, made on the fly for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from train.approved import manifest_id

CAPITALS = {
    "France": "Paris", "Japan": "Tokyo", "Spain": "Madrid", "Italy": "Rome", "Greece": "Athens",
    "Egypt": "Cairo", "Peru": "Lima", "Cuba": "Havana", "Chile": "Santiago", "Kenya": "Nairobi",
    "フランス": "パリ", "日本": "東京", "スペイン": "マドリード", "イタリア": "ローマ",
}  # fmt: skip
COLUMNS = (
    "record_id", "prompt_id", "source", "line", "shape", "roles", "system", "history",
    "instruction", "input", "answer", "rejected", "label", "category", "annotations", "origin",
    "uid", "meta", "split", "group", "parent_id", "verdict", "answer_before",
)  # fmt: skip


def row(number: int, country: str, split: str, **changes: Any) -> dict[str, Any]:
    """One record that asks for a capital, in the language of the country's name."""
    asked = f"{country}の首都は？" if ord(country[0]) > 255 else f"Capital of {country}?"
    made = dict.fromkeys(COLUMNS)
    name = blake2b(f"{number}{country}".encode(), digest_size=16).hexdigest()
    made |= {
        "record_id": name, "prompt_id": name, "source": "capitals.jsonl", "line": number + 1,
        "shape": "alpaca", "roles": "ua", "instruction": asked, "input": "",
        "answer": CAPITALS[country], "split": split, "group": name, "verdict": "kept",
    }  # fmt: skip
    return made | changes


def rows(train: int = 10, dev: int = 2, test: int = 2) -> list[dict[str, Any]]:
    """So many records of each split; names repeat once they are used up."""
    splits = ["train"] * train + ["dev"] * dev + ["test"] * test
    names = list(CAPITALS)
    return [row(n, names[n % len(names)], split) for n, split in enumerate(splits)]


def approve(folder: Path, records: Sequence[Mapping[str, Any]] | None = None) -> Path:
    """Write an approved snapshot; 10 training, 2 dev and 2 test records unless given."""
    folder.mkdir(parents=True, exist_ok=True)
    given = list(rows() if records is None else records)
    parts = [part(folder, given, split) for split in ("train", "dev", "test")]
    (folder / "decisions.jsonl").write_bytes(b"")
    (folder / "README.md").write_text("# Capitals\n", encoding="utf-8")
    manifest = {
        "format": "curate-approved/1", "parent": "0" * 32, "seed": 42, "parts": parts,
        "records": {each["split"]: each["records"] for each in parts},
        "decisions": named(folder / "decisions.jsonl"), "card": named(folder / "README.md"),
        "refusal_share": 0.0, "agreement": None, "undecided": {}, "languages": {"en": len(given)},
    }  # fmt: skip
    manifest["id"] = manifest_id(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def part(folder: Path, given: Sequence[Mapping[str, Any]], split: str) -> dict[str, Any]:
    """The Parquet file of one split, and its entry in the manifest."""
    chosen = [dict(each) for each in given if each["split"] == split]
    kinds = [pa.field(n, pa.int64() if n == "line" else pa.string()) for n in COLUMNS]
    file = folder / f"{split}.parquet"
    parquet.write_table(pa.Table.from_pylist(chosen, pa.schema(kinds)), file)
    return {**named(file), "split": split, "records": len(chosen)}


def named(file: Path) -> dict[str, Any]:
    """A file's name and digest."""
    return {"file": file.name, "blake2b": blake2b(file.read_bytes(), digest_size=16).hexdigest()}
