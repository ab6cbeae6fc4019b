"""Flat lines: the fast way to read what most data sets are, JSON Lines of flat objects.

Where every line of a chunk is one object with the keys of the first in the same order, and holds
texts, whole numbers, truths and nulls alone, all of it strictly right, the columns are made in C
without an object for any record. Whatever else a chunk holds, it is not read here: `objects` reads
it, and says what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

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
_texts_of = library.function(
    "texts_of", BYTES, COUNT, LONGS, LONGS, COUNT, COUNT, LONGS, COUNT, BYTES, LONGS, gives=None
)


class Flat(NamedTuple):
    """Where all values of some lines lie, by column and row; see `flat_lines` of the kernel."""

    data: Any
    rows: int
    columns: Mapping[str, int]  # its place, by name
    kinds: Any
    starts: Any
    told: Any
    there: Any

    def holds(self, *names: str) -> bool:
        """Whether there are columns of these names, which hold texts and nulls alone."""
        return all(self.kind(name) in (NOTHING, TEXT) for name in names)

    def kind(self, name: str) -> int | None:
        """What the values of a column are; None where there is none of this name."""
        return int(self.kinds[self.columns[name]]) if name in self.columns else None

    def texts(self, *names: str) -> tuple[Any, Any]:
        """The texts of columns, those of a row parted by line breaks: UTF-8 bytes and offsets."""
        if not self.holds(*names):
            raise ValueError(f"{names} are not all columns of texts")
        wanted = np.array([self.columns[name] for name in names])
        size = self.rows * (len(names) - 1) + int(self.told[wanted, self.rows - 1].sum())
        data, offsets = np.empty(size, np.uint8), np.empty(self.rows + 1, np.int64)
        lie = self.starts.ravel(), self.told.ravel(), self.told.shape[1]
        _texts_of(self.data, len(self.data), *lie, self.rows, wanted, len(wanted), data, offsets)
        return data, offsets


def cells(data: bytes, limits: Limits) -> Cells | None:
    """The columns of these lines; None where they are not what is read here."""
    found = flat(data, limits)
    if found is None:
        return None
    return Cells.by_column({name: _column(found, name) for name in found.columns}, found.rows)


def flat(data: bytes, limits: Limits) -> Flat | None:
    """Where the values of these lines lie; None where they are not what is read here."""
    end = data.find(b"\n")
    first = data if end < 0 else data[:end]
    names = _names(first, limits)
    if names is None:
        return None
    written = [_written(name, first).encode() for name in names]
    keys = np.frombuffer(b"".join(written), np.uint8)
    offsets = np.cumsum([0, *map(len, written)])
    text, rows, size = np.frombuffer(data, np.uint8), breaks(data) + 1, len(names)
    kinds, there = np.zeros(size, np.uint8), np.empty((size, rows), np.uint8)
    starts, told = np.empty((2, size, rows), np.int64)
    digits = min(MOST_DIGITS, limits.max_int_digits)
    found = _flat_lines(
        text, len(text), keys, offsets, size, limits.max_line_bytes, digits, rows,
        kinds, starts.ravel(), told.ravel(), there.ravel(),
    )  # fmt: skip
    if found < 0:
        return None
    columns = {name: place for place, name in enumerate(names)}
    return Flat(text, found, columns, kinds, starts, told, there.view(bool))


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


def _column(lines: Flat, name: str) -> pl.Series | list[None]:
    kind, place, rows = lines.kind(name), lines.columns[name], lines.rows
    if kind == NOTHING:
        return [None] * rows
    there = lines.there[place, :rows]
    if kind == TEXT:
        return series(*lines.texts(name), there)
    told = lines.told[place, :rows]
    values = pl.Series(told if kind == NUMBER else told.astype(bool))
    if there.all():
        return values
    return pl.select(pl.when(pl.Series(there)).then(values)).to_series()
