"""JSON Lines: one object a line.

A source is cut at line ends near every 8 MiB. A plain UTF-8 file is only looked through for line
breaks here; the worker reads its own piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import orjson

from curate.formats import Format, Head, Parsed, nothing, placed
from curate.raw import flat_lines, objects
from curate.raw.encodings import UTF8_BOM
from curate.raw.lines import Lines, blank_lines
from curate.raw.streams import opened
from curate.sources.limits import Limits
from curate.sources.source import Chunk, Source

LOOK_LINES = 200


def claims(head: Head) -> int:
    """Proved where one of the first whole lines is an object; weak for what begins with {."""
    lines = [line for line in head.data.removeprefix(UTF8_BOM).split(b"\n") if line.strip()]
    if not head.whole:
        lines = lines[:-1] or lines
    if any(_is_object(line) for line in lines[:LOOK_LINES]):
        return 3
    return int(bool(lines) and lines[0].lstrip().startswith(b"{"))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line.removeprefix(UTF8_BOM)), dict)
    except orjson.JSONDecodeError:
        return False


def cut(source: Source, limits: Limits, size: int) -> Iterator[Chunk]:
    """Chunks that end at a line's end; a line over the limit is a chunk with a fault."""
    assert source.path is not None
    with closing(opened(source.path, source.compression, limits, source.encoding)) as stream:
        lines, number = Lines(stream, limits), 0
        while (block := lines.block(size)) is not None:
            yield Chunk(
                source.name, number, block.line, block.at, FORMAT.name, source.fit,
                last=block.broken, size=block.size, **placed(source, block, block.size),
            )  # fmt: skip
            number += 1


def parse(chunk: Chunk, limits: Limits) -> Parsed:
    """Cells of a chunk; rejects for the lines that are not one strict object."""
    data, offset = chunk.raw(), chunk.offset
    notes: Counter[str] = Counter()
    if not chunk.offset and data.startswith(UTF8_BOM):
        data, offset = data[len(UTF8_BOM) :], offset + len(UTF8_BOM)
        notes["byte-order-mark"] += 1
    if b"\r" in data:
        notes["crlf"] += data.count(b"\r\n")
    if empty := blank_lines(data):
        return nothing(empty, notes)
    cells = flat_lines.cells(data, limits)
    if cells is not None:
        lines = range(chunk.first_line, chunk.first_line + cells.size)
        return Parsed(cells, lines, objects.in_lines(data, offset), notes=notes)
    texts = objects.Texts.of_lines(data, offset)
    lines = range(chunk.first_line, chunk.first_line + len(texts.texts))
    parsed = objects.parsed(chunk, texts, lines, limits)
    parsed.notes += notes
    return parsed


def halve(chunk: Chunk, _: Limits) -> tuple[Chunk, ...]:
    """Two chunks that part at the line break nearest to the middle; none of a single line."""
    data = chunk.raw()
    at = data.rfind(b"\n", 0, len(data) // 2) + 1 or data.find(b"\n") + 1
    return chunk.split(at, data.count(b"\n", 0, at)) if 0 < at < len(data) else ()


FORMAT = Format(
    name="jsonl",
    title="JSON Lines",
    suffixes=(".jsonl", ".ndjson", ".jsonlines"),
    claims=claims,
    cut=cut,
    parse=parse,
    halve=halve,
    raw=lambda chunk: chunk.raw().removesuffix(b"\n"),
)
