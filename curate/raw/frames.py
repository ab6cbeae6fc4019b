"""Frames: rows that lie in columns with types (Parquet, Arrow, memory), as cells.

Text stays text and numbers stay numbers; what JSON cannot hold (dates, decimals, bytes, NaN) is
kept in `meta` as exact text.
"""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from curate.formats import Parsed, Raw
from curate.raw.cells import Cells, exact_json
from curate.sources.source import Chunk, Misread, rejected

UNREADABLE = "the {count} rows from row {first} on cannot be read: {why}"

ROWS_AT_ONCE = 20_000
"""Rows of a chunk where nothing tells how wide they are."""


def parsed(frame: pl.DataFrame, first_line: int) -> Parsed:
    """All rows of a frame; a row's raw bytes are its JSON, for it never had others."""
    columns = {series.name: _values(series) for series in frame}
    cells = Cells.by_column(columns, len(frame))
    lines = range(first_line, first_line + len(frame))

    def raw(number: int) -> Raw:
        return None, exact_json({name: column[number] for name, column in columns.items()}).encode()

    return Parsed(cells, lines, raw)


def unreadable(chunk: Chunk, count: int, why: str) -> Parsed:
    """Rejects for all rows of a damaged group, which cannot be told apart."""
    misread = Misread("rows-unreadable", UNREADABLE, first=chunk.first_line, count=count, why=why)
    lines = range(chunk.first_line, chunk.first_line + count)
    parsed_ = parsed(pl.DataFrame(), chunk.first_line)
    parsed_.rejects += [rejected(misread, chunk.source, line, None, b"") for line in lines]
    return parsed_


def _values(series: pl.Series) -> list[Any]:
    values = series.to_list()
    if series.dtype.is_float() and not series.is_finite().fill_null(value=True).all():
        return [str(v) if v is not None and not math.isfinite(v) else v for v in values]
    return values
