"""Ids: those of many records at once, from the texts of their columns.

What an id is made of is told in `record`; the work is done in C (curate/kernel/ids.c).
"""

from __future__ import annotations

from contextlib import ExitStack
from ctypes import POINTER, c_void_p

import numpy as np
import polars as pl

from curate.kernel import library
from curate.kernel.library import BYTES, COUNT
from curate.kernel.views import lent
from curate.raw.strings import series
from curate.record import ID_BYTES

DIGITS = 2 * ID_BYTES
ESCAPED = 6  # bytes that one byte may become in JSON: \u0000
AROUND = 128  # bytes of JSON beside the texts, and room to write eight at once

_content_ids = library.function(
    "content_ids", POINTER(c_void_p), COUNT, BYTES, BYTES, BYTES, gives=None
)


def ids(
    instruction: pl.Series,
    answer: pl.Series,
    context: pl.Series | None = None,
    system: pl.Series | None = None,
    rejected: pl.Series | None = None,
) -> tuple[pl.Series, pl.Series]:
    """The id of each record, and of its prompt; an empty or absent system or input is none."""
    columns = (system, instruction, context, answer, rejected)
    size = len(instruction)
    whole, prompts = np.empty((2, size * DIGITS), np.uint8)
    if size:
        given = pl.DataFrame(
            [
                column.alias(str(number))
                for number, column in enumerate(columns)
                if column is not None
            ]
        )
        bytes_each = pl.sum_horizontal(pl.all().str.len_bytes().cast(pl.Int64))
        room = np.empty(ESCAPED * given.select(bytes_each.max()).item() + AROUND, np.uint8)
        with ExitStack() as stack:
            at = [
                column if column is None else stack.enter_context(lent(column))
                for column in columns
            ]
            _content_ids((c_void_p * len(at))(*at), size, room, whole, prompts)
    offsets = np.arange(size + 1) * DIGITS
    return series(whole, offsets), series(prompts, offsets)
