"""Tables: delimited text (CSV, TSV), read strictly and in pieces.

All cells are text. A row that breaks the quoting is refused alone: reading goes on at the line
after the one where it began, so that a quote left open does not swallow the rest of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from curate.errors import BadSource
from curate.formats import Head, Parsed, Raw, nothing, placed
from curate.raw.cells import Cells
from curate.raw.encodings import UTF8_BOM
from curate.raw.lines import Block, Lines, blank_lines
from curate.raw.objects import too_long
from curate.raw.streams import opened
from curate.raw.strict_json import lone_surrogate
from curate.raw.torn import Torn
from curate.sources.limits import RAW_KEPT_BYTES, Limits
from curate.sources.source import Chunk, Misread, Said, Source, rejected

RAGGED = (
    "{got} cells where the header has {want}; an unquoted delimiter or line break may have "
    "shifted the columns"
)
OPEN = "the quote opened in this line is not closed; reading goes on at the next line"
STRAY = "text after a closing quote; a quote inside a cell must be doubled"
HEADER_AGAIN = "the header stands here again; were two files joined?"
LONE_CR = "a lone carriage return outside quotes"

DELIMITERS = ",;\t|"
HEADER_LINES = 100
"""A header may span lines, but not many."""


@dataclass(frozen=True)
class Table:
    """How a table is written, its columns, and where its rows begin."""

    delimiter: str
    quoted: bool  # false: quotes are plain text, as in most TSV
    names: tuple[str, ...]
    at: int  # bytes before the first row
    line: int  # its number
    said: tuple[Said, ...] = ()
    marked: bool = False  # a byte-order mark stood before the header


class Row(NamedTuple):
    """One row, or what is wrong with it; `line` counts from 0 in the piece."""

    line: int
    lines: int  # how many it spans
    cells: list[str]
    fault: Misread | None = None


def header(source: Source, head: Head, delimiters: str, limits: Limits) -> Table:
    """The header row; BadSource where it cannot be one."""
    name = source.name
    if b"\n" not in head.data and b"\r" in head.data.rstrip(b"\r"):
        raise BadSource(f"{name}: lines end in CR only; convert them: tr '\\r' '\\n' < {name}")
    data = head.data.removeprefix(UTF8_BOM)
    lines = split(data)[:HEADER_LINES]
    tried = {d: _first_row(lines, d, limits) for d in delimiters}
    best = max(tried, key=lambda d: len(tried[d].cells))
    if len(tried[best].cells) < 2:
        best = next((d for d, row in tried.items() if row.fault is not None), best)
    row = tried[best]
    if row.fault is not None or not row.cells:
        raise BadSource(f"{name}: the header cannot be read: {row.fault or 'the line is empty'}")
    if lone_surrogate("".join(row.cells)) is not None:
        raise BadSource(f"{name}: the header is not UTF-8; convert the file to UTF-8 first")
    names = tuple(cell.strip() or f"column {n}" for n, cell in enumerate(row.cells, start=1))
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise BadSource(f"{name}: the header names {', '.join(map(repr, twice))} twice; rename one")
    said: list[Said] = [
        ("header {raw!r} read as {name!r}", {"raw": a, "name": b})
        for a, b in zip(row.cells, names, strict=True)
        if a != b
    ]
    if best != delimiters[0]:
        said.append(("delimiter {delimiter!r}", {"delimiter": best}))
    marked = len(head.data) - len(data)
    at = marked + sum(len(line.encode("utf-8", "surrogateescape")) for line in lines[: row.lines])
    quoted = best != "\t" or _quotes(lines, len(names))
    if best == "\t" and not quoted and any('"' in line for line in lines):
        said.append(("quotes are plain text", {}))
    return Table(best, quoted, names, at, row.lines + 1, tuple(said), bool(marked))


def _first_row(lines: list[str], delimiter: str, limits: Limits) -> Row:
    table = Table(delimiter, quoted=True, names=(), at=0, line=1)
    found, _ = rows(lines, table, limits, end=True)
    return found[0] if found else Row(0, 0, [])


def _quotes(lines: list[str], width: int) -> bool:
    """Whether the quotes of tab-separated text are quoting: only if it needs them, or shows it."""
    cells = [line.rstrip("\r\n").split("\t") for line in lines]
    if any(len(row) != width for row in cells if row != [""]):
        return any('"' in line for line in lines)
    return any(
        len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
        for row in cells
        for cell in row
    )


def split(data: bytes) -> list[str]:
    """Lines with their line breaks; bytes that are not UTF-8 are kept for the row to be refused."""
    text = data.decode("utf-8", "surrogateescape")
    *whole, last = text.split("\n")
    return [line + "\n" for line in whole] + ([last] if last else [])


def rows(lines: Sequence[str], table: Table, limits: Limits, *, end: bool) -> tuple[list[Row], int]:
    """The rows of these lines, and how many lines they take.

    A last row that is not finished is left, unless this is the `end` or it is over the limit.
    """
    found: list[Row] = []
    at = 0
    before = csv.field_size_limit(limits.max_line_bytes)
    try:
        while at < len(lines):
            begun, reader = at, _reader(iter(lines[at:] if at else lines), table)
            try:
                for cells in reader:
                    upto = begun + reader.line_num
                    found.append(Row(at, upto - at, cells))
                    at = upto
            except csv.Error as error:
                open_end = "end of data" in str(error)
                held = sum(map(len, lines[at:])) if open_end else 0
                if open_end and not end and held <= limits.max_line_bytes:
                    break
                height = begun + reader.line_num - at
                found.append(Row(at, 1, [], _broken(str(error), height, limits)))
                at += 1
    finally:
        csv.field_size_limit(before)
    return found, at


def _reader(lines: Iterator[str], table: Table) -> Any:
    if table.quoted:
        return csv.reader(lines, delimiter=table.delimiter, strict=True)
    return csv.reader(lines, delimiter=table.delimiter, quoting=csv.QUOTE_NONE, strict=True)


def _broken(error: str, lines: int, limits: Limits) -> Misread:
    if "field limit" in error and lines == 1:
        return too_long(limits)
    if "new-line character" in error:
        return Misread("csv-lone-cr", LONE_CR)
    if lines == 1 and "end of data" not in error:
        return Misread("csv-stray-quote", STRAY)
    return Misread("csv-unclosed-quote", OPEN)


def cut(source: Source, limits: Limits, size: int) -> Iterator[Chunk]:
    """Chunks of whole rows; which line begins a row only reading can tell."""
    assert source.path is not None
    table: Table = source.data
    with closing(opened(source.path, source.compression, limits, source.encoding)) as stream:
        stream.read(table.at)
        lines = Lines(stream, limits, table.at, table.line)
        for number, (block, length) in enumerate(_whole_rows(lines, table, limits, size)):
            place = placed(source, block, length)
            data = (table, place.pop("data", b""))
            yield Chunk(
                source.name, number, block.line, block.at, source.format, source.fit,
                data=data, size=length, **place,
            )  # fmt: skip


def _whole_rows(
    reader: Lines, table: Table, limits: Limits, size: int
) -> Iterator[tuple[Block, int]]:
    """Blocks of lines, and how many of their bytes end with a row; the others come again."""
    rest, times = b"", 1
    while (block := reader.block(times * size + len(rest), times)) is not None:
        rest = b""
        if block.fault is None and table.quoted and b'"' in block.data:
            lines = split(block.data)
            _, taken = rows(lines, table, limits, end=block.broken or block.final)
            rest = "".join(lines[taken:]).encode("utf-8", "surrogateescape")
            reader.give_back(rest)
        length = block.size - len(rest)
        times = 1 if length else 2 * times
        if length or block.fault is not None:
            yield block, length


def parse(chunk: Chunk, limits: Limits) -> Parsed:
    """Cells of a chunk by column; rejects for rows that break the quoting or have another width."""
    table, _ = chunk.data
    data = held(chunk)
    if empty := blank_lines(data):
        return nothing(empty)
    lines = split(data)
    found, _ = rows(lines, table, limits, end=True)
    finder = _Finder(lines, chunk.offset)
    clean = lone_surrogate("".join(lines)) is None
    kept, rejects, blank = [], [], 0
    torn = Torn(len(table.names))
    for row in found:
        rest = torn.of(chunk.first_line + row.line, len(row.cells))
        fault = row.fault or rest or _fault(row, table.names, clean=clean)
        if fault is None:
            kept.append(row)
        elif not row.cells and row.fault is None:
            blank += 1
        else:
            offset, raw = finder.of(row)
            line = chunk.first_line + row.line
            rejects.append(rejected(fault, chunk.source, line, offset, raw[:RAW_KEPT_BYTES]))
    columns = zip(*(row.cells for row in kept), strict=True) if kept else [()] * len(table.names)
    cells = Cells.by_column(dict(zip(table.names, columns, strict=True)), len(kept))
    parsed = Parsed(
        cells, [chunk.first_line + row.line for row in kept], finder.kept(kept), rejects
    )
    marked = int(table.marked and chunk.offset == table.at)
    crlf = sum(line.endswith("\r\n") for line in lines)
    counted = {"blank-line": blank, "byte-order-mark": marked, "crlf": crlf}
    parsed.notes.update({note: count for note, count in counted.items() if count})
    return parsed


def held(chunk: Chunk) -> bytes:
    """The bytes of a chunk, from the file or from memory."""
    _, data = chunk.data
    return chunk.raw() if chunk.path is not None else bytes(data)


def halve(chunk: Chunk, limits: Limits) -> tuple[Chunk, ...]:
    """Two chunks of half the rows; none of a single one."""
    table, data = chunk.data
    lines = split(held(chunk))
    found, _ = rows(lines, table, limits, end=True)
    if len(found) < 2:
        return ()
    middle = found[len(found) // 2].line
    at = len("".join(lines[:middle]).encode("utf-8", "surrogateescape"))
    first, second = replace(chunk, data=data).split(at, middle)
    return replace(first, data=(table, first.data)), replace(second, data=(table, second.data))


def _fault(row: Row, names: Sequence[str], *, clean: bool) -> Misread | None:
    if len(row.cells) != len(names):
        return Misread("csv-ragged", RAGGED, got=len(row.cells), want=len(names))
    if row.cells[-1].strip() == names[-1] and _is_header(row.cells, names):
        return Misread("csv-header-again", HEADER_AGAIN)
    if clean:
        return None
    try:
        "".join(row.cells).encode()
    except UnicodeEncodeError as error:
        byte = f"{ord(error.object[error.start]) - 0xDC00:02x}"
        return Misread("not-utf8", "a cell is not UTF-8 (byte 0x{byte})", byte=byte)
    return None


def _is_header(cells: Sequence[str], names: Sequence[str]) -> bool:
    return all(cell.strip("\ufeff \r") == name for cell, name in zip(cells, names, strict=True))


class _Finder:
    """Offset and bytes of rows, from the lines that they span."""

    def __init__(self, lines: Sequence[str], offset: int) -> None:
        self._lines, self._offset = lines, offset
        self._starts: list[int] | None = None

    def of(self, row: Row) -> Raw:
        if self._starts is None:
            self._starts = [self._offset]
            for line in self._lines:
                self._starts.append(self._starts[-1] + len(line.encode("utf-8", "surrogateescape")))
        text = "".join(self._lines[row.line : row.line + row.lines])
        return self._starts[row.line], text.encode("utf-8", "surrogateescape")

    def kept(self, kept: Sequence[Row]) -> Any:
        return lambda number: self.of(kept[number])
