"""Screen: what bytes the texts of a column hold, asked where polars keeps them, without a copy.

Polars lends its columns as Arrow's C stream (https://arrow.apache.org/docs/format/CStreamInterface.html):
chunks, each with a view of every text. A check that can only find something beyond ASCII, or among
control characters, thus leaves nearly all texts alone, at the speed of memory.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import numpy as np
import polars as pl

from curate.kernel import library
from curate.kernel.library import BYTES, COUNT

WIDE, CONTROL = np.uint8(1), np.uint8(2)

POINTER = ctypes.c_void_p
VALID, VIEWS, DATA = 0, 1, 2  # buffers of a chunk; from DATA on, the bytes of long texts


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
_screened = library.function("screened", COUNT, COUNT, POINTER, POINTER, POINTER, BYTES, gives=None)
_opened = ctypes.pythonapi.PyCapsule_GetPointer
_opened.argtypes, _opened.restype = (ctypes.py_object, ctypes.c_char_p), POINTER


def is_wide(texts: pl.Series) -> pl.Series:
    """Whether each text holds more than ASCII; null stays null."""
    return _holds(texts, WIDE)


def has_control(texts: pl.Series) -> pl.Series:
    """Whether each text holds an ASCII control character other than tab and line feed."""
    return _holds(texts, CONTROL)


def _holds(texts: pl.Series, kind: np.uint8) -> pl.Series:
    found = pl.Series(texts.name, (_kinds(texts) & kind).astype(np.bool_))
    return found.set(texts.is_null(), None) if texts.null_count() else found


def _kinds(texts: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The kinds of bytes in each text."""
    kinds = np.empty(len(texts), np.uint8)
    done = 0
    for chunk in _chunks(texts):
        out = kinds[done : done + chunk.length]
        lent, data = chunk.buffers, ctypes.addressof(chunk.buffers.contents)
        data += DATA * ctypes.sizeof(POINTER)
        _screened(chunk.length, chunk.offset, lent[VALID], lent[VIEWS], data, out)
        done += chunk.length
    return kinds


def _chunks(texts: pl.Series) -> Iterator[_Chunk]:
    """The chunks of a column of texts, each lent until the next is asked for."""
    if texts.dtype != pl.String:
        raise TypeError(f"a column of texts is needed, not one of {texts.dtype}")
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
