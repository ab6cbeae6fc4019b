"""Differences between two texts, word by word: to show them, and to take one of several back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

WORD = re.compile(r"\r\n|\n|[^\S\n]|\w+|.", re.DOTALL)
LARGE = 20_000  # words; comparing takes the square of it, so larger middles count as one edit

HIDDEN = {
    "\r": "␍", "\t": "→", "\u00a0": "⍽", "\u202f": "⍽", "\u3000": "□", "\u00ad": "‧",
}  # fmt: skip
"""Blanks that a terminal does not show -> a mark for each."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters [start, end) of the text before become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line, as it was, as it is, or both."""

    kind: Literal["same", "gone", "new"]
    text: str


Line = tuple[int, list[Segment]]
"""Number of a line in the text before, from 1, and what happened in it."""


def edits(before: str, after: str) -> list[Edit]:
    """The least edits, by words, that turn one text into the other, in order."""
    start = common(before, after)
    stop = common(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - stop], after[start : len(after) - stop]
    one, two = WORD.findall(old), WORD.findall(new)
    if len(one) > LARGE or len(two) > LARGE:
        return [Edit(start, start + len(old), new)]
    places = [start]
    for word in one:
        places.append(places[-1] + len(word))
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return [
        Edit(places[i], places[j], "".join(two[k:m]))
        for kind, i, j, k, m in matcher.get_opcodes()
        if kind != "equal"
    ]


def common(one: str, two: str) -> int:
    """How many characters two texts share at the start."""
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == two[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def applied(text: str, made: list[Edit]) -> str:
    """The text after the edits, which are in order and do not overlap."""
    out, at = [], 0
    for edit in made:
        out += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, text[at:]])


def merged(base: str, one: str, other: str) -> str | None:
    """Both changes of a text at once; null where they touch the same or adjacent characters."""
    both = sorted([*edits(base, one), *edits(base, other)], key=lambda e: (e.start, e.end))
    if any(left.end >= right.start for left, right in zip(both, both[1:], strict=False)):
        return None
    return applied(base, both)


def lines(before: str, after: str) -> Iterator[Line]:
    """The lines that change, each cut into segments; a line break that goes or comes is shown."""
    number, at, segments, changed = 1, 0, list[Segment](), False
    pieces: list[Segment] = []
    for edit in edits(before, after):
        pieces += [
            Segment("same", before[at : edit.start]),
            Segment("gone", before[edit.start : edit.end]),
            Segment("new", edit.text),
        ]
        at = edit.end
    pieces.append(Segment("same", before[at:]))
    for piece in pieces:
        for text in piece.text.splitlines(keepends=True):
            ended = text.endswith("\n")
            shown = text if piece.kind != "same" else text.rstrip("\n")
            if shown:
                segments.append(Segment(piece.kind, shown))
            changed = changed or piece.kind != "same"
            if ended and piece.kind != "new":
                if changed:
                    yield number, segments
                number, segments, changed = number + 1, [], False
    if changed:
        yield number, segments


def visible(text: str) -> str:
    """The text with every character that cannot be seen replaced by a mark or its code."""
    out = []
    for i, char in enumerate(text):
        if char == "\n":
            out.append("⏎")
        elif char == " ":
            out.append("·" if i == len(text) - 1 or text[i + 1] in " \r\n\t" else " ")
        elif char in HIDDEN:
            out.append(HIDDEN[char])
        else:
            out.append(char if char.isprintable() else f"<U+{ord(char):04X}>")
    return "".join(out)
