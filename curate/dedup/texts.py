"""Texts: where the texts to compare come from, a stretch at a time, so that few are in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from curate.dedup.shingles import Bytes, Offsets

if TYPE_CHECKING:
    import polars as pl

AT_ONCE = 16_384  # texts of one stretch of work


@runtime_checkable
class Texts(Protocol):
    """Texts in stretches, as their UTF-8 bytes end to end and their offsets.

    All of a stretch are asked for once, and then some of them again, by their place in it.
    """

    @property
    def stretches(self) -> int: ...

    def whole(self, number: int) -> tuple[Bytes, Offsets]: ...

    def some(self, number: int, places: Offsets) -> tuple[Bytes, Offsets]: ...


class InMemory:
    """A series or a list of texts."""

    def __init__(self, texts: pl.Series | Sequence[str]) -> None:
        import polars as pl  # here, so that a file of texts is searched without it

        self._series = pl.Series(texts, dtype=pl.String)
        self.stretches = -(-len(texts) // AT_ONCE)

    def whole(self, number: int) -> tuple[Bytes, Offsets]:
        """The texts of one stretch."""
        return buffers(self._series.slice(number * AT_ONCE, AT_ONCE))

    def some(self, number: int, places: Offsets) -> tuple[Bytes, Offsets]:
        """Some texts of one stretch."""
        return buffers(self._series.gather(places + number * AT_ONCE))


def buffers(texts: pl.Series) -> tuple[Bytes, Offsets]:
    """The UTF-8 bytes of texts end to end, and their offsets; null is the empty text."""
    from curate.kernel.views import Whole

    full = texts.fill_null("")
    offsets = np.zeros(len(full) + 1, np.int64)
    np.cumsum(full.str.len_bytes().to_numpy(), out=offsets[1:])
    return Whole(full.str.join("")).bytes(), offsets
