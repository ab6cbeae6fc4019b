"""Arrow streams: find the batches of rows by their headers, without decoding them.

A saved data set is a stream of messages: a schema, perhaps dictionaries, then batches of rows.
Schema and dictionaries put before one batch make a small stream of its own, which a worker
decodes alone; so a shard of any size needs the memory of one batch.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple

from curate.errors import BadSource
from curate.sources.limits import MIB

CONTINUED = b"\xff\xff\xff\xff"
ENDED = CONTINUED + b"\0\0\0\0"
SCHEMA, DICTIONARY, BATCH = 1, 2, 3
HEADER_TYPE, HEADER, BODY_LENGTH = 1, 2, 3  # fields of a message
ROWS, COLUMNS, BUFFERS = 0, 1, 2  # fields of a batch
MAX_HEADER_BYTES = 64 * MIB


@dataclass(frozen=True)
class Message:
    """One message: what it is, where it lies, and how many rows it holds."""

    kind: int
    start: int
    stop: int
    rows: int


class Sizes(NamedTuple):
    """Where the sizes of a batch lie in its message, and how long the part before its body is."""

    header: int
    body: int
    rows: int
    columns: int  # of each: rows, nulls
    buffers: int  # of each: place in the body, bytes


def messages(file: IO[bytes], name: str) -> Iterator[Message]:
    """Every message up to the end; BadSource where the bytes are no Arrow stream.

    The last one may reach beyond the end of a file that was cut short.
    """
    at = 0
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or head == ENDED:
            return
        size = struct.unpack("<i", head[4:])[0]
        if not head.startswith(CONTINUED) or not 0 < size <= MAX_HEADER_BYTES:
            raise BadSource(f"{name}: not an Arrow stream at byte {at}")
        header = file.read(size)
        if len(header) < size:
            yield Message(BATCH, at, at + 8 + size, 1)
            return
        try:
            kind, body, rows = _header(header)
        except (struct.error, IndexError):
            raise BadSource(f"{name}: a broken Arrow message at byte {at}") from None
        stop = at + 8 + size + body
        yield Message(kind, at, stop, rows)
        at = stop


def sizes(message: bytes) -> Sizes:
    """Where the sizes of a batch lie; `message` is all of it."""
    table = _followed(message, 8)
    batch = _followed(message, _field(message, table, HEADER))
    columns, buffers = (
        _followed(message, _field(message, batch, field)) + 4 for field in (COLUMNS, BUFFERS)
    )  # 4 bytes say how many follow
    body, rows = _field(message, table, BODY_LENGTH), _field(message, batch, ROWS)
    return Sizes(8 + struct.unpack_from("<i", message, 4)[0], body, rows, columns, buffers)


def _header(data: bytes) -> tuple[int, int, int]:
    """Kind, bytes of the body, and rows, out of a message's flatbuffer."""
    table = _followed(data, 0)
    kind_at, body_at = _field(data, table, HEADER_TYPE), _field(data, table, BODY_LENGTH)
    kind = data[kind_at] if kind_at else 0
    body = struct.unpack_from("<q", data, body_at)[0] if body_at else 0
    rows = 0
    inner = _field(data, table, HEADER)
    if kind == BATCH and inner:
        batch = _followed(data, inner)
        rows_at = _field(data, batch, ROWS)
        rows = struct.unpack_from("<q", data, rows_at)[0] if rows_at else 0
    if body < 0 or rows < 0:
        raise IndexError
    return kind, body, rows


def _field(data: bytes, table: int, number: int) -> int:
    """Where the n-th field of a flatbuffer table lies; 0 where it is left out."""
    slots = table - struct.unpack_from("<i", data, table)[0]
    if slots < 0:
        raise IndexError
    if 4 + 2 * number >= struct.unpack_from("<H", data, slots)[0]:
        return 0
    offset = struct.unpack_from("<H", data, slots + 4 + 2 * number)[0]
    return table + offset if offset else 0


def _followed(data: bytes, at: int) -> int:
    """Where what is named at this place lies."""
    return at + int(struct.unpack_from("<I", data, at)[0])
