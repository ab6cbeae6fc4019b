"""One file, one container on disk; found by looking into this folder, never listed by hand.

A format knows its bytes, cuts a source into chunks, and parses a chunk into cells. What the
cells mean is the business of the shapes.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.raw.cells import Cells
from curate.sources.limits import MIB, Limits
from curate.sources.source import Chunk, Reject, Source, rejected

if TYPE_CHECKING:
    from curate.raw.lines import Block

CHUNK_BYTES = 16 * MIB
"""Raw bytes of a chunk, give or take the last record."""

PROOF = 3
"""A claim from here up rests on the bytes alone; below, the suffix of the file decides."""

Raw = tuple[int | None, bytes]
"""Byte offset of a record, and its bytes."""


@dataclass(frozen=True)
class Head:
    """The beginning of a file, as a format sees it to recognise itself."""

    name: str
    suffix: str  # without .gz or .zst, lower case
    data: bytes  # unpacked, UTF-8 where the encoding is known
    whole: bool  # nothing follows
    path: Path


@dataclass
class Parsed:
    """The records of one chunk, undressed: cells, where each lay, and what could not be read."""

    cells: Cells
    lines: Sequence[int]
    raw: Callable[[int], Raw]  # of the n-th record in the cells
    rejects: list[Reject] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Format:
    """One container. `claims` says how sure the first bytes make it: 0 not at all, PROOF up."""

    name: str
    title: str  # as the user says it
    suffixes: tuple[str, ...]
    claims: Callable[[Head], int]
    cut: Callable[[Source, Limits, int], Iterator[Chunk]]
    parse: Callable[[Chunk, Limits], Parsed]
    text: bool = True  # bytes are text in some encoding, to be recognised and recoded
    look: Callable[[Source, Head | None, Limits], Any] | None = None  # what `cut` needs; BadSource
    halve: Callable[[Chunk, Limits], tuple[Chunk, ...]] = lambda _, __: ()  # without decoding it
    raw: Callable[[Chunk], bytes] = lambda _: b""  # of a chunk of one record, as far as it has any


def placed(source: Source, block: Block, length: int) -> dict[str, Any]:
    """Where a worker finds the bytes of a block: in the file or in the chunk; or its fault."""
    if block.fault is not None:
        reject = rejected(block.fault, source.name, block.line, block.at, block.data)
        return {"fault": reject}
    if source.compression is None and source.encoding == "utf-8":
        return {"path": source.path, "start": block.at, "stop": block.at + length}
    return {"data": block.data[:length]}


def nothing(empty_lines: int, notes: Counter[str] | None = None) -> Parsed:
    """What is parsed where all lines are empty."""
    counted = Counter({"blank-line": empty_lines}) + (notes or Counter())
    return Parsed(Cells.of([]), (), lambda _: (None, b""), notes=counted)


@cache
def found() -> dict[str, Format]:
    """Every format by its name, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    every = [importlib.import_module(f"{__name__}.{name}").FORMAT for name in names]
    return {known.name: known for known in every}
