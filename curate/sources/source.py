"""Source, Chunk, Reject: what reading takes, what travels to a worker, and what comes back.

A Source is one file (or frame in memory) whose format and shape are known. It is cut into Chunks
whose bounds depend on the bytes alone, never on the number of workers; a Chunk pickles, and is
decoded into records and rejects. `read == len(records) + len(rejects)` for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from curate.sources.limits import Limits

TARGETS = ("system", "instruction", "input", "answer", "rejected")
"""What `--map` may fill."""


@dataclass(frozen=True)
class Reading:
    """How to read; every part has a default.

    `mapping` fills a target from a column ("質問") or from a template over columns
    ("Describe {product} in {category}").
    """

    shape: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    label: str | None = None
    category: str | None = None
    annotators: tuple[str, ...] = ()
    id: str | None = None
    origin: str | None = None
    limits: Limits = Limits()


@dataclass(frozen=True)
class Fit:
    """How the columns of one source fill the fields of a record."""

    shape: str
    columns: Mapping[str, str] = field(default_factory=dict)  # target -> column or template
    label: str | None = None
    category: str | None = None
    annotator: str | None = None  # column that names who gave the label
    annotators: tuple[str, ...] = ()  # columns of labels, one for each annotator
    uid: str | None = None
    origin: str | None = None
    names: tuple[str, ...] = ()  # every column seen while looking


@dataclass(frozen=True)
class Reject:
    """A record that was read and not kept, with all that is needed to find and repair it.

    `says` and `args` are the message before it is put together, for translation.
    """

    source: str
    line: int  # 1-based line, array element or row
    offset: int | None  # bytes from the start of the (unpacked) source
    code: str
    message: str
    raw: bytes
    says: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)


class Misread(Exception):  # noqa: N818 - it is told, not raised to the user
    """One record cannot be read: a code, and a sentence with what stands in its {places}."""

    def __init__(self, code: str, says: str, /, **args: Any) -> None:
        super().__init__(says.format(**args))
        self.code, self.says, self.args_said = code, says, args

    def __reduce__(self) -> tuple[Any, ...]:
        return _misread, (self.code, self.says, self.args_said)


def _misread(code: str, says: str, args: Mapping[str, Any]) -> Misread:
    return Misread(code, says, **args)


Said = tuple[str, Mapping[str, Any]]
"""An English template and what fills it."""


@dataclass(frozen=True)
class Source:
    """One source whose format, encoding and shape are known; `said` tells the user in one line."""

    name: str
    path: Path | None  # null: in memory
    format: str
    compression: str | None = None
    encoding: str = "utf-8"
    fit: Fit = Fit("text")
    parts: tuple[Said, ...] = ()  # of the line `said`
    ignored: tuple[str, ...] = ()  # files of the same folder that are no data
    data: Any = None  # what lies in memory, or what the format found out while looking
    empty: bool = False  # no record was found in it

    @property
    def shape(self) -> str:
        """The shape its records are read in."""
        return self.fit.shape

    @property
    def said(self) -> str:
        """What it is and how it is read, in one English line."""
        return self.said_in(lambda english: english)

    def said_in(self, translate: Callable[[str], str]) -> str:
        """The same line in another language."""
        sentences = (translate(says).format(**args) for says, args in self.parts)
        return f"{self.name}: " + "; ".join(sentences)

    @property
    def bytes(self) -> int:
        """Size on disk; 0 in memory."""
        if self.path is None:
            return 0
        if self.path.is_dir():
            return sum(file.stat().st_size for file in self.path.glob("*.arrow"))
        return self.path.stat().st_size


@dataclass(frozen=True)
class Chunk:
    """A piece of a source that a worker decodes alone.

    The bytes are `data`, or lie in `path` from `start` to `stop`; a chunk with a `fault` stands
    for one record that could not even be cut out.
    """

    source: str
    number: int
    first_line: int
    offset: int
    format: str
    fit: Fit
    data: Any = None
    path: Path | None = None
    start: int = 0
    stop: int = 0
    fault: Reject | None = None
    last: bool = False  # nothing follows: a broken end may be a cut
    size: int = 0  # bytes of the source that it stands for; 0 in memory
    notes: Mapping[str, int] = field(default_factory=dict)
    pieces: tuple[Chunk, ...] = ()  # read one by one instead, where the whole kills its worker

    @property
    def shape(self) -> str:
        """The shape its records are read in."""
        return self.fit.shape

    def raw(self) -> bytes:
        """The raw bytes, from memory or from the file."""
        if self.path is None:
            return bytes(self.data)
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(self.stop - self.start)

    def split(self, at: int, lines: int) -> tuple[Chunk, Chunk]:
        """Two chunks of its bytes: the first `at`, which are `lines` lines, and the rest."""
        first = replace(self, last=False, size=at)
        second = replace(
            self, first_line=self.first_line + lines, offset=self.offset + at,
            size=self.size - at, notes={},
        )  # fmt: skip
        if self.path is None:
            return replace(first, data=self.data[:at]), replace(second, data=self.data[at:])
        middle = self.start + at
        return replace(first, stop=middle), replace(second, start=middle)

    def rows_from(self, first: int, data: Any, size: int) -> Chunk:
        """A chunk of some of its rows: `data`, which begins `first` rows into it."""
        notes = {} if first else self.notes
        return replace(self, first_line=self.first_line + first, data=data, size=size, notes=notes)


@dataclass(frozen=True)
class Decoded:
    """What became of a chunk: records (record.SCHEMA), rejects, and counted remarks."""

    records: pl.DataFrame
    rejects: list[Reject]
    read: int
    notes: dict[str, int]


def rejected(misread: Misread, source: str, line: int, offset: int | None, raw: bytes) -> Reject:
    """The reject that a Misread becomes once its place is known."""
    return Reject(
        source, line, offset, misread.code, str(misread), raw, misread.says, misread.args_said
    )
