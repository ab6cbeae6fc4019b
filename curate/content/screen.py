"""Screen: what bytes the texts of a column hold, asked where polars keeps them, without a copy.

A check that can only find something beyond ASCII, or among control characters, thus leaves nearly
all texts alone, at the speed of memory.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache, partial

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.kernel import library
from curate.kernel.library import BYTES, POINTER
from curate.kernel.views import lent

Bytes = npt.NDArray[np.uint8]

WIDE, CONTROL, ANY = np.uint8(1), np.uint8(2), np.uint8(255)
RANGE = re.compile(r"(.)(?:-(.))?", re.DOTALL)

_kinds_of_all = library.function("kinds_of_all", POINTER, BYTES, gives=None)
_holding = library.function("holding", POINTER, BYTES, BYTES, gives=None)


def is_wide(texts: pl.Series) -> pl.Series:
    """Whether each text holds more than ASCII; null stays null."""
    wide = _asked(texts, _kinds_of_all, WIDE)
    return wide.set(texts.is_null(), None) if texts.null_count() else wide


def has_control(texts: pl.Series) -> pl.Series:
    """Whether each text holds an ASCII control character other than tab and line feed."""
    return _asked(texts, _kinds_of_all, CONTROL)


def holds_one_of(characters: str, texts: pl.Series) -> pl.Series:
    """Whether each text holds one of the characters beyond ASCII of a class, such as "ァ-ヴー"."""
    return _asked(texts, partial(_with, chosen(characters)), ANY)


def _with(table: Bytes, column: int, out: Bytes) -> None:
    _holding(column, table, out)


@cache
def chosen(characters: str) -> Bytes:
    """A table of all code points, 1 where one is in the class; "-" stands between two ends."""
    table = np.zeros(sys.maxunicode + 1, np.uint8)
    for first, last in RANGE.findall(characters):
        table[ord(first) : ord(last or first) + 1] = 1
    return table


def _asked(texts: pl.Series, kernel: Callable[..., None], kind: np.uint8) -> pl.Series:
    """Whether the kernel says a kind of each text; it says none of a text that is not there."""
    if texts.dtype != pl.String:
        raise TypeError(f"a column of texts is needed, not one of {texts.dtype}")
    said = np.zeros(len(texts), np.uint8)
    if len(texts):
        with lent(texts) as column:
            kernel(column, said)
    return pl.Series(texts.name, (said & kind).astype(np.bool_))
