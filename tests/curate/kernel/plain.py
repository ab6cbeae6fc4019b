"""What the kernels compute, by the plainest means: one byte after the other, whole numbers of Python."""

from __future__ import annotations

STEP, SPREAD = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
LETTER, SHORT, BEYOND_ASCII = 0xC2B2AE3D27D4EB4F, 0xA0761D6478BD642F, 1 << 63
ANSWERED = 0x8EBC6AF09C88C6E3
UNSPACED = [
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3001, 0x9FFF),
    (0xF900, 0xFAFF), (0xFF01, 0xFFEF), (0x20000, 0x3FFFF),
]  # fmt: skip
MARKS = [mark.encode() for mark in "。！？"]
SPACES = bytes(range(0x21))


def mixed(number: int) -> int:
    for _ in range(2):
        number = (number ^ number >> 32) * SPREAD % (1 << 64)
    return number ^ number >> 32


def character(text: bytes, at: int) -> tuple[int, int]:
    """The code point and the width; what is cut off counts as zeros."""
    lead = text[at]
    leads = (1, 0x80, 0x7F), (2, 0xE0, 0x1F), (3, 0xF0, 0x0F), (4, 0x100, 0x07)
    width, _, bits = next(one for one in leads if lead < one[1])
    code = lead & bits
    for n in range(1, width):
        code = code << 6 | (text[at + n] & 0x3F if at + n < len(text) else 0)
    return code, width


def tokens(text: bytes) -> list[int]:
    """A word is folded eight ASCII letters at a time, or fewer in front of what is none."""
    found: list[int] = []
    word, at = None, 0
    while at < len(text):
        letters = letters_in(text[at : at + 8])
        if letters:
            chunk = int.from_bytes(text[at : at + letters], "little")
            word = ((word or 0) ^ chunk) * LETTER % (1 << 64)
            at += letters
            if letters == 8 or at == len(text):
                continue
        code, width = character(text, at)
        at += width
        alone = any(first <= code <= last for first, last in UNSPACED)
        if not alone and code > 0x20 and code != 0x3000:
            word = ((word or 0) ^ (code | BEYOND_ASCII)) * LETTER % (1 << 64)
            continue
        found += ended(word)
        word = None
        found += ended((code + LETTER) % (1 << 64) if alone else None)
    return found + ended(word)


def letters_in(chunk: bytes) -> int:
    return next((at for at, byte in enumerate(chunk) if not 0x20 < byte < 0x80), len(chunk))


def ended(word: int | None) -> list[int]:
    return [] if word is None else [mixed(word)]


def shingles(text: bytes) -> list[int]:
    found = tokens(text)
    if not found:
        return []
    first = SHORT * len(found) if len(found) < 5 else 0
    runs = [found] if len(found) < 5 else [found[at : at + 5] for at in range(len(found) - 4)]
    numbers = []
    for run in runs:
        number = first
        for token in run:
            number = number * STEP + token
        numbers.append(mixed(number % (1 << 64)))
    return numbers


def passages(prompt: bytes) -> list[tuple[int, bytes]]:
    """The passages with their numbers."""
    found, start = [], 0
    for at in range(len(prompt)):
        if at < start:
            continue
        byte, rest = prompt[at : at + 1], prompt[at + 1 : at + 2]
        if byte == b"\n" or (byte in b".?!" and rest and rest in SPACES):
            end = at + 1
        elif prompt[at : at + 3] in MARKS:
            end = at + 3
        else:
            continue
        found.append(prompt[start:end])
        start = end
    if start < len(prompt):
        found.append(prompt[start:])
    return [(number_of(passage), passage) for passage in found]


def number_of(passage: bytes) -> int:
    bare = passage.strip(SPACES)
    number = len(bare)
    for byte in bare:
        number = (number + byte) * STEP % (1 << 64)
    return mixed(number) | 1 if len(bare) >= 24 else 0


def without(prompt: bytes, common: set[int]) -> bytes:
    """What is left; the last passage that was left out, and what follows, where nothing is."""
    every = passages(prompt)
    left = b"".join(passage for number, passage in every if number not in common)
    if left.strip(SPACES):
        return left
    last = max((n for n, (number, _) in enumerate(every) if number in common), default=len(every))
    return b"".join(passage for _, passage in every[last:])


def less(prompt: bytes, common: set[int]) -> bytes:
    return b"".join(passage for number, passage in passages(prompt) if number not in common)


def by_side(prompt: bytes, answer: bytes) -> set[int]:
    """The shingles of a record, those that begin in the answer told apart."""
    asked = len(tokens(prompt))
    every = shingles(prompt + answer)
    return {*every[:asked]} | {mixed((n + ANSWERED) % (1 << 64)) for n in every[asked:]}


def apart(one: tuple[bytes, bytes], other: tuple[bytes, bytes]) -> float:
    mine, theirs = ({number for number, _ in passages(text[0]) if number} for text in (one, other))
    common, same = mine & theirs, one[0] == other[0] != b""
    if not common and not same:
        return 1.0
    left = [(b"" if same else less(prompt, common)) + answer for prompt, answer in (one, other)]
    if not any(2 * len(o) <= len(a + b) for o, (a, b) in zip(left, (one, other), strict=True)):
        return 1.0
    a, b = ({*shingles(text)} for text in left)
    return len(a & b) / len(a | b) if a | b else 1.0
