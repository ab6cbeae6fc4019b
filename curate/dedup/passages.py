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

from curate.dedup.shingles import (
    SPACE,
    STEP,
    Bytes,
    Numbers,
    Offsets,
    compiled,
    mixed,
    shared,
    shingled,
)

LEAST_BYTES = 24  # of a passage; a shorter one cannot make two texts alike
COMMON = 16  # prompts that hold a passage make it common; fewer are compared pair by pair

LINE, STOP, QUESTION, EXCLAMATION = 10, 46, 63, 33
WIDE_STOP = 0xE38082  # 。
WIDE_MARKS = 0xEFBC81, 0xEFBC9F  # ！ ？


@compiled
def passage_end(data: Bytes, start: int, end: int) -> int:
    """Where the passage that begins at `start` ends: behind its last byte."""
    for at in range(start, end):
        byte = int(data[at])
        if byte == LINE:
            return at + 1
        if byte in (STOP, QUESTION, EXCLAMATION) and at + 1 < end and int(data[at + 1]) <= SPACE:
            return at + 1
        if byte >= 0xE3 and at + 2 < end:
            wide = byte << 16 | int(data[at + 1]) << 8 | int(data[at + 2])
            if wide == WIDE_STOP or wide == WIDE_MARKS[0] or wide == WIDE_MARKS[1]:
                return at + 3
    return end


@compiled
def number_of(data: Bytes, start: int, end: int) -> np.uint64:
    """The number of a passage, white space at its ends aside; 0 for one too short to count."""
    while start < end and data[start] <= SPACE:
        start += 1
    while end > start and data[end - 1] <= SPACE:
        end -= 1
    if end - start < LEAST_BYTES:
        return np.uint64(0)
    number = np.uint64(end - start)
    for at in range(start, end):
        number = (number + np.uint64(data[at])) * STEP
    return mixed(number) | np.uint64(1)


@compiled
def passages(data: Bytes, start: int, end: int, out: Numbers) -> int:
    """Write the numbers of the passages of one prompt into `out`; returns how many there are."""
    made = 0
    while start < end:
        after = passage_end(data, start, end)
        number = number_of(data, start, after)
        if number != np.uint64(0):
            out[made] = number
            made += 1
        start = after
    return made


@compiled
def passages_of_all(data: Bytes, offsets: Offsets, ends: Offsets) -> Numbers:
    """The passages of every prompt, each once a prompt."""
    found = np.empty(len(data) // LEAST_BYTES + len(ends) + 1, np.uint64)
    filled = 0
    for text in range(len(ends)):
        made = passages(data, offsets[text], ends[text], found[filled:])
        ordered = np.sort(found[filled : filled + made])
        for at in range(made):
            if at == 0 or ordered[at] != ordered[at - 1]:
                found[filled] = ordered[at]
                filled += 1
    return found[:filled].copy()


@compiled
def holds(numbers: Numbers, number: np.uint64) -> bool:
    """Whether a sorted array holds a number."""
    at = np.searchsorted(numbers, number)
    return bool(at < len(numbers) and numbers[at] == number)


@compiled
def is_blank(data: Bytes, start: int, end: int) -> bool:
    """Whether there is nothing but white space."""
    return not np.any(data[start:end] > SPACE)


@compiled
def without(
    data: Bytes, offsets: Offsets, ends: Offsets, common: Numbers
) -> tuple[Bytes, Offsets, Offsets]:
    """The texts less the passages in `common`; of a prompt of these alone the last one stays."""
    kept = np.empty(len(data), np.uint8)
    starts = np.zeros(len(offsets), np.int64)
    prompts = np.zeros(len(ends), np.int64)
    filled = 0
    for text in range(len(ends)):
        first, last = filled, ends[text]
        at = offsets[text]
        while at < ends[text]:
            after = passage_end(data, at, ends[text])
            if not holds(common, number_of(data, at, after)):
                kept[filled : filled + after - at] = data[at:after]
                filled += after - at
            else:
                last = at
            at = after
        if is_blank(kept, first, filled):
            filled = first + ends[text] - last
            kept[first:filled] = data[last : ends[text]]
        prompts[text] = filled
        answer = offsets[text + 1] - ends[text]
        kept[filled : filled + answer] = data[ends[text] : offsets[text + 1]]
        filled += answer
        starts[text + 1] = filled
    return kept[:filled].copy(), starts, prompts


@compiled
def own_bytes(data: Bytes, start: int, end: int, stop: int, common: Numbers, out: Bytes) -> int:
    """Copy a text less the passages of its prompt that are in `common`; returns its length."""
    filled, at = 0, start
    while at < end:
        after = passage_end(data, at, end)
        if not holds(common, number_of(data, at, after)):
            out[filled : filled + after - at] = data[at:after]
            filled += after - at
        at = after
    out[filled : filled + stop - end] = data[end:stop]
    return filled + stop - end


@compiled
def in_both(data: Bytes, offsets: Offsets, ends: Offsets, one: int, other: int) -> Numbers:
    """The passages that two prompts have in common, sorted."""
    room = max(ends[one] - offsets[one], ends[other] - offsets[other]) // LEAST_BYTES + 1
    first, second = np.empty(room, np.uint64), np.empty(room, np.uint64)
    mine = passages(data, offsets[one], ends[one], first)
    theirs = np.sort(second[: passages(data, offsets[other], ends[other], second)])
    filled = 0
    for at in range(mine):
        if holds(theirs, first[at]):
            first[filled] = first[at]
            filled += 1
    return np.sort(first[:filled])


@compiled
def apart_from_shared(data: Bytes, offsets: Offsets, ends: Offsets, one: int, other: int) -> float:
    """How alike two texts are without the passages that both prompts hold.

    1, which objects to nothing, where these passages are less than half of either text.
    """
    common = in_both(data, offsets, ends, one, other)
    if len(common) == 0:
        return 1.0
    found = np.empty(
        offsets[one + 1] - offsets[one] + offsets[other + 1] - offsets[other] + 2, np.uint64
    )
    kept = np.empty(len(found), np.uint8)
    bounds = np.zeros(3, np.int64)
    mostly_shared = False
    for side in range(2):
        text = one if side == 0 else other
        start, stop = offsets[text], offsets[text + 1]
        size = own_bytes(data, start, ends[text], stop, common, kept)
        mostly_shared |= 2 * size <= stop - start
        made = shingled(kept, 0, size, found[bounds[side] :])
        own = np.unique(found[bounds[side] : bounds[side] + made])
        bounds[side + 1] = bounds[side] + len(own)
        found[bounds[side] : bounds[side + 1]] = own
    if not mostly_shared:
        return 1.0
    if bounds[2] == 0:
        return 1.0
    alike = shared(found, bounds, 0, 1)
    return float(alike) / float(bounds[2] - alike)


@compiled
def apart_of_all(
    data: Bytes, offsets: Offsets, ends: Offsets, pairs: Offsets
) -> npt.NDArray[np.float64]:
    """The same of every pair of texts."""
    found = np.empty(len(pairs), np.float64)
    for at in range(len(pairs)):
        found[at] = apart_from_shared(data, offsets, ends, pairs[at, 0], pairs[at, 1])
    return found
