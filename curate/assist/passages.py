"""Passages: a text cleaned and cut into what may become answers; nothing is lost on the way.

It is cut at headings, and where more than so many characters would stand together at blank lines,
then at the ends of sentences. A block of code is never cut, and nothing in it is a heading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from curate.content.sameness import width

LEAST_LETTERS = 40  # kana and kanji count twice; less is a heading or a menu
HEADING = re.compile(r"#{1,6} ")
FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.M)
BLANKS = re.compile(r"\n\s*\n+")
TRAILING = re.compile(r"[ \t\u3000]+$", re.M)
SENTENCE_END = re.compile(r"(?<=[。！？])[」』）]*|(?<=[.!?])(?=\s)|\n")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document; `parent` is the id of the whole."""

    source: str
    line: int  # where it begins, from 1
    parent: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What did not become a passage, and why; `says` is a template of `args`, where it has any."""

    source: str
    line: int
    says: str
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """The reason in English."""
        return self.says.format(**self.args) if self.args else self.says


@dataclass(frozen=True, slots=True)
class Cut:
    """How a text is cut."""

    most_chars: int = 2000
    least_letters: int = LEAST_LETTERS


def cut(
    source: str, line: int, parent: str, text: str, how: Cut, *, in_one_line: bool = False
) -> Iterator[Passage | LeftOut]:
    """Passages of whole paragraphs, none begun before a heading and ended after it."""
    held: list[str] = []
    begun = line
    for paragraph, below in paragraphs(text, how.most_chars):
        full = sum(map(len, held)) + len(paragraph) > how.most_chars
        if held and (full or HEADING.match(paragraph)):
            yield judged(Passage(source, begun, parent, "\n\n".join(held)), how)
            held = []
        if not held and not in_one_line:
            begun = line + below
        held.append(paragraph)
    yield judged(Passage(source, begun, parent, "\n\n".join(held)), how)


def paragraphs(text: str, most_chars: int) -> Iterator[tuple[str, int]]:
    """Cleaned paragraphs, each with the number of lines above it; long ones by their sentences."""
    clean = TRAILING.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    start = 0
    for gap in [*BLANKS.finditer(clean), None]:
        end = gap.start() if gap else len(clean)
        if gap and in_code(clean[start:end]):
            continue
        for first, last in pieces(clean, start, end, most_chars):
            if clean[first:last].strip():
                around = "\n" if first == start else None  # between sentences spaces, too
                yield clean[first:last].strip(around), clean.count("\n", 0, first)
        start = gap.end() if gap else end


def in_code(text: str) -> bool:
    """Whether a block of code is open at the end of the text."""
    return len(FENCE.findall(text)) % 2 == 1


def pieces(text: str, start: int, end: int, most_chars: int) -> Iterator[tuple[int, int]]:
    """A paragraph, or, where it is too long and no code, as many sentences as fit at a time."""
    if end - start <= most_chars or FENCE.search(text, start, end):
        yield start, end
        return
    ends = [found.end() for found in SENTENCE_END.finditer(text, start, end)]
    for here, following in pairwise([*ends, end]):
        if following - start > most_chars and here > start:
            yield start, here
            start = here
    yield start, end


def judged(passage: Passage, how: Cut) -> Passage | LeftOut:
    """The passage, or why it is too short to be an answer."""
    if width(passage.text) >= how.least_letters:
        return passage
    return LeftOut(
        passage.source, passage.line,
        says="shorter than {letters} letters ({kana} kana or kanji); --min-letters lowers that",
        args={"letters": how.least_letters, "kana": -(-how.least_letters // 2)},
    )  # fmt: skip
