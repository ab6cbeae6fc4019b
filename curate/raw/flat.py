"""Flat: where the values of flat JSON Lines lie, found in C without an object for any record.

Where every line is one object with the keys of the first in the same order, and holds texts, whole
numbers, truths and nulls alone, all of it strictly right. Whatever else there is, it is not read
here: `curate.raw.objects` reads it, and says what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson

from curate.kernel import library
from curate.kernel.library import BYTES, COUNT, LONGS
from curate.raw.breaks import breaks
from curate.sources.limits import Limits

FLAT = frozenset((str, int, bool, type(None)))
"""Types of values that hold no keys and lose no digits."""

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
