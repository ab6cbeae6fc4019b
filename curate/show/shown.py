"""Shown text: any text from outside made fit for a person's eyes, the same way in every output.

Private values are masked, characters that cannot be seen or that reorder what can be seen become
marks, what a finding points at is marked, and long text is cut with the count of what was cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from curate.content import diff
from curate.content.masking import mask
from curate.finding import SEVERITIES

PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200c\u200e\u200f\u2028-\u202e\u205f-\u206f\u3164\ud800-\udfff\ufeff\uffa0"
    "\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
ONE_HIDDEN = rf"[{UNSEEN}]|\r(?!\n)|(?<![{PICTURE}])\u200d|\u200d(?![{PICTURE}])"
"""Controls, bidi too, zero-width, tags, odd blanks; a joiner in an emoji is seen, so it stays."""
STACKED = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{5,}"
"""Accents piled on one letter: no language has five, and they paint over the lines around."""
HIDDEN = re.compile(f"(?:{ONE_HIDDEN})+|{STACKED}")
UNBROKEN = {ord(blank): diff.HIDDEN[blank] for blank in "\u00a0\u202f"}
"""No-break spaces, which look like any blank: a sign for each, as the terminal has it."""
SPACES = re.compile(r"\s+")

AROUND = 80  # characters shown on both sides of a finding far inside a long text
LONGEST_MARK = 240  # characters of a finding that long text is cut around
PLACES = 3  # findings far inside a long text that get a window of their own
MARKS_AT_MOST = 60  # hidden-character marks in one text; more would bury the text
CODES_AT_MOST = 3  # code points named in one mark

Kind = Literal["text", "hidden", "masked", "cut"]
Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """Where finding `number` of a record points, in characters of the text."""

    start: int
    end: int
    number: int
    severity: str


@dataclass(frozen=True, slots=True)
class Private:
    """A stretch that nobody is shown."""

    start: int
    end: int
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of shown text that looks the same all along."""

    kind: Kind
    text: str  # cut: empty, see `count`; hidden: the code points
    severity: str = ""  # the worst finding that points here, or none
    ends: tuple[int, ...] = ()  # numbers of the findings whose span ends here
    count: int = 0  # characters that were cut or that are hidden
    name: str = ""  # hidden: what Unicode calls the first of them


def visible(text: str) -> str:
    """The text with hidden characters written out; line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    signed = text.translate(UNBROKEN)
    return HIDDEN.sub(lambda run: f"\u27e8{codes(run[0])}\u27e9", signed)


def one_line(text: str) -> str:
    """The text as one visible line."""
    return visible(SPACES.sub(" ", text).strip())


def pieces(
    text: str, *, spans: Sequence[Span] = (), private: Sequence[Private] = (), limit: int
) -> list[Piece]:
    """Split a text into what is shown; about `limit` characters, more where findings point."""
    covered, masked, spans = cover(text, spans, private)
    shown = windows(len(covered), spans, limit)
    made: list[Piece] = []
    at = 0
    for start, end in shown:
        if at < start:
            made.append(Piece("cut", "", count=start - at))
        made += stretch(covered, start, end, spans, masked)
        at = end
    if at < len(covered):
        made.append(Piece("cut", "", count=len(covered) - at))
    return calm(made)


def cover(
    text: str, spans: Sequence[Span], private: Sequence[Private]
) -> tuple[str, list[Window], list[Span]]:
    """Mask the private stretches: the new text, where the masks lie, and the spans moved along."""
    out: list[str] = []
    moved: list[tuple[int, int, int, int]] = []  # old start and end, new start and end
    at = length = 0
    for hidden in merged(private, len(text)):
        dots = mask(text[hidden.start : hidden.end], hidden.kind)
        out += [text[at : hidden.start], dots]
        length += hidden.start - at
        moved.append((hidden.start, hidden.end, length, length + len(dots)))
        length += len(dots)
        at = hidden.end
    new = "".join([*out, text[at:]])
    kept = [
        Span(place(span.start, moved, 2), place(span.end, moved, 3), span.number, span.severity)
        for span in spans
        if 0 <= span.start < span.end <= len(text)
    ]
    return new, [(start, end) for _, _, start, end in moved], kept


def merged(private: Sequence[Private], length: int) -> list[Private]:
    """Private stretches of a text of `length`, in order; those that overlap become one."""
    made: list[Private] = []
    for one in sorted(private, key=lambda one: (one.start, -one.end)):
        start, end = max(one.start, 0), min(one.end, length)
        if made and start < made[-1].end:
            made[-1] = replace(made[-1], end=max(made[-1].end, end))
        elif start < end:
            made.append(Private(start, end, one.kind))
    return made


def place(at: int, moved: Sequence[tuple[int, int, int, int]], side: int) -> int:
    """Where a place of the old text lies in the new; inside a mask, the mask's start or end."""
    shift = 0
    for old in moved:
        if at >= old[1]:
            shift = old[3] - old[1]
        elif at > old[0]:
            return old[side]
    return at + shift


