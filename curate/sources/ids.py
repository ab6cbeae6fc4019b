"""Ids: those of many records at once, from the texts of their columns.

What an id is made of is told in `record`; the work is done in C (curate/kernel/ids.c).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from curate.dedup.texts import AT_ONCE, buffers
from curate.kernel import library
from curate.kernel.library import BYTES, COUNT, LONGS, held
from curate.raw.cells import constant
from curate.raw.strings import series
from curate.record import ID_BYTES

DIGITS = 2 * ID_BYTES
ESCAPED = 6  # bytes that one byte may become in JSON: \u0000
AROUND = 128  # bytes of JSON beside the texts, and room to write eight at once

_content_ids = library.function(
    "content_ids", BYTES, LONGS, COUNT, COUNT, BYTES, BYTES, BYTES, gives=None
)


def ids(
    instruction: pl.Series,
    answer: pl.Series,
    context: pl.Series | None = None,
    system: pl.Series | None = None,
    rejected: pl.Series | None = None,
) -> tuple[pl.Series, pl.Series]:
    """The id of each record, and of its prompt; an empty or absent system or input is none."""
    size = len(instruction)
    whole, prompts = np.empty((2, size * DIGITS), np.uint8)
    nothing = constant(None, size)
    columns = [
        nothing if column is None else column
        for column in (system, instruction, context, answer, rejected)
    ]
    for start in range(0, size, AT_ONCE):
        records = min(AT_ONCE, size - start)
        data, offsets = buffers(pl.concat(column.slice(start, records) for column in columns))
        held(offsets, len(data))
        longest = np.diff(offsets).reshape(len(columns), records).sum(axis=0).max()
        room = np.empty(ESCAPED * int(longest) + AROUND, np.uint8)
        out = slice(start * DIGITS, (start + records) * DIGITS)
        pairs = rejected is not None
        _content_ids(data, offsets, records, pairs, room, whole[out], prompts[out])
    offsets = np.arange(size + 1) * DIGITS
    return series(whole, offsets), series(prompts, offsets)
