"""Texts: where the texts to compare come from, a stretch at a time, so that few are in memory."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import polars as pl

from curate.dedup.shingles import Bytes, Offsets

AT_ONCE = 16_384  # texts of one stretch of work


class Texts(Protocol):
    """Texts in stretches, as their UTF-8 bytes end to end and their offsets.

    All of a stretch are asked for once, and then some of them again, by their place in it.
    """

    @property
    def stretches(self) -> int: ...

    def whole(self, number: int) -> tuple[Bytes, Offsets]: ...

    def some(self, number: int, places: Offsets) -> tuple[Bytes, Offsets]: ...


class InMemory:
    """A series of texts."""

    def __init__(self, series: pl.Series) -> None:
        self._series = series
        self.stretches = -(-len(series) // AT_ONCE)

    def whole(self, number: int) -> tuple[Bytes, Offsets]:
        """The texts of one stretch."""
        return buffers(self._series.slice(number * AT_ONCE, AT_ONCE))

    def some(self, number: int, places: Offsets) -> tuple[Bytes, Offsets]:
        """Some texts of one stretch."""
        return buffers(self._series.gather(places + number * AT_ONCE))


def buffers(texts: pl.Series) -> tuple[Bytes, Offsets]:
    """The UTF-8 bytes of texts end to end, and their offsets; null is the empty text."""
    full = texts.fill_null("")
    data = full.str.join("").cast(pl.Binary).item() or b""
    offsets = np.zeros(len(full) + 1, np.int64)
    np.cumsum(full.str.len_bytes().to_numpy(), out=offsets[1:])
    return np.frombuffer(data, np.uint8), offsets
