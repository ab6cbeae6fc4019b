"""Shingles: a text as the set of its runs of five tokens, each run a 64-bit number.

A token is a word between white space, or a single character of a script that puts no space between
words (Japanese, Chinese, Thai, Lao, Khmer, Burmese): so one rule serves every language, and a text
that mixes them. A text of fewer than five tokens is one shingle, the whole of it; only a text
without any token has none, and is like no other.

Everything here is compiled by numba and works on UTF-8 bytes: `data` holds texts end to end, text
number i stands at offsets[i]:offsets[i + 1]. Integers only, so every machine finds the same.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]

TOKENS = 5  # of a shingle

# Odd 64-bit constants with well spread bits; STEP_2 = STEP ** 2 and so on.
STEP = np.uint64(0x9E3779B97F4A7C15)
STEP_2, STEP_3, STEP_4 = (np.uint64(pow(0x9E3779B97F4A7C15, n, 1 << 64)) for n in (2, 3, 4))
SPREAD = np.uint64(0xD6E8FEB86659FD93)
LETTER = np.uint64(0xC2B2AE3D27D4EB4F)
SHORT = np.uint64(0xA0761D6478BD642F)
HALF = np.uint64(32)
ZERO = np.uint64(0)
FREE = np.uint64(0xFFFFFFFFFFFFFFFF)
EACH = np.uint64(0x0101010101010101)  # times a byte: that byte eight times
PLACES = np.uint64(0x0001020304050607)  # times 256 ** n: n in the highest byte
BEYOND_ASCII = np.uint64(1 << 63)  # no eight bytes of ASCII have this bit

SPACE, IDEOGRAPHIC_SPACE = 0x20, 0x3000
THAI_TO_LAO = 0x0E00, 0x0EFF
BURMESE = 0x1000, 0x109F
KHMER = 0x1780, 0x17FF
CJK_SIGNS_TO_KANJI = 0x3001, 0x9FFF  # punctuation, kana, bopomofo, ideographs
CJK_COMPATIBLE = 0xF900, 0xFAFF
WIDE_FORMS = 0xFF01, 0xFFEF
CJK_BEYOND = 0x20000, 0x3FFFF

compiled = njit(nogil=True, cache=True, boundscheck=False)
inlined = njit(nogil=True, cache=True, boundscheck=False, inline="always")


@inlined
def mixed(number: np.uint64) -> np.uint64:
    """Spread every bit over all bits."""
    number ^= number >> HALF
    number *= SPREAD
    number ^= number >> HALF
    number *= SPREAD
    return number ^ (number >> HALF)


@inlined
def character(data: Bytes, at: int) -> tuple[int, int]:
    """The code point of the character that begins here, and how many bytes it takes."""
    lead = int(data[at])
    if lead < 0x80:
        return lead, 1
    second = int(data[at + 1]) & 0x3F
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | second, 2
    third = int(data[at + 2]) & 0x3F
    if lead < 0xF0:
        return (lead & 0x0F) << 12 | second << 6 | third, 3
    return (lead & 0x07) << 18 | second << 12 | third << 6 | (int(data[at + 3]) & 0x3F), 4


@inlined
def is_unspaced(code: int) -> bool:
    """Whether a character belongs to a script without spaces, and so is a token of its own."""
    if code < THAI_TO_LAO[0]:
        return False
    return (
        (CJK_SIGNS_TO_KANJI[0] <= code <= CJK_SIGNS_TO_KANJI[1])
        or (WIDE_FORMS[0] <= code <= WIDE_FORMS[1])
        or code <= THAI_TO_LAO[1]
        or (BURMESE[0] <= code <= BURMESE[1])
        or (KHMER[0] <= code <= KHMER[1])
        or (CJK_COMPATIBLE[0] <= code <= CJK_COMPATIBLE[1])
        or (CJK_BEYOND[0] <= code <= CJK_BEYOND[1])
    )


@inlined
def eight_bytes(data: Bytes, at: int, end: int) -> np.uint64:
    """Eight bytes from here as one number, the first one lowest; zeros stand beyond the end."""
    chunk = ZERO
    if at + 8 > len(data):
        for n in range(end - at):
            chunk |= np.uint64(data[at + n]) << np.uint64(8 * n)
        return chunk
    place = np.uint64(at)
    for shift in range(8):  # becomes one load
        chunk |= np.uint64(data[place + np.uint64(shift)]) << np.uint64(8 * shift)
    return lowest(chunk, end - at)


@inlined
def lowest(chunk: np.uint64, count: int) -> np.uint64:
    """The number with all but its first bytes set to zero."""
    if count >= 8:
        return chunk
    return chunk & ((np.uint64(1) << np.uint64(8 * count)) - np.uint64(1))


@inlined
def letters_in(chunk: np.uint64) -> int:
    """How many bytes from the first on are ASCII beyond the space: 0 to 8."""
    others = ((chunk - EACH * np.uint64(SPACE + 1)) | chunk) & EACH * np.uint64(0x80)
    if others == ZERO:
        return 8
    first = (others & (~others + np.uint64(1))) >> np.uint64(7)  # 256 ** its place
    return int(np.int64(first * PLACES >> np.uint64(56)))


@compiled
def tokenised(data: Bytes, start: int, end: int, out: Numbers) -> int:
    """Write the tokens of one text into `out`, as numbers; returns how many there are.

    ASCII, most of the text, goes eight bytes at a time.
    """
    word, made = ZERO, 0
    inside = False
    at = start
    while at < end:
        chunk = eight_bytes(data, at, end)
        letters = letters_in(chunk)
        if letters > 0:
            word = (word ^ lowest(chunk, letters)) * LETTER
            inside = True
            at += letters
            if letters == 8 or at == end:
                continue
        code, width = character(data, at)
        at += width
        alone = is_unspaced(code)
        if not alone and code > SPACE and code != IDEOGRAPHIC_SPACE:
            word = (word ^ (np.uint64(code) | BEYOND_ASCII)) * LETTER
            inside = True
            continue
        if inside:
            out[made] = mixed(word)
            made += 1
            word, inside = ZERO, False
        if alone:
            out[made] = mixed(np.uint64(code) + LETTER)
            made += 1
    if inside:
        out[made] = mixed(word)
        made += 1
    return made


@compiled
def shingled(data: Bytes, start: int, end: int, out: Numbers) -> int:
    """Write the shingles of one text into `out`, as they come; returns how many there are.

    `out` has room for one more number than the text has bytes. A shingle is a polynomial of its
    tokens, mixed.
    """
    tokens = tokenised(data, start, end, out)
    if tokens == 0:
        return 0
    if tokens < TOKENS:
        whole = SHORT * np.uint64(tokens)
        for at in range(tokens):
            whole = whole * STEP + out[at]
        out[0] = mixed(whole)
        return 1
    for at in range(tokens - TOKENS + 1):
        early = out[at] * STEP_4 + out[at + 1] * STEP_3 + out[at + 2] * STEP_2
        out[at] = mixed(early + out[at + 3] * STEP + out[at + 4])
    return tokens - TOKENS + 1


@compiled
def in_order(numbers: Numbers, slots: Numbers) -> int:
    """Sort the shingles of a text in place, each kept once; returns how many are left.

    They are spread evenly, so each goes straight to its place among `slots`, three for each, or
    next to it: a quarter of the time of sorting. FREE itself, one in 2 ** 64, would be left out.
    """
    room, spread = 3 * len(numbers), np.uint64(2 * len(numbers))
    slots[:room] = FREE
    for number in numbers:
        at = np.int64((number >> HALF) * spread >> HALF)
        while slots[at] < number:
            at += 1
        if slots[at] == number:
            continue
        while number != FREE:  # the greater ones behind it move on by one
            slots[at], number = number, slots[at]
            at += 1
    filled = 0
    for number in slots[:room]:
        if number != FREE:
            numbers[filled] = number
            filled += 1
    return filled


@compiled
def sets(data: Bytes, offsets: Offsets) -> tuple[Numbers, Offsets]:
    """The set of shingles of every text, sorted: numbers end to end, and their offsets."""
    size = len(offsets) - 1
    found = np.empty(len(data) + 1, np.uint64)
    slots = np.empty(3 * len(data) + 1, np.uint64)  # more than are ever touched
    bounds = np.zeros(size + 1, np.int64)
    filled = 0
    for text in range(size):
        made = shingled(data, offsets[text], offsets[text + 1], found[filled:])
        filled += in_order(found[filled : filled + made], slots)
        bounds[text + 1] = filled
    return found[:filled].copy(), bounds


@compiled
def shared(numbers: Numbers, bounds: Offsets, one: int, other: int) -> int:
    """How many shingles two sorted sets have in common."""
    a, a_end = bounds[one], bounds[one + 1]
    b, b_end = bounds[other], bounds[other + 1]
    count = 0
    while a < a_end and b < b_end:
        left, right = numbers[a], numbers[b]
        count += left == right
        a += left <= right
        b += right <= left
    return count
