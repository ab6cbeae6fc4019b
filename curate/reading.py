"""Reading: one strict reader for audit, review and training; nothing is lost on the way.

`sources` finds out what lies where, `chunks` cuts a source into pieces, `decode` turns a piece
into records and rejects, on any worker. `read` does all three.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import orjson
import polars as pl

from curate import formats, shapes
from curate.errors import Unaccounted
from curate.formats import CHUNK_BYTES, Parsed
from curate.raw import streams
from curate.raw.cells import Cells, as_text, constant, exact_json
from curate.raw.encodings import as_in
from curate.record import SCHEMA
from curate.sources.fold import Folded
from curate.sources.limits import Limits
from curate.sources.opening import opened
from curate.sources.source import (
    Chunk,
    Decoded,
    Fit,
    Misread,
    Reading,
    Reject,
    Source,
    rejected,
)

__all__ = [
    "Chunk",
    "Decoded",
    "Limits",
    "Misread",
    "Reading",
    "Reject",
    "Source",
    "as_written",
    "chunks",
    "decode",
    "halves",
    "read",
    "set_aside",
    "sources",
]

LOOKS_LIKE = {
    "no column {column!r}": "no column {column!r}; the record looks like shape {shape}",
    "column {column!r} is of type {kind}, where text is needed": (
        "column {column!r} is of type {kind}, where text is needed; "
        "the record looks like shape {shape}"
    ),
}

LOOK_ALIKES = 1000
"""Rejects of one chunk for which another shape is looked for; more say the same again."""


def sources(paths: Any, reading: Reading | None = None) -> list[Source]:
    """Every source of these paths (folders, "-", frames in memory), with its format and shape.

    BadSource where one cannot be read at all, NothingToAudit where there is none.
    """
    return opened(paths, reading or Reading())


def chunks(source: Source, reading: Reading | None = None) -> Iterator[Chunk]:
    """Cut a source; the bounds depend on its bytes alone."""
    if source.empty:
        return iter(())
    limits = (reading or Reading()).limits
    return formats.found()[source.format].cut(source, limits, CHUNK_BYTES)


def decode(chunk: Chunk, reading: Reading | None = None) -> Decoded:
    """The records and rejects of one chunk; Unaccounted if one were lost."""
    if chunk.pieces:
        return _joined([decode(piece, reading) for piece in chunk.pieces])
    if chunk.fault is not None:
        return Decoded(pl.DataFrame(schema=SCHEMA), [chunk.fault], 1, dict(chunk.notes))
    with _without_collector():
        return _decoded(chunk, (reading or Reading()).limits)


def as_written(rejects: list[Reject], source: Source, reading: Reading) -> list[Reject]:
    """The rejects with their places and bytes as they lie in the file, which was recoded."""
    codec, path = source.encoding, source.path
    if codec == "utf-8" or path is None or not rejects:
        return rejects
    with closing(streams.opened(path, source.compression, reading.limits, codec)) as stream:
        offsets = list(streams.in_file(stream, codec, (r.offset or 0 for r in rejects)))
    return [
        replace(reject, offset=offset, raw=as_in(codec, reject.raw))
        for reject, offset in zip(rejects, offsets, strict=True)
    ]


def halves(chunk: Chunk, reading: Reading | None = None) -> tuple[Chunk, ...]:
    """Two chunks that are the whole together, cut without decoding it; none of a single record."""
    if chunk.fault is not None:
        return ()
    return formats.found()[chunk.format].halve(chunk, (reading or Reading()).limits)


def set_aside(chunk: Chunk, misread: Misread) -> Chunk:
    """A chunk of one record that will not be decoded again: it is a reject for this reason."""
    raw = b"" if chunk.fault is not None else formats.found()[chunk.format].raw(chunk)
    offset = chunk.offset if raw and chunk.format != "memory" else None
    fault = chunk.fault or rejected(misread, chunk.source, chunk.first_line, offset, raw)
    return replace(chunk, fault=fault)


def _joined(pieces: Sequence[Decoded]) -> Decoded:
    notes: Counter[str] = Counter()
    for piece in pieces:
        notes.update(piece.notes)
    return Decoded(
        pl.concat(piece.records for piece in pieces),
        [reject for piece in pieces for reject in piece.rejects],
        sum(piece.read for piece in pieces),
        dict(notes),
    )


def _decoded(chunk: Chunk, limits: Limits) -> Decoded:
    parsed = formats.found()[chunk.format].parse(chunk, limits)
    notes = parsed.notes + Counter(chunk.notes)
    size = parsed.cells.size
    read = size + len(parsed.rejects)
    if not size:
        return Decoded(pl.DataFrame(schema=SCHEMA), parsed.rejects, read, dict(notes))
    folded = shapes.found()[chunk.fit.shape].fold(parsed.cells, dict(chunk.fit.columns))
    records = _framed(parsed, folded, chunk)
    rejects = parsed.rejects
    if folded.faults:
        records = records.filter(pl.Series([i not in folded.faults for i in range(size)]))
        rejects = sorted([*rejects, *_misfits(parsed, folded, chunk)], key=lambda r: r.line)
    if read != len(records) + len(rejects):
        raise Unaccounted(f"{chunk.source}: {read} read, {len(records)} + {len(rejects)} left")
    return Decoded(records, rejects, read, dict(notes))


def read(paths: Any, reading: Reading | None = None) -> tuple[pl.DataFrame, list[Reject]]:
    """All records and all rejects of these paths at once."""
    frames, rejects = [pl.DataFrame(schema=SCHEMA)], []
    for source in sources(paths, reading):
        for chunk in chunks(source, reading):
            decoded = decode(chunk, reading)
            frames.append(decoded.records)
            rejects += as_written(decoded.rejects, source, reading or Reading())
    return pl.concat(frames), rejects


def _framed(parsed: Parsed, folded: Folded, chunk: Chunk) -> pl.DataFrame:
    cells, fit = parsed.cells, chunk.fit
    named = {
        "label": _named(cells, fit.label),
        "category": _named(cells, fit.category),
        "annotations": _annotations(cells, fit),
        "origin": _named(cells, fit.origin),
        "uid": _named(cells, fit.uid),
    }
    columns: dict[str, Any] = {
        **folded.fields,
        **named,
        "source": constant(chunk.source, cells.size),
        "line": pl.Series(parsed.lines, dtype=pl.UInt32),
        "shape": constant(fit.shape, cells.size),
        "meta": cells.meta(folded.more),
    }
    return pl.DataFrame([columns[name].alias(name) for name in SCHEMA])


def _named(cells: Cells, column: str | None) -> pl.Series:
    if column is None:
        return constant(None, cells.size)
    return as_text(cells.taken(column))


def _annotations(cells: Cells, fit: Fit) -> pl.Series:
    """Wide: each annotator a column of labels. Long: one column names who gave the label.

    Where no column of labels is known, who saw the record is kept: {annotator: null}.
    """
    if fit.annotator is not None:
        people, given = _named(cells, fit.annotator), _named(cells, fit.label)
        both = zip(people.to_list(), given.to_list(), strict=True)
        anyhow = fit.label is None
        said = [
            {who: label} if who and (anyhow or label is not None) else {} for who, label in both
        ]
    elif not fit.annotators:
        return constant(None, cells.size)
    else:
        columns = [as_text(cells.taken(name)).to_list() for name in fit.annotators]
        rows = zip(*columns, strict=True)
        said = [
            {
                who: label
                for who, label in zip(fit.annotators, row, strict=True)
                if label is not None
            }
            for row in rows
        ]
    return pl.Series([exact_json(labels) if labels else None for labels in said], dtype=pl.String)


def _misfits(parsed: Parsed, folded: Folded, chunk: Chunk) -> Iterator[Reject]:
    """Rejects for records that do not fit the shape; they name the shape that they look like."""
    for count, (at, misread) in enumerate(folded.faults.items()):
        offset, raw = parsed.raw(at)
        says = LOOKS_LIKE.get(misread.says)
        alike = _look_alike(raw, chunk.fit.shape) if says and count < LOOK_ALIKES else None
        if says is not None and alike is not None:
            misread = Misread(misread.code, says, **misread.args_said, shape=alike)
        yield rejected(misread, chunk.source, parsed.lines[at], offset, raw)


def _look_alike(raw: bytes, shape: str) -> str | None:
    try:
        found = shapes.of(orjson.loads(raw))
    except (orjson.JSONDecodeError, AttributeError, TypeError):
        return None
    return found[0] if found is not None and found[0] not in (shape, "text") else None


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the cycle collector off: decoded data has no cycles, and looking costs a sixth."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
