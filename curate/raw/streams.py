"""Streams: bytes of a plain, gzip or zstd source, in pieces of bounded size.

A stream that ends before its archive does keeps what came out of it and says so in `fault`.
One that unpacks to more than the limits allow stops reading altogether.
"""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

import zstandard

from curate.errors import BadSource
from curate.raw import zstd_frames
from curate.raw.encodings import size_in
from curate.sources.limits import MIB, RATIO_FREE_BYTES, Limits
from curate.sources.source import Misread

PIECE_BYTES = MIB
"""Packed bytes taken at a time, and the most that is unpacked at once."""

MAX_WINDOW_BYTES = 128 * MIB
"""The most memory that a zstd frame may ask for: what the zstd command itself allows."""

ZSTD_BLOCK_BYTES = 128 << 10
"""A damaged block takes what was unpacked in the same step with it."""

COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
SUFFIXES = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}

CUT = "the {kind} archive ends in the middle; was the file cut short?"
CUT_ZSTD = (
    "the zstd archive ends in the middle; was the file cut short? of its last block, up to 128 KiB,"
    " nothing can be unpacked"
)
NOT_ENCODED = "the {encoding} text is damaged or cut short: {why}"
DAMAGED = "the {kind} archive is damaged: {why}"


class Stream(Protocol):
    """Bytes in pieces; `fault` is set at the end where the end is not the true one."""

    fault: Misread | None

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end."""

    def unread(self, data: bytes) -> None:
        """Give back the end of what was read."""

    def close(self) -> None:
        """Let go of the file."""


class Plain:
    """The file as it is."""

    fault: Misread | None = None

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def unread(self, data: bytes) -> None:
        self._file.seek(-len(data), 1)

    def close(self) -> None:
        self._file.close()


class Pieces:
    """A stream over an iterator of pieces."""

    def __init__(self, pieces: Iterator[bytes | Misread], close: Callable[[], None]) -> None:
        self.fault: Misread | None = None
        self._pieces = pieces
        self._waiting = b""
        self._close = close

    def read(self, size: int) -> bytes:
        parts, have = [self._waiting], len(self._waiting)
        while have < size and self.fault is None:
            piece = next(self._pieces, b"")
            if isinstance(piece, Misread):
                self.fault = piece
                break
            if not piece:
                break
            parts.append(piece)
            have += len(piece)
        whole = b"".join(parts)
        self._waiting = whole[size:]
        return whole[:size]

    def unread(self, data: bytes) -> None:
        self._waiting = data + self._waiting

    def close(self) -> None:
        self._close()


def compression(head: bytes) -> str | None:
    """gzip, zstd or none, by the first bytes."""
    return next((kind for magic, kind in COMPRESSED.items() if head.startswith(magic)), None)


def opened(path: Path, kind: str | None, limits: Limits, encoding: str = "utf-8") -> Stream:
    """The unpacked bytes of a file; UTF-16 and UTF-32 come out as UTF-8."""
    stream: Stream
    if kind is None:
        stream = Plain(path)
    else:
        file = path.open("rb")
        unpack = _gunzip if kind == "gzip" else _unzstd
        stream = Pieces(_bounded(unpack(file), file, path.name, limits), file.close)
    if encoding != "utf-8":
        stream = Pieces(_recoded(stream, encoding), stream.close)
    return stream


def _bounded(
    pieces: Iterator[bytes | Misread], file: IO[bytes], name: str, limits: Limits
) -> Iterator[bytes | Misread]:
    """The same pieces, until they grow beyond the limits."""
    unpacked = 0
    for piece in pieces:
        if isinstance(piece, bytes):
            unpacked += len(piece)
            if unpacked > limits.max_decompressed_bytes:
                raise BadSource(
                    f"{name} unpacks to more than max_decompressed_bytes = "
                    f"{limits.max_decompressed_bytes}; raise the limit if that is meant"
                )
            if unpacked > RATIO_FREE_BYTES and unpacked > limits.max_ratio * file.tell():
                raise BadSource(
                    f"{name} looks like a decompression bomb: {unpacked} bytes out of "
                    f"{file.tell()}; raise max_ratio = {limits.max_ratio} if that is meant"
                )
        yield piece


def _gunzip(file: IO[bytes]) -> Iterator[bytes | Misread]:
    """All members of a gzip file; zero bytes may pad its end."""
    packed = file.read(PIECE_BYTES)
    while packed:
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof:
            before = unpacker.copy()
            try:
                piece = unpacker.decompress(packed, PIECE_BYTES)
            except zlib.error as error:
                yield from _salvaged(before, packed)
                yield Misread("archive-damaged", DAMAGED, kind="gzip", why=str(error))
                return
            if piece:
                yield piece
            packed = unpacker.unconsumed_tail or (b"" if unpacker.eof else file.read(PIECE_BYTES))
            if not packed and not unpacker.eof:
                yield from _drained(unpacker)
                return
        packed = (unpacker.unused_data or file.read(PIECE_BYTES)).lstrip(b"\0")


def _salvaged(unpacker: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """What comes out before the damaged place, in ever smaller steps."""
    for size in (4096, 64, 1):
        while packed:
            before = unpacker.copy()
            try:
                piece = unpacker.decompress(packed, size)
            except zlib.error:
                unpacker = before
                break
            packed = unpacker.unconsumed_tail
            if piece:
                yield piece


def _drained(unpacker: zlib._Decompress) -> Iterator[bytes | Misread]:
    """What is left when the file has ended; a cut archive says so."""
    rest = unpacker.flush()
    if rest:
        yield rest
    if not unpacker.eof:
        yield Misread("archive-cut-short", CUT, kind="gzip")


def _unzstd(file: IO[bytes]) -> Iterator[bytes | Misread]:
    """All frames of a zstd file."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    with unpacker.stream_reader(file, read_across_frames=True, closefd=False) as stream:
        while True:
            try:
                piece = stream.read(ZSTD_BLOCK_BYTES)
            except zstandard.ZstdError as error:
                yield Misread("archive-damaged", DAMAGED, kind="zstd", why=str(error))
                return
            if not piece:
                break
            yield piece
    if not zstd_frames.whole(file):
        yield Misread("archive-cut-short", CUT_ZSTD)


def _recoded(stream: Stream, encoding: str) -> Iterator[bytes | Misread]:
    """UTF-16 or UTF-32 as UTF-8; a lone surrogate stays one, for the line to be refused."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    try:
        while piece := stream.read(PIECE_BYTES):
            text = decoder.decode(piece)
            if text:
                yield text.encode("utf-8", "surrogatepass")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        right = error.object[: error.start].decode(encoding, "surrogatepass")
        if right:
            yield right.encode("utf-8", "surrogatepass")
        yield Misread("encoding-damaged", NOT_ENCODED, encoding=encoding, why=error.reason)
    if stream.fault is not None:
        yield stream.fault


def in_file(stream: Stream, encoding: str, offsets: Iterable[int]) -> Iterator[int]:
    """Where places of a recoded stream lie in the (unpacked) file; `offsets` ascend."""
    at = written = 0
    for offset in offsets:
        while at < offset and (piece := stream.read(min(PIECE_BYTES, offset - at))):
            at += len(piece)
            written += size_in(encoding, piece)
        yield written
