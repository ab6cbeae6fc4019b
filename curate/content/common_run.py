"""The longest run of characters around a place that two texts share, and whether it is telling."""

from __future__ import annotations

import re

WORDS = 13  # the length that is usual for finding test text in training text
CJK_CHARACTERS = 30

_CJK = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]")


def common_run(text: str, at: int, size: int, other: str) -> str:
    """What `text` and `other` share around the `size` bytes that begin at byte `at` of `text`.

    Words cut at the ends are left out. Empty where `other` does not hold those bytes.
    """
    raw = text.encode()
    inside_character = 0x80 <= raw[at] < 0xC0
    start = len(raw[:at].decode(errors="ignore")) + inside_character
    end = start + len(raw[at : at + size].decode(errors="ignore"))
    there = other.find(text[start:end])
    if there < 0:
        return ""
    left = _shared(text[:start][::-1], other[:there][::-1])
    right = _shared(text[end:], other[there + end - start :])
    start, end, there = start - left, end + right, there - left
    run = text[start:end]
    if _cut(text, start) or _cut(other, there):
        run = re.sub(r"^[a-z0-9]+", "", run)
    if _cut(text, end) or _cut(other, there + end - start):
        run = re.sub(r"[a-z0-9]+$", "", run)
    return run.strip()


def telling(run: str) -> bool:
    """Whether a shared run is too long to be chance."""
    return len(run.split()) >= WORDS or len(_CJK.findall(run)) >= CJK_CHARACTERS


def _shared(one: str, other: str) -> int:
    """The number of characters by which two texts begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str, at: int) -> bool:
    """Whether a place is in the middle of a Latin word or number."""
    return bool(re.fullmatch(r"[a-z0-9]{2}", text[max(at - 1, 0) : at + 1]))
