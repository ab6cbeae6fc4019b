"""Elements: cut a JSON list into its elements while it streams by.

Only strings and brackets are looked at, so that the cut is exact whatever the elements hold, and
one element at most is in memory. Whether an element is right is decided later, strictly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from curate.raw.objects import too_long
from curate.raw.streams import PIECE_BYTES, Stream
from curate.sources.limits import RAW_KEPT_BYTES, Limits
from curate.sources.source import Misread

UP_TO_BRACKET = re.compile(rb'(?>(?:[^"\[\]{}]++|"[^"\\]*+(?>(?:\\.[^"\\]*+)*)")*)', re.DOTALL)
STRING_REST = re.compile(rb'[^"\\]*+(?>(?:\\.[^"\\]*+)*)', re.DOTALL)
STRING = rb'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"'
FLAT = rb'[\[{](?>(?:[^"\[\]{}]++|%b)*)[\]}]' % STRING
NESTED = rb'[\[{](?>(?:[^"\[\]{}]++|%b|%b)*)[\]}]' % (STRING, FLAT)
NEXT = re.compile(rb'\s*+,\s*+(\{(?>(?:[^"\[\]{}]++|%b|%b)*)\})' % (STRING, NESTED), re.DOTALL)
"""A comma and a whole element of three levels at most, as nearly all elements are."""

BETWEEN = re.compile(rb'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"?|,(?>(?:\s*+,)*)|[^\s,"]++', re.DOTALL)

QUOTE, OPEN_LIST, OPEN_OBJECT, CLOSE_LIST = b'"[{]'

CUT = "the list is not closed; was the file cut short?"
NO_COMMA = "no comma stands before this element"
NO_ELEMENT = "nothing stands before this comma"
LAST_COMMA = "a comma stands after the last element"
AFTER = "text after the end of the list"

Kind = Literal["begin", "finish", "end"]
Event = tuple[Kind, int, bytes]


class Element(NamedTuple):
    """One element: where it begins, and its bytes (only the first, where it is too long)."""

    offset: int
    text: bytes
    fault: Misread | None = None


class Window:
    """The bytes of a stream that nobody has taken yet; the middle of far too many is let go."""

    def __init__(self, stream: Stream, offset: int, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self._pieces: list[bytes] = [b""]
        self._from = 0  # of the first piece
        self.start = self.end = offset  # of what is held, in the source

    def more(self) -> bytes:
        """The next bytes, never ending between a backslash and what it escapes."""
        piece = self._stream.read(PIECE_BYTES)
        while piece.endswith(b"\\") and (byte := self._stream.read(1)):
            piece += byte
        if self._from == len(self._pieces[0]) and len(self._pieces) == 1:
            self._pieces, self._from = [], 0
        self._pieces.append(piece)
        self.end += len(piece)
        if self.end - self.start > self._limit + len(piece):
            head = b"".join(self._pieces[:-1])[self._from :][:RAW_KEPT_BYTES]
            self._pieces, self._from = [head, piece], 0
        return piece

    def take(self, stop: int) -> tuple[int, int, bytes]:
        """Where the bytes up to `stop` begin, how many they are, and they themselves.

        `stop` lies in the piece that was read last.
        """
        last = self._pieces[-1]
        upto = len(last) - (self.end - stop)
        if len(self._pieces) == 1:
            text = last[self._from : upto]
        else:
            text = b"".join([*self._pieces[:-1], last[:upto]])[self._from :]
        began, self.start = self.start, stop
        self._pieces, self._from = [last], upto
        return began, stop - began, text

    def skip(self, stop: int) -> None:
        """Let go of the bytes up to `stop`, which lies in the piece that was read last."""
        last = self._pieces[-1]
        self.start = stop
        self._pieces, self._from = [last], len(last) - (self.end - stop)

    def rest(self) -> tuple[int, int, bytes]:
        """All that is left."""
        return self.take(self.end)


class Scanner:
    """Walks over a list whose opening bracket has been read.

    `offset` is the place after that bracket. `inside`: the list stands in an object, so that
    text may follow it.
    """

    def __init__(self, stream: Stream, offset: int, limits: Limits, *, inside: bool) -> None:
        self._stream, self._limits, self._inside = stream, limits, inside
        self._window = Window(stream, offset, limits.max_line_bytes)
        self._depth = 0
        self._ready = True  # an element may come: after the bracket, or after a comma
        self._comma: int | None = None  # the last comma that no element has followed

    def elements(self) -> Iterator[Element]:
        """Every element in turn; the last ones may say what is wrong with the end."""
        for kind, at, piece in self._events():
            offset, size, text = self._window.take(at)
            if kind == "finish":
                yield self._element(offset, size, text)
                yield from self._following(piece)
            else:
                yield from self._gap(offset, size, text)
                if kind == "end":
                    yield from self._ending()
                    return
        yield from self._cut()

    def _following(self, piece: bytes) -> Iterator[Element]:
        """The elements that lie whole in this piece, right behind the one that has just ended."""
        base = self._window.end - len(piece)
        at = self._window.start - base
        while (match := NEXT.match(piece, at)) is not None:
            text, at = match[1], match.end()
            self._window.skip(base + at)
            fault = too_long(self._limits) if len(text) > self._limits.max_line_bytes else None
            kept = text if fault is None else text[:RAW_KEPT_BYTES]
            yield Element(base + match.start(1), kept, fault)

    def _events(self) -> Iterator[Event]:
        """Where elements begin and finish, and where the list ends."""
        in_string = False
        while piece := self._window.more():
            base, at = self._window.end - len(piece), 0
            if in_string:
                at = _end(STRING_REST, piece, 0)
                in_string = at == len(piece)
                at += 1
            while not in_string and (at := _end(UP_TO_BRACKET, piece, at)) < len(piece):
                in_string = piece[at] == QUOTE
                event = None if in_string else self._bracket(piece[at])
                at += 1
                if event is not None:
                    yield event, base + at - (event != "finish"), piece
                    at = max(at, self._window.start - base)

    def _bracket(self, byte: int) -> Kind | None:
        """Count the depth; what a bracket means to the list."""
        if byte in (OPEN_LIST, OPEN_OBJECT):
            self._depth += 1
            return "begin" if self._depth == 1 else None
        if self._depth:
            self._depth -= 1
            return None if self._depth else "finish"
        return "end" if byte == CLOSE_LIST else None

    def _gap(self, offset: int, size: int, text: bytes) -> Iterator[Element]:
        """What stands between two brackets: one comma, or values that are no objects."""
        if size > self._limits.max_line_bytes:
            self._ready, self._comma = True, None
            yield Element(offset, text[:RAW_KEPT_BYTES], too_long(self._limits))
            return
        for token in BETWEEN.finditer(text):
            at, said = offset + token.start(), token[0]
            if not said.startswith(b","):
                yield self._element(at, len(said), said)
                continue
            if self._ready or len(said) > 1:
                yield Element(at, said[:RAW_KEPT_BYTES], Misread("json-invalid", NO_ELEMENT))
            self._comma = None if self._ready else at
            self._ready = True

    def _element(self, offset: int, size: int, text: bytes) -> Element:
        fault = None if self._ready else Misread("json-invalid", NO_COMMA)
        self._ready, self._comma = False, None
        if size > self._limits.max_line_bytes:
            fault = too_long(self._limits)
        return Element(offset, text[:RAW_KEPT_BYTES] if fault else text, fault)

    def _ending(self) -> Iterator[Element]:
        """What follows the list: nothing, or it is said."""
        if self._comma is not None:
            yield Element(self._comma, b",", Misread("json-invalid", LAST_COMMA))
        if self._inside:
            return
        offset, _, text = self._window.rest()
        text = text[1:]
        while not text.strip() and (piece := self._stream.read(PIECE_BYTES)):
            offset, text = offset + len(text), piece
        if text.strip():
            fault = Misread("json-extra-text", AFTER)
            yield Element(offset + 1, text[:RAW_KEPT_BYTES], fault)

    def _cut(self) -> Iterator[Element]:
        offset, size, text = self._window.rest()
        if not self._depth:
            yield from self._gap(offset, size, text)
            offset, text = self._window.end, b""
        fault = self._stream.fault or Misread("json-cut-short", CUT)
        yield Element(offset, text[:RAW_KEPT_BYTES], fault)


def _end(pattern: re.Pattern[bytes], piece: bytes, at: int) -> int:
    """Where a pattern that always matches stops."""
    match = pattern.match(piece, at)
    assert match is not None
    return match.end()