def windows(length: int, spans: Sequence[Span], limit: int) -> list[Window]:
    """What of a text is shown: its beginning, and the surroundings of the first findings."""
    if length <= limit + AROUND:  # cutting a few words off helps nobody
        return [(0, length)]
    around = []
    for span in sorted(spans, key=lambda span: span.start)[:PLACES]:
        end = min(span.end, span.start + LONGEST_MARK)
        around.append((max(0, span.start - AROUND), min(length, end + AROUND)))
    spent = sum(end - start for start, end in around if end > limit)
    shown: list[Window] = []
    for start, end in sorted([(0, max(limit - spent, limit // 3)), *around]):
        if shown and start <= shown[-1][1]:
            shown[-1] = (shown[-1][0], max(shown[-1][1], end))
        else:
            shown.append((start, end))
    return shown


def stretch(
    text: str, start: int, end: int, spans: Sequence[Span], masked: Sequence[Window]
) -> Iterator[Piece]:
    """The pieces of one window."""
    masked = [one for one in masked if one[0] < end and start < one[1]]
    spans = [one for one in spans if one.start < end and start < one.end]
    if not masked and not spans:
        yield from seen(text[start:end], "", ())
        return
    bounds = {start, end}
    for a, b in [*((span.start, span.end) for span in spans), *masked]:
        bounds |= {at for at in (a, b) if start < at < end}
    for a, b in pairwise(sorted(bounds)):
        over = [span for span in spans if span.start <= a and b <= span.end]
        severity = max((span.severity for span in over), key=SEVERITIES.index, default="")
        ends = tuple(sorted({span.number for span in over if span.end == b or b == end}))
        if any(s <= a and b <= e for s, e in masked):
            yield Piece("masked", text[a:b], severity, ends, count=b - a)
        else:
            yield from seen(text[a:b], severity, ends)


def seen(text: str, severity: str, ends: tuple[int, ...]) -> Iterator[Piece]:
    """Text and its hidden characters by turns; the last piece carries `ends`."""
    if text.isascii() and text.isprintable():
        yield Piece("text", text, severity, ends)
        return
    text, at = text.translate(UNBROKEN), 0
    for run in HIDDEN.finditer(text):
        if at < run.start():
            yield Piece("text", text[at : run.start()], severity)
        last = run.end() == len(text)
        name = unicodedata.name(run[0][0], "control character").lower()
        label = codes(run[0])
        yield Piece("hidden", label, severity, ends if last else (), len(run[0]), name)
        at = run.end()
    if at < len(text):
        yield Piece("text", text[at:], severity, ends)


def codes(run: str) -> str:
    """Name the code points of a run of hidden characters: `U+200B x37`."""
    kinds = list(dict.fromkeys(run))
    named = " ".join(f"U+{ord(kind):04X}" for kind in kinds[:CODES_AT_MOST])
    if len(kinds) > CODES_AT_MOST:
        named += " …"
    return named if len(run) == len(kinds) <= CODES_AT_MOST else f"{named} ×{len(run)}"


def calm(made: list[Piece]) -> list[Piece]:
    """Stop where hidden characters have buried the text, and count the rest as cut."""
    marks = [at for at, piece in enumerate(made) if piece.kind == "hidden"]
    if len(marks) <= MARKS_AT_MOST:
        return made
    stop = marks[MARKS_AT_MOST]
    rest = sum(piece.count or len(piece.text) for piece in made[stop:])
    return [*made[:stop], Piece("cut", "", count=rest)]
