"""Views: the texts of polars' columns where they lie, for C to read without a copy.

polars lends a column through the Arrow C data interface: as views, sixteen bytes for each text,
which hold a short text or say where a longer one lies (`column` in curate/kernel/kernel.h).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_int64, c_void_p
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.kernel import library
from curate.kernel.library import POINTER as ADDRESS

VIEWS = b"vu"  # what the interface calls texts in views

_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.argtypes, _pointer.restype = (ctypes.py_object, c_char_p), c_void_p

_first_text = library.function("first_text", ADDRESS, POINTER(c_int64), gives=ADDRESS)

RELEASE = CFUNCTYPE(None, c_void_p)
GET = CFUNCTYPE(c_int, c_void_p, c_void_p)


class Schema(ctypes.Structure):
    """ArrowSchema: what is lent."""

    _fields_ = (
        ("format", c_char_p), ("name", c_char_p), ("metadata", c_void_p),
        ("flags", c_int64), ("n_children", c_int64),
        ("children", c_void_p), ("dictionary", c_void_p),
        ("release", RELEASE), ("private_data", c_void_p),
    )  # fmt: skip


class Column(ctypes.Structure):
    """ArrowArray: where it lies."""

    _fields_ = (
        ("length", c_int64), ("null_count", c_int64), ("offset", c_int64),
        ("n_buffers", c_int64), ("n_children", c_int64),
        ("buffers", c_void_p), ("children", c_void_p), ("dictionary", c_void_p),
        ("release", RELEASE), ("private_data", c_void_p),
    )  # fmt: skip


class Stream(ctypes.Structure):
    """ArrowArrayStream: lends one piece of a column after the other."""

    _fields_ = (
        ("get_schema", GET), ("get_next", GET), ("get_last_error", c_void_p),
        ("release", RELEASE), ("private_data", c_void_p),
    )  # fmt: skip


def borrowed(texts: pl.Series) -> Column:
    """The column, which is ours until it is released. There must be a text at least."""
    whole = texts.rechunk()
    capsule = whole.__arrow_c_stream__()
    at = _pointer(capsule, b"arrow_array_stream")
    stream = ctypes.cast(at, POINTER(Stream)).contents
    schema, column = Schema(), Column()
    if stream.get_schema(at, byref(schema)):
        raise TypeError("polars does not say what it lends")
    kind = schema.format
    schema.release(byref(schema))
    if kind != VIEWS or stream.get_next(at, byref(column)) or column.length != len(texts):
        raise TypeError(f"polars lends {kind!r} where texts in views are read")
    return column


@contextmanager
def lent(texts: pl.Series) -> Iterator[Any]:
    """A pointer to the column; it holds within the block. There must be a text at least."""
    column = borrowed(texts)
    try:
        yield ctypes.addressof(column)
    finally:
        column.release(byref(column))


class Whole:
    """One text of polars as an array of its bytes, which keeps it."""

    def __init__(self, text: pl.Series) -> None:
        self._column = borrowed(text)
        size = c_int64()
        at = _first_text(ctypes.addressof(self._column), byref(size))
        self.__array_interface__ = {
            "shape": (size.value,), "typestr": "|u1", "data": (at, True), "version": 3
        }  # fmt: skip

    def __del__(self) -> None:
        self._column.release(byref(self._column))

    def bytes(self) -> npt.NDArray[np.uint8]:
        """The bytes, read only; numpy keeps this object as long as the array is there."""
        return np.asarray(self)
