"""Flat lines: the fast way to read what most data sets are, JSON Lines of flat objects.

The columns of a chunk are made from where its values lie (`curate.raw.flat`); a chunk of anything
else is declined, and read the exact way.
"""

from __future__ import annotations

import polars as pl

from curate.raw.cells import Cells
from curate.raw.flat import NOTHING, NUMBER, TEXT, Flat, flat
from curate.raw.strings import series
from curate.sources.limits import Limits


def cells(data: bytes, limits: Limits) -> Cells | None:
    """The columns of these lines; None where they are not what is read here."""
    found = flat(data, limits)
    if found is None:
        return None
    return Cells.by_column({name: _column(found, name) for name in found.columns}, found.rows)


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
