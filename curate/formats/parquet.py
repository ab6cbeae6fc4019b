"""Parquet, read by groups of rows; its own types are trusted, nothing is inferred."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from curate.errors import BadSource
from curate.formats import Format, Head, Parsed
from curate.raw import frames
from curate.sources.limits import Limits
from curate.sources.source import Chunk, Source


def cut(source: Source, _: Limits, size: int) -> Iterator[Chunk]:
    """Chunks of as many rows as make up about `size` bytes of the file."""
    path = source.path
    assert path is not None
    rows = _rows(source)
    step = max(1, min(rows, frames.ROWS_AT_ONCE, rows * size // path.stat().st_size))
    for number, start in enumerate(range(0, rows, step)):
        count = min(step, rows - start)
        yield Chunk(
            source.name,
            number,
            start + 1,
            0,
            FORMAT.name,
            source.fit,
            data=(path, start, count),
            size=path.stat().st_size * count // rows,
        )


def _rows(source: Source) -> int:
    assert source.path is not None
    try:
        return int(pl.scan_parquet(source.path, glob=False).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise BadSource(f"{source.name}: not a whole Parquet file: {error}") from None


def parse(chunk: Chunk, _: Limits) -> Parsed:
    """Cells of a group of rows; a row that cannot be decoded is a reject."""
    path, start, count = chunk.data
    try:
        frame = pl.scan_parquet(path, glob=False).slice(start, count).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        return frames.unreadable(chunk, count, str(error))
    return frames.parsed(frame, chunk.first_line)


def halve(chunk: Chunk, _: Limits) -> tuple[Chunk, ...]:
    """Two chunks of half the rows; none of a single one."""
    path, start, count = chunk.data
    middle, size = count // 2, chunk.size // 2
    if not middle:
        return ()
    return (
        chunk.rows_from(0, (path, start, middle), size),
        chunk.rows_from(middle, (path, start + middle, count - middle), chunk.size - size),
    )


def claims(head: Head) -> int:
    return 5 if head.data.startswith(b"PAR1") else 0


FORMAT = Format(
    name="parquet",
    title="Parquet",
    suffixes=(".parquet", ".pq"),
    claims=claims,
    cut=cut,
    parse=parse,
    text=False,
    halve=halve,
)
