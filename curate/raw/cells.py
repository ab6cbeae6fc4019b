"""Cells: the decoded objects of one chunk, seen by column.

Most chunks hold objects with the same keys; those are turned into columns once. The rest is
asked object by object, so that a key first seen in the last record still counts.
"""

from __future__ import annotations

import datetime
import decimal
import json
import math
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
import polars as pl

from curate.raw.flat import FLAT

Column = Sequence[Any] | pl.Series
"""Cells of one column, as objects of Python or as polars holds them."""


class Missing:
    """The cell of a column that a record does not have; another thing than null."""


MISSING: Final = Missing()

EXACT_IN_POLARS: Mapping[Any, type] = {pl.String: str, pl.Int64: int, pl.Boolean: bool}
"""Types whose JSON is the same from polars as from orjson."""


class Cells:
    """Columns of one chunk; what nobody takes becomes `meta`."""

    def __init__(
        self,
        size: int,
        columns: dict[str, Column] | None = None,
        objects: list[dict[str, Any]] | None = None,
    ) -> None:
        self.size = size
        self._columns = columns
        self._objects = objects or []
        self._taken: set[str] = set()
        self._types: dict[str, set[type]] = {}

    @classmethod
    def of(cls, objects: list[dict[str, Any]]) -> Cells:
        """Cells of decoded objects."""
        keys = set(map(tuple, objects))
        if len(keys) != 1:
            return cls(len(objects), objects=objects)
        columns = zip(*map(dict.values, objects), strict=True)
        return cls(len(objects), dict(zip(keys.pop(), columns, strict=True)), objects)

    @classmethod
    def by_column(cls, columns: Mapping[str, Column], size: int) -> Cells:
        """Cells of what was columns on disk, or was read by column."""
        return cls(size, dict(columns))

    def names(self) -> set[str]:
        """Every column that some record has."""
        return set(self._columns) if self._columns is not None else set().union(*self._objects)

    def column(self, name: str) -> Sequence[Any]:
        """All cells of a column, MISSING where a record lacks it; taken out of `meta`."""
        return objects_of(self.taken(name))

    def taken(self, name: str) -> Column:
        """The same as it was read; a column of polars stays one."""
        self._taken.add(name)
        return self._cells(name)

    def _cells(self, name: str) -> Column:
        if self._columns is None:
            return [o.get(name, MISSING) for o in self._objects]
        return self._columns[name] if name in self._columns else [MISSING] * self.size

    def types(self, name: str) -> set[type]:
        """The Python types that a column holds."""
        if name not in self._types:
            self._types[name] = types_of(self._cells(name))
        return self._types[name]

    def deep(self) -> tuple[int, list[Sequence[Any]]] | None:
        """How many keys every object has, and the columns whose cells may hold more.

        None where the objects do not have the same keys.
        """
        if self._columns is None:
            return None
        deep = [name for name in self._columns if not self.types(name) <= FLAT]
        return len(self._columns), [objects_of(self._columns[name]) for name in deep]

    def objects(self) -> list[dict[str, Any]]:
        """The records as they were, taken columns included."""
        if self._columns is None or self._objects:
            return self._objects
        names = tuple(self._columns)
        rows = zip(*map(objects_of, self._columns.values()), strict=True)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def meta(self, more: Sequence[Mapping[str, Any] | None] | None = None) -> pl.Series:
        """Every cell not taken, as one JSON object a record; null where nothing is left.

        `more` adds keys, record by record.
        """
        if more is None and self._columns is not None:
            return self._column_meta()
        left = self._left()
        if more is not None:
            left = [_added(a, b) for a, b in zip(left, more, strict=True)]
        return pl.Series([exact_json(o) if o else None for o in left], dtype=pl.String)

    def _column_meta(self) -> pl.Series:
        assert self._columns is not None
        left = {k: v for k, v in self._columns.items() if k not in self._taken}
        if not left:
            return constant(None, self.size)
        series = [plain_series(name, values, self.types(name)) for name, values in left.items()]
        if all(s is not None for s in series):
            return pl.select(pl.struct(series).struct.json_encode()).to_series()
        return pl.Series([exact_json(o) for o in self._left()], dtype=pl.String)

    def _left(self) -> list[dict[str, Any]]:
        if self._columns is None:
            taken = self._taken
            return [{k: v for k, v in o.items() if k not in taken} for o in self._objects]
        left = {k: objects_of(v) for k, v in self._columns.items() if k not in self._taken}
        if not left:
            return [{} for _ in range(self.size)]
        names = tuple(left)
        return [dict(zip(names, row, strict=True)) for row in zip(*left.values(), strict=True)]


def _added(cells: dict[str, Any], more: Mapping[str, Any] | None) -> dict[str, Any]:
    """Both together; a name that is taken gets an underscore."""
    for name, value in (more or {}).items():
        while name in cells:
            name += "_"
        cells = {**cells, name: value}
    return cells


def types_of(values: Column) -> set[type]:
    """The Python types of some cells."""
    if not isinstance(values, pl.Series):
        return set(map(type, values))
    found = {EXACT_IN_POLARS[values.dtype]} if values.null_count() < len(values) else set()
    return found | {type(None)} if values.null_count() else found


def objects_of(values: Column) -> Sequence[Any]:
    """Some cells as objects of Python."""
    return values.to_list() if isinstance(values, pl.Series) else values


def plain_series(name: str, values: Column, types: set[type]) -> pl.Series | None:
    """A series of one type whose JSON is exact; None where there is no such type."""
    types = types - {type(None)}
    if len(types) != 1 or not types.issubset(EXACT_IN_POLARS.values()):
        return None
    try:
        return pl.Series(name, values, strict=True)
    except (OverflowError, TypeError, pl.exceptions.PolarsError):
        return None  # an integer beyond 64 bits


def exact_json(value: Any) -> str:
    """JSON text that keeps every digit and every character; dates as ISO text, bytes as base64."""
    try:
        return orjson.dumps(value, default=_as_json).decode()
    except TypeError:  # an integer beyond 64 bits, or keys that are no text
        return json.dumps(
            value, default=_as_json, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )


def sorted_json(value: Any) -> str:
    """The same with sorted keys: equal values give equal text."""
    return json.dumps(
        value,
        default=_as_json,
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
        allow_nan=False,
    )


def _as_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, decimal.Decimal | datetime.timedelta):
        return str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Iterable):
        return list(value)
    return str(value)


def constant(value: str | None, size: int) -> pl.Series:
    """The same text, or null, for every record."""
    return pl.Series([value], dtype=pl.String).new_from_index(0, size)


def as_text(values: Column) -> pl.Series:
    """Any cells as text: text as it is, the rest as its JSON; missing and null as null."""
    types = types_of(values)
    if types <= {str, type(None)}:
        return pl.Series(values, dtype=pl.String)
    if types == {int}:
        try:
            return pl.Series(values, strict=True).cast(pl.String)
        except (OverflowError, TypeError):
            pass  # beyond 64 bits: one by one below
    return pl.Series([_text(v) for v in objects_of(values)], dtype=pl.String)


def _text(value: Any) -> str | None:
    if value is MISSING or value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value if isinstance(value, str) else exact_json(value)
