"""Library: the compiled kernels, and how they are called from Python.

A function takes arrays and whole numbers; an array of another type, with gaps, or of another
number of dimensions is refused before C sees it. Python's lock is free while it runs. Whether
offsets lie inside their texts is asked here too: C takes them as they are.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from curate.errors import CurateError
from curate.kernel.building import LIBRARY, fingerprint, sources

Array = npt.NDArray[Any]

CURE = "in the folder of its sources: pip install -e ."


class NoKernel(CurateError, ImportError):
    """The compiled kernels are not here, or are not those of these sources."""


def array(kind: npt.DTypeLike, dimensions: int = 1) -> Any:
    """The type of an argument: an array without gaps."""
    return np.ctypeslib.ndpointer(kind, dimensions, flags="C_CONTIGUOUS")


BYTES, NUMBERS, LONGS = array(np.uint8), array(np.uint64), array(np.int64)
FACTORS, INTS, FLOATS = array(np.uint32), array(np.int32), array(np.float64)
PAIRS = array(np.int64, 2)
COUNT, NUMBER = ctypes.c_int64, ctypes.c_uint64
POINTER = ctypes.c_void_p


@cache
def loaded() -> ctypes.CDLL:
    """The library; NoKernel where it is missing, or older than its sources."""
    try:
        library = ctypes.CDLL(str(LIBRARY))
        library.fingerprint.restype = ctypes.c_char_p
        built = library.fingerprint().decode()
    except (OSError, AttributeError) as error:
        raise NoKernel(f"curate's compiled kernels cannot be loaded ({error}); {CURE}") from error
    files = sources()
    if files and built != fingerprint(files):
        raise NoKernel(f"{LIBRARY} is older than its sources; {CURE}")
    return library


def function(name: str, *takes: Any, gives: Any = COUNT) -> Callable[..., Any]:
    """One function of the library."""
    found = loaded()[name]
    found.argtypes, found.restype = takes, gives
    return found


def held(offsets: npt.NDArray[np.int64], size: int) -> None:
    """ValueError where a text would begin before the one in front, or end beyond the data."""
    if not len(offsets) or offsets[0] < 0 or offsets[-1] > size or np.any(np.diff(offsets) < 0):
        raise ValueError(f"offsets do not lie in order within 0 and {size}")


def within(numbers: Array, count: int) -> None:
    """ValueError where one of these numbers is none of `count` texts."""
    if numbers.size and (numbers.min() < 0 or numbers.max() >= count):
        raise ValueError(f"there are {count} texts, numbered from 0")


def longest(offsets: npt.NDArray[np.int64]) -> int:
    """The length of the longest text."""
    return int(np.diff(offsets).max(initial=0))
