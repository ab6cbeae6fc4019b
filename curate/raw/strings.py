"""Strings: a polars column of texts that lie in memory as UTF-8 bytes end to end, with offsets.

polars takes such buffers as a message of an Arrow stream: they are copied once, and looked at, so
bytes that are no text are an error and never undefined. The message is one that polars itself
wrote for a column of texts, with other sizes in it.
"""

from __future__ import annotations

import io
import struct
import threading
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.raw.arrow_stream import ENDED, Sizes, messages, sizes
from curate.sources.limits import MIB

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ALIGNED = 64
MOST_KEPT = 32 * MIB


class Room(threading.local):
    """Where streams are written, one a thread: new memory for each costs more than its writing."""

    def __init__(self) -> None:
        self.stream = io.BytesIO()


ROOM = Room()


class Template(NamedTuple):
    """The beginning of a stream: its schema, and the header of a batch, whose sizes lie there."""

    schema: bytes
    header: bytes
    at: Sizes


def series(data: Bytes, offsets: Offsets, there: Flags | None = None) -> pl.Series:
    """Text number i is data[offsets[i]:offsets[i + 1]]; null where it is not `there`."""
    rows = len(offsets) - 1
    told = np.ones(rows, bool) if there is None else there
    texts = data[offsets[0] : offsets[-1]]
    parts = (np.packbits(told, bitorder="little"), offsets - offsets[0], texts)
    body: list[bytes | memoryview] = []
    places: list[int] = []
    size = 0
    for part in parts:
        gap = -part.nbytes % ALIGNED
        body += [part.data.cast("B"), bytes(gap)]
        places += [size, part.nbytes]
        size += part.nbytes + gap
    template = _template()
    header = bytearray(template.header)
    struct.pack_into("<q", header, template.at.body, size)
    struct.pack_into("<q", header, template.at.rows, rows)
    struct.pack_into("<qq", header, template.at.columns, rows, rows - np.count_nonzero(told))
    struct.pack_into("<6q", header, template.at.buffers, *places)
    stream = ROOM.stream if size < MOST_KEPT else io.BytesIO()
    stream.seek(0)
    stream.writelines([template.schema, header, *body, ENDED])
    stream.seek(0)
    return pl.read_ipc_stream(stream).to_series()


@cache
def _template() -> Template:
    """What polars writes for one column of texts, of which one is null."""
    file = io.BytesIO()
    frame = pl.DataFrame({"": ["", None]}, schema={"": pl.String})
    oldest = pl.CompatLevel.oldest()  # offsets rather than views
    frame.write_ipc_stream(file, compat_level=oldest, compression="uncompressed")
    schema, batch = messages(file, "a column")
    written = file.getvalue()
    at = sizes(written[batch.start : batch.stop])
    return Template(written[: schema.stop], written[batch.start : batch.start + at.header], at)
