"""Arrow: a data set saved by `datasets` (a folder), or one Arrow stream file.

The rows of all shards are counted through, in the order that state.json gives. Whole numbers that
dataset_info.json names as classes are read by their names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from curate.errors import BadSource
from curate.formats import Format, Head, Parsed
from curate.raw import arrow_stream, frames
from curate.raw.arrow_stream import BATCH, Message
from curate.sources.limits import Limits
from curate.sources.source import Chunk, Misread, Said, Source, rejected

CUT = "the Arrow file {file} ends in the middle of a batch; was it cut short?"


@dataclass(frozen=True)
class Shards:
    """The files of a data set, and the names of its classes by column."""

    files: tuple[Path, ...]
    classes: Mapping[str, Sequence[str]]
    said: tuple[Said, ...] = ()


def look(source: Source, _: Head | None, __: Limits) -> Shards:
    """The files in their order; BadSource where a saved data set lacks one."""
    path = source.path
    assert path is not None
    if path.is_file():
        return Shards((path,), {})
    named = _json(path / "state.json", source.name).get("_data_files", [])
    files = [path / Path(str(entry["filename"])).name for entry in named]
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        raise BadSource(f"{source.name}: the saved data set lacks {', '.join(missing)}")
    classes = _classes(path / "dataset_info.json", source.name)
    said: list[Said] = []
    if classes:
        said.append(("classes by name: {columns}", {"columns": ", ".join(classes)}))
    return Shards(tuple(files), classes, tuple(said))


def _json(path: Path, name: str) -> dict[str, Any]:
    try:
        value = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise BadSource(f"{name}: {path.name} cannot be read: {error}") from None
    return value if isinstance(value, dict) else {}


def _classes(path: Path, name: str) -> dict[str, list[str]]:
    features = _json(path, name).get("features") or {} if path.exists() else {}
    return {
        column: feature["names"]
        for column, feature in features.items()
        if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
    }


def cut(source: Source, _: Limits, size: int) -> Iterator[Chunk]:
    """Chunks of whole batches, up to about `size` bytes."""
    shards: Shards = source.data
    number, row = 0, 1
    for path in shards.files:
        for head, group, cut_short in _groups(path, source.name, size):
            rows = sum(message.rows for message in group)
            if cut_short:
                misread = Misread("archive-cut-short", CUT, file=path.name)
                fault = rejected(misread, source.name, row, group[0].start, b"")
                yield Chunk(source.name, number, row, 0, FORMAT.name, source.fit, fault=fault)
            else:
                ranges = [(m.start, m.stop) for m in group]
                data = (path, head, ranges, (0, rows), shards.classes)
                yield Chunk(
                    source.name, number, row, 0, FORMAT.name, source.fit, data=data,
                    size=group[-1].stop - group[0].start,
                )  # fmt: skip
            number, row = number + 1, row + rows


def _groups(
    path: Path, name: str, size: int
) -> Iterator[tuple[list[tuple[int, int]], list[Message], bool]]:
    """What every batch needs before it, some batches, and whether they are cut short."""
    length = path.stat().st_size
    head: list[tuple[int, int]] = []
    group: list[Message] = []
    with path.open("rb") as file:
        for message in arrow_stream.messages(file, name):
            cut_short = message.stop > length
            if group and (message.kind != BATCH or cut_short or _bytes(group) >= size):
                yield head, group, False
                group = []
            if message.kind != BATCH:
                head = [*head, (message.start, message.stop)]
            elif cut_short:
                yield head, [message], True
            else:
                group.append(message)
    if group:
        yield head, group, False


def _bytes(group: Sequence[Message]) -> int:
    return group[-1].stop - group[0].start


def parse(chunk: Chunk, _: Limits) -> Parsed:
    """Cells of some batches; rejects for all their rows where they cannot be decoded."""
    path, head, ranges, (first, rows), classes = chunk.data
    with path.open("rb") as file:
        pieces = []
        for start, stop in [*head, *ranges]:
            file.seek(start)
            pieces.append(file.read(stop - start))
    try:
        batches = pl.read_ipc_stream(BytesIO(b"".join([*pieces, arrow_stream.ENDED])))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        return frames.unreadable(chunk, rows, str(error))
    frame = batches[first : first + rows]
    named = [
        pl.col(column).replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String)
        for column, names in classes.items()
        if column in frame.columns
    ]
    return frames.parsed(frame.with_columns(named), chunk.first_line)


def halve(chunk: Chunk, _: Limits) -> tuple[Chunk, ...]:
    """Two chunks of half the rows, both of the same batches; none of a single row."""
    path, head, ranges, (first, rows), classes = chunk.data
    middle, size = rows // 2, chunk.size // 2
    if not middle:
        return ()
    before = (path, head, ranges, (first, middle), classes)
    after = (path, head, ranges, (first + middle, rows - middle), classes)
    return (
        chunk.rows_from(0, before, size),
        chunk.rows_from(middle, after, chunk.size - size),
    )


def claims(head: Head) -> int:
    return 5 if head.data.startswith(arrow_stream.CONTINUED) else 0


FORMAT = Format(
    name="arrow",
    title="Arrow data set",
    suffixes=(".arrow",),
    claims=claims,
    cut=cut,
    parse=parse,
    text=False,
    look=look,
    halve=halve,
)
