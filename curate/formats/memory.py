"""Memory: a polars or pandas frame, a data set object, or a list of dicts; no file at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from curate.errors import BadSource
from curate.formats import Format, Head, Parsed
from curate.raw import frames
from curate.raw.cells import Cells, exact_json
from curate.raw.strict_json import lone_surrogate
from curate.sources.limits import Limits
from curate.sources.source import Chunk, Source, rejected


def look(source: Source, _: Head | None, __: Limits) -> pl.DataFrame | list[Any]:
    """The data as a polars frame or a list of dicts; BadSource for anything else."""
    data = source.data
    if isinstance(data, pl.LazyFrame):
        return data.collect()
    if isinstance(data, pl.DataFrame):
        return data
    if hasattr(data, "to_list") and hasattr(data, "column_names"):  # a data set of `datasets`
        data = data.to_list()
    elif hasattr(data, "to_dict") and hasattr(data, "iloc"):  # a pandas frame
        data = [_without_nan(row) for row in data.to_dict("records")]
    elif not isinstance(data, list | tuple):
        raise BadSource(f"cannot read a {type(data).__name__}: give a path, a frame or dicts")
    odd = next((type(row).__name__ for row in data if not isinstance(row, Mapping)), None)
    if odd is not None:
        raise BadSource(f"cannot read a list that holds a {odd}: each record must be a dict")
    return [dict(row) for row in data]


def _without_nan(row: Mapping[Any, Any]) -> dict[str, Any]:
    """pandas marks a missing cell by a value that differs from itself."""
    return {str(k): None if isinstance(v, float) and v != v else v for k, v in row.items()}  # noqa: PLR0124


def cut(source: Source, _: Limits, __: int) -> Iterator[Chunk]:
    data = source.data
    for number, start in enumerate(range(0, len(data), frames.ROWS_AT_ONCE)):
        piece = data[start : start + frames.ROWS_AT_ONCE]
        yield Chunk(source.name, number, start + 1, 0, FORMAT.name, source.fit, data=piece)


def parse(chunk: Chunk, _: Limits) -> Parsed:
    """Cells of some records; only dicts can hold text that is no text."""
    if isinstance(chunk.data, pl.DataFrame):
        return frames.parsed(chunk.data, chunk.first_line)
    rows, lines, rejects = [], [], []
    for line, row in enumerate(chunk.data, start=chunk.first_line):
        surrogate = lone_surrogate(exact_json(row))
        if surrogate is None:
            rows.append(row)
            lines.append(line)
        else:
            rejects.append(rejected(surrogate, chunk.source, line, None, _raw(row)))

    return Parsed(Cells.of(rows), lines, lambda number: (None, _raw(rows[number])), rejects)


def halve(chunk: Chunk, _: Limits) -> tuple[Chunk, ...]:
    """Two chunks of half the records; none of a single one."""
    middle = len(chunk.data) // 2
    pieces = ((0, chunk.data[:middle]), (middle, chunk.data[middle:]))
    return tuple(chunk.rows_from(first, data, 0) for first, data in pieces) if middle else ()


def raw(chunk: Chunk) -> bytes:
    """A record as JSON; it never had other bytes."""
    data = chunk.data
    return _raw(data.row(0, named=True) if isinstance(data, pl.DataFrame) else data[0])


def _raw(row: Mapping[str, Any]) -> bytes:
    return exact_json(row).encode("utf-8", "backslashreplace")


FORMAT = Format(
    name="memory",
    title="in memory",
    suffixes=(),
    claims=lambda _: 0,
    cut=cut,
    parse=parse,
    text=False,
    look=look,
    halve=halve,
    raw=raw,
)
