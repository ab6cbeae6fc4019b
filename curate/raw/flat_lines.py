"""Flat lines: the fast way to read what most data sets are, JSON Lines of flat objects.

Where every line of a chunk is one object with the keys of the first in the same order, and holds
texts, whole numbers, truths and nulls alone, all of it strictly right, the columns are made in C
without an object for any record. Whatever else a chunk holds, it is not read here: `objects` reads
it, and says what is wrong.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import orjson
import polars as pl

from curate.kernel import library
from curate.kernel.library import BYTES, COUNT, LONGS
from curate.raw.cells import FLAT, Cells
from curate.raw.lines import breaks
from curate.raw.strings import series
from curate.sources.limits import Limits

MOST_COLUMNS = 256
MOST_DIGITS = 18  # that every 64-bit integer has room for
NOTHING, TEXT, NUMBER, TRUTH = range(4)

_flat_lines = library.function(
    "flat_lines", BYTES, COUNT, BYTES, LONGS, COUNT, COUNT, COUNT, COUNT,
    BYTES, LONGS, LONGS, BYTES,
)  # fmt: skip
_texts_of = library.function("texts_of", BYTES, COUNT, LONGS, LONGS, COUNT, BYTES, gives=None)


def cells(data: bytes, limits: Limits) -> Cells | None:
    """The columns of these lines; None where they are not what is read here."""
    end = data.find(b"\n")
    first = data if end < 0 else data[:end]
    names = _names(first, limits)
    if names is None:
        return None
    written = [_written(name, first).encode() for name in names]
    keys = np.frombuffer(b"".join(written), np.uint8)
    offsets = np.cumsum([0, *map(len, written)])
    text, rows, size = np.frombuffer(data, np.uint8), breaks(data) + 1, len(names)
    kinds, there = np.zeros(size, np.uint8), np.empty(size * rows, np.uint8)
    starts, told = np.empty((2, size * rows), np.int64)
    digits = min(MOST_DIGITS, limits.max_int_digits)
    found = _flat_lines(
        text, len(text), keys, offsets, size, limits.max_line_bytes, digits, rows,
        kinds, starts, told, there,
    )  # fmt: skip
    if found < 0:
        return None
    columns: dict[str, Any] = {}
    for number, name in enumerate(names):
        column = slice(number * rows, number * rows + found)
        columns[name] = _column(text, kinds[number], starts[column], told[column], there[column])
    return Cells.by_column(columns, found)


def _names(line: bytes, limits: Limits) -> list[str] | None:
    """The keys of the first line; None where it is not a flat object."""
    try:
        first = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(first, dict) or not 0 < len(first) <= min(MOST_COLUMNS, limits.max_keys):
        return None
    return list(first) if FLAT.issuperset(map(type, first.values())) else None


def _written(name: str, line: bytes) -> str:
    """A key as it stands in the lines, which escape all that is not ASCII, or nothing of it."""
    return json.dumps(name, ensure_ascii=line.isascii())


def _column(text: Any, kind: int, starts: Any, told: Any, there: Any) -> pl.Series | list[None]:
    rows, there = len(there), there.view(bool)
    if kind == NOTHING:
        return [None] * rows
    if kind == TEXT:
        data = np.empty(int(told[-1]), np.uint8)
        _texts_of(text, len(text), starts, told, rows, data)
        return series(data, np.concatenate([[0], told]), there)
    values = pl.Series(told if kind == NUMBER else told.astype(bool))
    if there.all():
        return values
    return pl.select(pl.when(pl.Series(there)).then(values)).to_series()
