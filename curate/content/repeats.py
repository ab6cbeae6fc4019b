"""Repeats: texts in which a piece comes back, told apart very fast from the many others."""

from __future__ import annotations

import numpy as np
import polars as pl

from curate.kernel import library
from curate.kernel.library import BYTES, COUNT, POINTER
from curate.kernel.views import lent

SHORTEST = 8  # bytes of a piece that C can look for

_repeating = library.function("repeating", POINTER, COUNT, COUNT, COUNT, BYTES, gives=None)


def repeating(texts: pl.Series, *, piece: int, least: int, long: int) -> pl.Series:
    """Which texts of `least` bytes have the `piece` bytes of their middle again behind it.

    Or, of those of `long` bytes, one and a half such pieces from before their end again before
    the last piece. A text that is not there has none.
    """
    if not SHORTEST <= piece <= least / 3 <= long / 3:
        raise ValueError(f"pieces of {piece} bytes cannot be looked for in texts of {least}")
    found = np.zeros(len(texts), np.uint8)
    if len(texts):
        with lent(texts) as column:
            _repeating(column, piece, least, long, found)
    return pl.Series(texts.name, found.astype(np.bool_))
