"""Passages: sentences and lines of prompts that records share without being duplicates.

A system prompt, an instruction with 150 inputs, a paragraph with five questions: two records that
have such a text in common are near-duplicates by the count of their shingles, and yet teach two
things. So a passage that many prompts hold is left out before texts are compared, and of two texts
that were found alike, what is left without the passages of both prompts must be alike as well.

A passage ends with a line, or with the sign that ends a sentence. `ends` says where the prompt in a
text ends; what follows, the answer, is always compared.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from curate.dedup.shingles import Bytes, Numbers, Offsets
from curate.kernel import library
from curate.kernel.library import (
    BYTES,
    COUNT,
    FLOATS,
    LONGS,
    NUMBERS,
    PAIRS,
    held,
    longest,
    within,
)

COMMON = 16  # prompts that hold a passage make it common; fewer are compared pair by pair

TEXTS = (BYTES, LONGS, LONGS)
_passages_of_all = library.function("passages_of_all", *TEXTS, COUNT, NUMBERS, NUMBERS)
_without = library.function("without", *TEXTS, COUNT, NUMBERS, COUNT, BYTES, LONGS, LONGS)
_own_bytes = library.function("own_bytes", BYTES, COUNT, COUNT, COUNT, NUMBERS, COUNT, BYTES)
_in_both = library.function("in_both", *TEXTS, COUNT, COUNT, NUMBERS, NUMBERS, NUMBERS)
_apart_of_all = library.function(
    "apart_of_all", *TEXTS, PAIRS, COUNT, COUNT, NUMBERS, NUMBERS, NUMBERS, BYTES, FLOATS,
    gives=None,
)  # fmt: skip
LEAST_BYTES = int(library.function("least_bytes")())  # of a passage; shorter ones do not count


def passages_of_all(data: Bytes, offsets: Offsets, ends: Offsets) -> Numbers:
    """The passages of every prompt, each once a prompt."""
    sound(data, offsets, ends)
    found = np.empty(len(data) // LEAST_BYTES + 1, np.uint64)
    slots = np.empty(3 * (longest(offsets) // LEAST_BYTES + 1), np.uint64)
    filled = _passages_of_all(data, offsets, ends, len(ends), found, slots)
    return found[:filled].copy()


def without(
    data: Bytes, offsets: Offsets, ends: Offsets, common: Numbers
) -> tuple[Bytes, Offsets, Offsets]:
    """The texts less the passages in `common`; of a prompt of these alone the last one stays."""
    sound(data, offsets, ends)
    kept, starts = np.empty(len(data), np.uint8), np.empty(len(offsets), np.int64)
    prompts = np.empty(len(ends), np.int64)
    told = common, len(common)
    filled = _without(data, offsets, ends, len(ends), *told, kept, starts, prompts)
    return kept[:filled].copy(), starts, prompts


def own_bytes(data: Bytes, start: int, end: int, stop: int, common: Numbers, out: Bytes) -> int:
    """Copy a text less the passages of its prompt that are in `common`; returns its length."""
    held(np.array([start, end, stop]), len(data))
    if len(out) < stop - start:
        raise ValueError(f"room for {len(out)} bytes, of a text of {stop - start}")
    place = int(start), int(end), int(stop)
    return int(_own_bytes(data, *place, common, len(common), out))


def in_both(data: Bytes, offsets: Offsets, ends: Offsets, one: int, other: int) -> Numbers:
    """The passages that two prompts have in common, sorted."""
    sound(data, offsets, ends)
    within(np.array([one, other]), len(ends))
    most = longest(offsets) // LEAST_BYTES + 1
    found, theirs, slots = (np.empty(n * most, np.uint64) for n in (1, 1, 3))
    filled = _in_both(data, offsets, ends, one, other, found, theirs, slots)
    return np.sort(found[:filled])


def apart_from_shared(data: Bytes, offsets: Offsets, ends: Offsets, one: int, other: int) -> float:
    """How alike two texts are without the passages that both prompts hold.

    1, which objects to nothing, where these passages are less than half of either text.
    """
    return float(apart_of_all(data, offsets, ends, np.array([[one, other]]))[0])


def apart_of_all(
    data: Bytes, offsets: Offsets, ends: Offsets, pairs: Offsets
) -> npt.NDArray[np.float64]:
    """The same of every pair of texts."""
    sound(data, offsets, ends)
    within(pairs, len(ends))
    most = longest(offsets)
    passages = np.empty(2 * (most // LEAST_BYTES + 1), np.uint64)
    shingles, slots = np.empty(2 * most + 2, np.uint64), np.empty(3 * most + 3, np.uint64)
    kept, found = np.empty(most, np.uint8), np.empty(len(pairs), np.float64)
    room = passages, shingles, slots, kept
    _apart_of_all(data, offsets, ends, pairs, len(pairs), most, *room, found)
    return found


def sound(data: Bytes, offsets: Offsets, ends: Offsets) -> None:
    """ValueError where a prompt does not end within its text."""
    held(offsets, len(data))
    if len(ends) != len(offsets) - 1 or np.any((ends < offsets[:-1]) | (ends > offsets[1:])):
        raise ValueError("a prompt does not end within its text")
