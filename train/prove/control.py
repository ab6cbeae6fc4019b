"""Control: the data before the repair, with as many other records changed, to no purpose.

Any retraining moves some answers; what the control fixes too is no credit to the repair.
A dropped record stands for a dropped one; for an edited one a record is reworded harmlessly: a mark
at the end of its answer comes or goes, or of its prompt where the answer ends in no sentence.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from curate.publish import publish
from train.approved import FORMAT, ID_BYTES, SPLITS, Approved, manifest_id
from train.prove.repair import Repair, Row, rows_of

MARKS = (".", "。")
CARD = "README.md"
SAYS = """# A control, not approved data

The training records of {parent}, with {n} of them dropped or harmlessly reworded at random.
`train compare --prove` made it to see what retraining alone would do.
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The records of a control that differ: as many of each kind as in the repair."""

    reworded: tuple[tuple[Row, Row], ...]  # before, after
    dropped: tuple[Row, ...]
    added: tuple[Row, ...]


def drawn(repair: Repair, seed: int) -> Drawn:
    """Records that the repair did not touch, drawn at random, and what becomes of them."""
    ordered = sorted(repair.untouched, key=lambda row: str(row["record_id"]))
    edits, drops = len(repair.edited), len(repair.dropped)
    chosen = random.Random(seed).sample(ordered, repair.changed)
    edited, dropped, twice = chosen[:edits], chosen[edits : edits + drops], chosen[edits + drops :]
    return Drawn(
        tuple((row, reworded(row)) for row in edited),
        tuple(dropped),
        tuple(reworded(row) for row in twice),
    )


def reworded(row: Row) -> dict[str, Any]:
    """The record with one mark more or less, and an id of its own."""
    answer = str(row["answer"] or "").rstrip()
    name = "answer" if answer.endswith(MARKS) else "input" if row.get("input") else "instruction"
    text = str(row[name] or "").rstrip()
    ending = "。" if any(ord(letter) > 0x2FFF for letter in text) else "."
    changed = text[:-1] if text.endswith((*MARKS, "?", "？")) else text + ending
    new = blake2b(f"control/{row['record_id']}".encode(), digest_size=16).hexdigest()
    return {**row, name: changed, "record_id": new, "parent_id": None, "verdict": "changed"}


def written(before: Approved, change: Drawn, folder: Path) -> Path:
    """The control's snapshot in a folder, named by its content; dev and test stay as they are."""
    new = {place(old): row for old, row in change.reworded}
    gone = {place(row) for row in change.dropped}
    train = [new.get(place(row), row) for row in rows_of(before, "train") if place(row) not in gone]
    with tempfile.TemporaryDirectory(prefix=".control-", dir=folder) as aside:
        made = Path(aside)
        parts = [
            part(before, split, [*train, *change.added] if split == "train" else None, made)
            for split in SPLITS
        ]
        changed = len(change.reworded) + len(change.dropped) + len(change.added)
        (made / CARD).write_text(SAYS.format(parent=before.id, n=changed), encoding="utf-8")
        manifest = {
            "format": FORMAT,
            "parent": before.manifest["parent"],
            "control_of": before.id,
            "records": {one["split"]: one["records"] for one in parts},
            "parts": parts,
            "card": named(made / CARD),
        }
        manifest["id"] = manifest_id(manifest)
        (made / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        there = folder / f"control-{manifest['id'][:12]}"
        publish(made, there, [file.name for file in made.iterdir()])
    return there


def place(row: Row) -> tuple[Any, ...]:
    """Which row of a snapshot it is; one record may stand there twice."""
    return row["record_id"], row["source"], row["line"]


def part(before: Approved, split: str, rows: Sequence[Row] | None, made: Path) -> dict[str, Any]:
    """One split of the control, the approved file itself where no rows are given."""
    [entry] = [one for one in before.manifest["parts"] if one["split"] == split]
    old, new = before.path / entry["file"], made / entry["file"]
    if rows is None:
        shutil.copyfile(old, new)
        return {**entry}
    if new.suffix == ".jsonl":
        lines = (json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)
        new.write_text("".join(lines), encoding="utf-8")
    else:
        from pyarrow import Table, parquet

        schema = parquet.read_schema(old)
        parquet.write_table(Table.from_pylist([dict(row) for row in rows], schema), new)
    return {**named(new), "split": split, "records": len(rows)}


def named(file: Path) -> dict[str, Any]:
    """What the manifest says of a file."""
    digest = blake2b(file.read_bytes(), digest_size=ID_BYTES).hexdigest()
    return {"file": file.name, "blake2b": digest}
