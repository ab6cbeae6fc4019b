"""Snapshot: an immutable set of records on disk, named by its content, knowing its parent.

A folder of Parquet parts and `manifest.json`, written last. The name digests, in order, every
record's id, place and labels, so the same input gives the same name on any machine.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from curate.errors import BadSource
from curate.publish import write_table, write_whole
from curate.record import ID_VERSION, SCHEMA, with_prompt
from curate.workspace import Workspace

FORMAT = "curate-snapshot/1"
FEW = 4  # rows that are sought one by one; of more, their columns of the part are read
ABSENT, BETWEEN = "\x00", "\x1f"
NAMED_BY = [
    "record_id", "source", "line", "label", "category", "annotations", "origin", "uid", "meta",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file: its records, and digests of its content and of its bytes."""

    file: str
    records: int
    content: str
    bytes: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A finished snapshot; `path` is its folder, named by its id."""

    path: Path
    parts: tuple[Part, ...]
    parent: str | None
    rejected: int = 0  # beside it, by whoever read the sources; not part of the records on disk

    @property
    def id(self) -> str:
        """32 hexadecimal digits."""
        return self.path.name

    def __len__(self) -> int:
        return sum(part.records for part in self.parts)

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """The records, a part at a time; `prompt` may be among the columns."""
        for number in range(len(self.parts)):
            yield self.frame(number, columns)

    def frame(self, number: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The records of one part."""
        file = self.path / self.parts[number].file
        if columns is None:
            return with_prompt(pl.read_parquet(file))
        stored = [c for c in columns if c != "prompt"]
        if "prompt" not in columns:
            return pl.read_parquet(file, columns=stored)
        both = list(dict.fromkeys([*stored, "instruction", "input"]))
        return with_prompt(pl.read_parquet(file, columns=both)).select(columns)

    def places(self, numbers: pl.Series) -> pl.DataFrame:
        """Where the records with these numbers lie: part and row."""
        ends = pl.Series([part.records for part in self.parts], dtype=pl.UInt32).cum_sum()
        at = numbers.cast(pl.UInt32)
        part = ends.search_sorted(at, side="right").cast(pl.UInt32)
        first = pl.concat([pl.Series([0], dtype=pl.UInt32), ends])[part]
        return pl.DataFrame({"part": part, "row": at - first})

    def take(self, places: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
        """The records at (part, row), in the order given."""
        numbered = places.select("part", "row").with_row_index("at")
        taken = [
            self._rows(number, group["row"], columns).with_columns(group["at"])
            for (number,), group in numbered.group_by("part", maintain_order=True)
        ]
        if not taken:
            return pl.DataFrame(schema={c: SCHEMA.get(c, pl.String) for c in columns})
        return pl.concat(taken).sort("at").drop("at")

    def _rows(self, number: int, rows: pl.Series, columns: Sequence[str]) -> pl.DataFrame:
        """Some records of one part; for a few of them only their rows are read."""
        if len(rows) > FEW:
            return apart(self.frame(number, columns)[rows])
        file = pl.scan_parquet(self.path / self.parts[number].file)
        few = pl.concat(pl.collect_all([file.slice(row, 1) for row in rows]))
        return (with_prompt(few) if "prompt" in columns else few).select(columns)


def apart(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with texts of their own: gathered ones keep the whole part in memory."""
    file = io.BytesIO()
    rows.write_ipc(file, compat_level=pl.CompatLevel.oldest())
    return pl.read_ipc(file.getvalue())


def write_part(records: pl.DataFrame, folder: Path, number: int) -> Part:
    """Write one part of a snapshot in the making."""
    file = folder / f"records-{number:05}.parquet"
    # Compressing costs three times the writing; as it is, a part is about as large as its JSON.
    write_table(records.select(list(SCHEMA)), file, compression="uncompressed", statistics=False)
    return Part(file.name, len(records), content_digest(records), digest(file))


def content_digest(records: pl.DataFrame) -> str:
    """BLAKE2b of the columns that name a snapshot; absent values differ from empty ones."""
    hashed = blake2b(digest_size=16)
    for column in NAMED_BY:
        values = records[column]
        if values.null_count() < len(values):
            texts = values.cast(pl.String).fill_null(ABSENT).str.join(BETWEEN).cast(pl.Binary)
            for piece in (f"{column}{BETWEEN}".encode(), texts.item(), BETWEEN.encode()):
                hashed.update(piece)
    return hashed.hexdigest()


def commit(
    folder: Path,
    parts: Sequence[Part],
    workspace: Workspace,
    parent: str | None,
    **known: Any,
) -> Snapshot:
    """Turn a folder of parts into a snapshot; one of that name that is already there is kept."""
    ordered = tuple(sorted(parts, key=lambda part: part.file))
    name = "\n".join([FORMAT, str(ID_VERSION), parent or "", *(part.content for part in ordered)])
    place = workspace.snapshots / blake2b(name.encode(), digest_size=16).hexdigest()
    if not (place / "manifest.json").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        manifest = {
            "format": FORMAT,
            "id_version": ID_VERSION,
            "parent": parent,
            "records": sum(part.records for part in ordered),
            "parts": [
                {"file": p.file, "records": p.records, "content": p.content, "blake2b": p.bytes}
                for p in ordered
            ],
            **known,
        }
        folder.rename(place)
        write_whole(place / "manifest.json", json.dumps(manifest, indent=1).encode() + b"\n")
    return open_snapshot(place)


def open_snapshot(path: Path) -> Snapshot:
    """A snapshot from its folder; BadSource where there is none."""
    file = path / "manifest.json"
    if not file.exists():
        raise BadSource(f"{path} is no snapshot: it has no manifest.json")
    said = json.loads(file.read_bytes())
    parts = (Part(p["file"], p["records"], p["content"], p["blake2b"]) for p in said["parts"])
    return Snapshot(path, tuple(parts), said["parent"])


def digest(file: Path) -> str:
    """BLAKE2b of a file's bytes, 32 hexadecimal digits."""
    with file.open("rb") as opened:
        hashed = blake2b(digest_size=16)
        while block := opened.read(1 << 20):
            hashed.update(block)
    return hashed.hexdigest()


def altered(snapshot: Snapshot) -> list[str]:
    """The files whose bytes are no longer those that were written."""
    return [
        part.file
        for part in snapshot.parts
        if not os.path.exists(snapshot.path / part.file)  # noqa: PTH110 - a broken link too
        or digest(snapshot.path / part.file) != part.bytes
    ]
