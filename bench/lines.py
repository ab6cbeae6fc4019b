"""Lines: the texts of a file of instruction records, in stretches as our search asks for them."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from curate.dedup.texts import buffers
from curate.raw.flat import TEXT, Flat, flat
from curate.sources.limits import Limits

LINE = 1 << 16
LIMITS = Limits()
COLUMNS = ("instruction", "input", "output")
STRETCH = 4 << 20  # bytes that are decoded at once


class Lines:
    """The texts of a file in stretches of bytes; kept of each record is where its line begins."""

    def __init__(self, file: Path, read: Callable[[bytes], Any] | None = None) -> None:
        self._decoded = read or decoded
        self._file = os.open(file, os.O_RDONLY)
        self._mapped = mmap.mmap(self._file, 0, prot=mmap.PROT_READ)  # for the few lines of `some`
        size, cuts = os.fstat(self._file).st_size, [0]
        while cuts[-1] < size:
            at = min(cuts[-1] + STRETCH, size) - 1
            while (end := self._read(at, at + LINE).find(b"\n")) < 0 and at + LINE < size:
                at += LINE
            cuts.append(at + end + 1 if end >= 0 else size)
        self._cuts = cuts
        self._lines: dict[int, Any] = {}
        self.stretches = len(cuts) - 1

    def whole(self, number: int) -> Any:
        """The texts of one stretch."""
        data = self._read(*self._cuts[number : number + 2])
        self._lines[number] = self._cuts[number] + beginnings(data)
        return self._decoded(data)

    def some(self, number: int, places: Any) -> Any:
        """Some texts of one stretch, their lines alone decoded again."""
        starts, told = self._lines[number][places], np.diff(self._lines[number])[places]
        lines = Flat(
            np.frombuffer(self._mapped, np.uint8), len(places), {"line": 0},
            np.array([TEXT]), starts[None], np.cumsum(told)[None], np.ones((1, len(places)), bool),
        )  # fmt: skip
        wanted, _ = lines.texts("line")  # copied beside the other threads; slices would halt them
        begin = self._cuts[number] // mmap.PAGESIZE * mmap.PAGESIZE
        size = self._cuts[number + 1] - begin
        self._mapped.madvise(mmap.MADV_DONTNEED, begin, size)  # else it is held
        return self._decoded(wanted.tobytes())

    def _read(self, start: int, end: int) -> bytes:
        return os.pread(self._file, end - start, start)


def decoded(lines: bytes) -> Any:
    """The texts of some lines end to end, and their offsets, by the reader of an audit."""
    found = flat(lines, LIMITS)
    if found is None or not found.holds(*COLUMNS):
        return by_polars(lines)
    return found.texts(*COLUMNS)


def by_polars(lines: bytes) -> Any:
    """The same by the fastest reader of a library that we know."""
    import polars as pl  # here, so that it is loaded only where it reads

    records = pl.read_ndjson(lines, schema=dict.fromkeys(COLUMNS, pl.String))
    return buffers(records.select(pl.format("{}\n{}\n{}", *COLUMNS)).to_series())


def beginnings(lines: bytes) -> Any:
    """Where lines begin, and where the last one ends."""
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == ord("\n")) + 1
    return np.concatenate([[0], ends])
