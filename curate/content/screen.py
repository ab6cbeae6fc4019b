"""Screen: what bytes the texts of a column hold, asked where polars keeps them, without a copy.

Polars lends its columns as Arrow's C stream (https://arrow.apache.org/docs/format/CStreamInterface.html):
chunks, each with a view of every text. A check that can only find something beyond ASCII, or among
control characters, thus leaves nearly all texts alone, at the speed of memory.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.kernel import library
from curate.kernel.library import BYTES, COUNT

Bytes = npt.NDArray[np.uint8]

WIDE, CONTROL, ANY = np.uint8(1), np.uint8(2), np.uint8(255)
RANGE = re.compile(r"(.)(?:-(.))?", re.DOTALL)

POINTER = ctypes.c_void_p
VIEWS, DATA = 1, 2  # buffers of a chunk; from DATA on, the bytes of long texts
VIEW = 16  # bytes


class _Chunk(ctypes.Structure):
    """Arrow's ArrowArray."""


class _Stream(ctypes.Structure):
    """Arrow's ArrowArrayStream."""


_Chunk._fields_ = [
    ("length", COUNT),
    ("null_count", COUNT),
    ("offset", COUNT),
    ("n_buffers", COUNT),
    ("n_children", COUNT),
    ("buffers", ctypes.POINTER(POINTER)),
    ("children", POINTER),
    ("dictionary", POINTER),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Chunk))),
    ("private_data", POINTER),
]
_Stream._fields_ = [
    ("get_schema", POINTER),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Chunk))),
    ("get_last_error", POINTER),
    ("release", POINTER),
    ("private_data", POINTER),
]
_kinds_of_all = library.function("kinds_of_all", COUNT, POINTER, POINTER, BYTES, gives=None)
_holding = library.function("holding", COUNT, POINTER, POINTER, BYTES, BYTES, gives=None)
_opened = ctypes.pythonapi.PyCapsule_GetPointer
_opened.argtypes, _opened.restype = (ctypes.py_object, ctypes.c_char_p), POINTER


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


def _with(table: Bytes, count: int, views: int, data: int, out: Bytes) -> None:
    _holding(count, views, data, table, out)


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
    said = np.empty(len(texts), np.uint8)
    done = 0
    for chunk in _chunks(texts.fill_null("")):
        data = ctypes.addressof(chunk.buffers.contents) + DATA * ctypes.sizeof(POINTER)
        views = (chunk.buffers[VIEWS] or 0) + VIEW * chunk.offset
        kernel(chunk.length, views, data, said[done : done + chunk.length])
        done += chunk.length
    return pl.Series(texts.name, (said & kind).astype(np.bool_))


def _chunks(texts: pl.Series) -> Iterator[_Chunk]:
    """The chunks of a column of texts, each lent until the next is asked for."""
    capsule = texts.__arrow_c_stream__()
    stream = _Stream.from_address(_opened(capsule, b"arrow_array_stream"))
    while True:
        chunk = _Chunk()
        if stream.get_next(stream, chunk):
            raise MemoryError("polars could not lend a column")
        if not chunk.release:
            return
        try:
            yield chunk
        finally:
            chunk.release(chunk)
