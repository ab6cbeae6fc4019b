"""Lines: blocks of whole lines out of a stream, no line longer than the limit in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curate.raw.breaks import breaks
from curate.raw.objects import too_long
from curate.raw.streams import PIECE_BYTES, Stream
from curate.sources.limits import MAX_LINES, RAW_KEPT_BYTES, Limits
from curate.sources.source import Misread


@dataclass(frozen=True)
class Block:
    """Whole lines, or one line with a fault, of which only the beginning is here."""

    at: int  # bytes before it
    line: int  # number of its first line, from 1
    read: bytes  # it, and perhaps what follows it
    size: int
    broken: bool = False  # the last line has no line break: the source ends in it
    final: bool = False  # no whole line follows
    fault: Misread | None = None

    @property
    def data(self) -> bytes:
        """Its bytes; they are copied for those who ask, which a cut of a plain file need not."""
        return self.read[: self.size]


LINE_BREAK, RETURN = b"\n\r"


def blank_lines(data: bytes) -> int:
    """How many lines there are where all are empty, told without looking at each; else 0."""
    found = breaks(data)
    return found if found == len(data) or data == b"\r\n" * found else 0


class Lines:
    """Reads blocks, and counts bytes and lines."""

    def __init__(self, stream: Stream, limits: Limits, at: int = 0, line: int = 1) -> None:
        self._stream, self._limits = stream, limits
        self._at, self._line = at, line

    def block(self, size: int, times: int = 1) -> Block | None:
        """The next lines, about `size` bytes and at most `times` MAX_LINES; None at the end.

        What a cut archive leaves of its last line is no line: it comes with the archive's fault.
        """
        data = self._stream.read(size)
        end = data.rfind(b"\n") + 1
        if self._stream.fault is not None and not end:
            return self._cut(data)
        if not end and len(data) == size:
            return self._long_line(data)
        final = len(data) < size
        if final and self._stream.fault is None:
            end = len(data)
        if end < len(data):
            self._stream.unread(data[end:])
        if breaks(data, end) > times * MAX_LINES:
            fits = _empty_lines(data) or _nth_break(data, times * MAX_LINES)
            self._stream.unread(data[fits:end])
            end, final = fits, False
        return self._made(data, end, final=final) if end else None

    def give_back(self, data: bytes) -> None:
        """Let the next block begin with these lines again."""
        self._stream.unread(data)
        self._at -= len(data)
        self._line -= breaks(data)

    def _made(
        self,
        data: bytes,
        size: int | None = None,
        fault: Misread | None = None,
        *,
        final: bool = False,
    ) -> Block:
        size = len(data) if size is None else size
        broken = fault is None and data[size - 1 : size] != b"\n"
        block = Block(self._at, self._line, data, size, broken, final, fault)
        self._at += size
        self._line += 1 if fault is not None else breaks(data, size)
        return block

    def _cut(self, data: bytes) -> Block | None:
        fault, self._stream.fault = self._stream.fault, None
        return self._made(data[:RAW_KEPT_BYTES], len(data), fault)

    def _long_line(self, data: bytes) -> Block:
        """Read on to the end of the line; past the limit its middle is let go."""
        limit, size, end = self._limits.max_line_bytes, len(data), 0
        parts = [data]
        while not end and (piece := self._stream.read(PIECE_BYTES)):
            end = piece.find(b"\n") + 1
            if end:
                self._stream.unread(piece[end:])
                piece = piece[:end]
            size += len(piece)
            parts = [*parts, piece] if size <= limit + 1 else [b"".join(parts)[:RAW_KEPT_BYTES]]
        if size <= limit + 1:
            return self._made(b"".join(parts))
        return self._made(parts[0][:RAW_KEPT_BYTES], size, too_long(self._limits))


def _empty_lines(data: bytes) -> int:
    """Bytes of a long run of empty lines that it begins with: they weigh nothing once decoded."""
    told = np.frombuffer(data, np.uint8)
    other = (told != LINE_BREAK) & (told != RETURN)
    end = data.rfind(b"\n", 0, int(other.argmax()) if other.any() else len(data)) + 1
    return end if blank_lines(data[:end]) > MAX_LINES else 0


def _nth_break(data: bytes, number: int) -> int:
    """The bytes up to this line break, and with it."""
    return int(np.flatnonzero(np.frombuffer(data, np.uint8) == LINE_BREAK)[number - 1]) + 1
