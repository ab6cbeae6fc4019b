"""Shingles: a text as the set of its runs of five tokens, each run a 64-bit number.

A token is a word between white space, or a single character of a script that puts no space between
words (Japanese, Chinese, Thai, Lao, Khmer, Burmese): so one rule serves every language, and a text
that mixes them. A text of fewer than five tokens is one shingle, the whole of it; only a text
without any token has none, and is like no other.

The work is done in C (curate/kernel/shingles.c), on UTF-8 bytes: `data` holds texts end to end,
text number i stands at offsets[i]:offsets[i + 1]. Integers only, so every machine finds the same.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from curate.kernel import library
from curate.kernel.library import BYTES, COUNT, LONGS, NUMBERS, held, longest, within

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]

STEP = np.uint64(0x9E3779B97F4A7C15)  # odd, with well spread bits


class Room(threading.local):
    """Where numbers are written that are soon done with, one a thread: new memory each time would
    cost as much as the work."""

    def __init__(self) -> None:
        self._numbers: Numbers = np.empty(0, np.uint64)

    def of(self, size: int) -> Numbers:
        """Room for so many numbers, which hold until it is asked for again."""
        if size > len(self._numbers):
            self._numbers = np.empty(size, np.uint64)
        return self._numbers


ROOM = Room()

_tokenised = library.function("tokenised", BYTES, COUNT, COUNT, COUNT, NUMBERS)
_sets = library.function("sets", BYTES, COUNT, LONGS, COUNT, NUMBERS, NUMBERS, LONGS)
_shared = library.function("shared", NUMBERS, LONGS, COUNT, COUNT)
_numbered = library.function("numbered", BYTES, COUNT, LONGS, COUNT, NUMBERS)


def tokenised(data: Bytes, start: int, end: int, out: Numbers) -> int:
    """Write the tokens of one text into `out`, as numbers; returns how many there are.

    `out` has room for as many numbers as the text has bytes.
    """
    held(np.array([start, end]), len(data))
    if len(out) < end - start:
        raise ValueError(f"room for {len(out)} tokens, of a text of {end - start} bytes")
    return int(_tokenised(data, len(data), start, end, out))


class Sets(NamedTuple):
    """The sets of shingles of some texts, each sorted: numbers end to end, and their offsets."""

    numbers: Numbers
    bounds: Offsets


def sets(data: Bytes, offsets: Offsets) -> Sets:
    """The set of shingles of every text."""
    held(offsets, len(data))
    found = ROOM.of(int(offsets[-1] - offsets[0]) + 1)
    slots = np.empty(3 * longest(offsets) + 3, np.uint64)
    bounds = np.empty(len(offsets), np.int64)
    filled = _sets(data, len(data), offsets, len(offsets) - 1, found, slots, bounds)
    return Sets(found[:filled].copy(), bounds)


def shared(numbers: Numbers, bounds: Offsets, one: int, other: int) -> int:
    """How many shingles two sorted sets have in common."""
    held(bounds, len(numbers))
    within(np.array([one, other]), len(bounds) - 1)
    return int(_shared(numbers, bounds, one, other))


def count_of_shingles(data: Bytes, offsets: Offsets) -> int:
    """How many shingles there are, equal ones of a text too; `bench.dedup` asks what that costs."""
    held(offsets, len(data))
    room = np.empty(longest(offsets) + 1, np.uint64)
    return int(_numbered(data, len(data), offsets, len(offsets) - 1, room))
