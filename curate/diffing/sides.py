"""Sides: a snapshot, an approved snapshot or an export, by its id, its start or its folder."""

from __future__ import annotations

from pathlib import Path

import orjson
import polars as pl

from curate.errors import BadSource
from curate.export import manifest as manifests
from curate.record import SCHEMA
from curate.snapshot import open_snapshot
from curate.workspace import Workspace

TEXTS = ("system", "history", "instruction", "input", "answer", "rejected", "label", "category")
PLACE = ("record_id", "source", "line")
APPROVED = ("split", "parent_id")
COLUMNS = (*PLACE, *TEXTS, *APPROVED)
READ = ("parquet", "jsonl", "hf")  # formats of an export that keep every text as it is


def opened(named: str, where: Workspace) -> tuple[str, pl.DataFrame]:
    """The id of a side and its records, COLUMNS; BadSource says which sides there are."""
    folder = folder_of(named, where)
    if manifests.is_approved(folder):
        return approved(folder)
    snapshot = open_snapshot(folder)
    frames = [frame.drop("prompt") for frame in snapshot.frames()]
    nothing = [pl.lit(None, pl.String).alias(name) for name in APPROVED]
    records = pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)
    return snapshot.id, records.with_columns(nothing).select(COLUMNS)


def folder_of(named: str, where: Workspace) -> Path:
    """The folder that a path or the beginning of an id names."""
    if Path(named).is_dir():
        return Path(named)
    shelves = (where.snapshots, where.approved)
    found = [
        place
        for shelf in shelves
        if named.isalnum()
        for place in sorted(shelf.glob(f"{named}*"))
        if place.is_dir()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadSource(f"{named!r} begins {len(found)} ids; write more of it")
    known = sorted(place.name[:8] for shelf in shelves for place in shelf.glob("*/"))
    raise BadSource(
        f"{named!r} is neither a folder nor the id of a snapshot; ids here begin: "
        f"{', '.join(known) or 'none yet'}"
    )


def approved(folder: Path) -> tuple[str, pl.DataFrame]:
    """The approved id of an approved snapshot or a copy of one, and its records, train first."""
    said = manifests.read(folder)
    if said["file_format"] not in READ:
        raise BadSource(
            f"{folder} holds {said['file_format']}, which does not keep every text as it is; "
            f"compare the approved snapshot itself: {said['approved']}"
        )
    frames = [
        part_of(folder / part["file"]).with_columns(pl.lit(part["split"]).alias("split"))
        for part in said["parts"]
    ]
    return said.get("approved", said["id"]), pl.concat(frames).select(COLUMNS)


def part_of(file: Path) -> pl.DataFrame:
    """The records of one file."""
    columns = [name for name in COLUMNS if name != "split"]
    if file.suffix == ".parquet":
        return pl.read_parquet(file, columns=columns)
    rows = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    schema = {name: SCHEMA.get(name, pl.String) for name in columns}
    return pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=schema)
