"""Objects: many JSON texts of one chunk, strictly decoded at once.

A chunk whose every text is right is decoded without a Python loop over the texts; the proof that
no key stands twice is made on the whole chunk (`strict_json.KeyMarks`). Any doubt sends single
texts to the exact decoder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import orjson

from curate.formats import Parsed, Raw
from curate.raw import strict_json
from curate.raw.cells import Cells
from curate.raw.encodings import UTF8_BOM
from curate.raw.strict_json import Counts
from curate.sources.limits import RAW_KEPT_BYTES, Limits
from curate.sources.source import Chunk, Misread, Reject, rejected

TOO_LONG = "longer than max_line_bytes = {limit}; its first {kept} bytes are kept"


def too_long(limits: Limits) -> Misread:
    """The fault of a text over the limit."""
    return Misread("line-too-long", TOO_LONG, limit=limits.max_line_bytes, kept=RAW_KEPT_BYTES)


class Texts:
    """JSON texts one after another: their bytes, and where each lies in the source."""

    def __init__(
        self, texts: list[bytes], data: bytes, offset: int, offsets: Sequence[int] | None = None
    ) -> None:
        self.texts, self.data = texts, data
        self._offset, self._offsets = offset, offsets
        self._starts: Counts | None = None

    @classmethod
    def of_lines(cls, data: bytes, offset: int) -> Texts:
        """One text a line; `offset` is where `data` begins in the source."""
        texts = data.split(b"\n")
        if not texts[-1]:
            texts.pop()
        return cls(texts, data, offset)

    @classmethod
    def apart(cls, texts: list[bytes], offsets: Sequence[int]) -> Texts:
        """Texts that were cut out one by one."""
        return cls(texts, b"\n".join(texts), 0, offsets)

    def starts(self) -> Counts:
        """Where each text begins in `data`, and where the next would; counted when asked for."""
        if self._starts is None:
            sizes = np.fromiter(map(len, self.texts), np.int64, len(self.texts)) + 1
            self._starts = np.concatenate([[0], np.cumsum(sizes)])
        return self._starts

    def place(self, number: int) -> int:
        """Where the n-th text begins in the source."""
        if self._offsets is not None:
            return self._offsets[number]
        return self._offset + int(self.starts()[number])


def in_lines(data: bytes, offset: int) -> Callable[[int], Raw]:
    """Offset and bytes of the n-th line; the lines are cut once the first is asked for."""

    @cache
    def texts() -> Texts:
        return Texts.of_lines(data, offset)

    return lambda number: (texts().place(number), texts().texts[number])


def parsed(chunk: Chunk, texts: Texts, lines: Sequence[int], limits: Limits) -> Parsed:
    """Cells of the texts that are strictly objects, rejects for the others.

    `lines` are the numbers of the texts in the source.
    """
    marks = strict_json.KeyMarks(texts.data)
    cells = _all_right(texts, marks, limits)
    if cells is not None:
        return Parsed(cells, lines, _Finder(texts, range(len(lines))))
    return _one_by_one(chunk, texts, lines, marks, limits)


def _all_right(texts: Texts, marks: strict_json.KeyMarks, limits: Limits) -> Cells | None:
    """The cells, where every text is an object that needs no second look or has stood one."""
    try:
        objects = list(map(orjson.loads, texts.texts))
    except orjson.JSONDecodeError:
        return None
    if set(map(type, objects)) != {dict} or max(map(len, texts.texts)) > limits.max_line_bytes:
        return None
    cells = Cells.of(objects)
    changed = False
    try:
        for at in np.flatnonzero(_doubtful(texts, marks, cells, objects, limits)):
            exact = strict_json.exactly(texts.texts[at], limits)
            changed |= repr(exact) != repr(objects[at])  # 2**70 equals the float it became
            objects[at] = exact
    except Misread:
        return None
    return Cells.of(objects) if changed else cells


def _doubtful(
    texts: Texts, marks: strict_json.KeyMarks, cells: Cells, objects: list[Any], limits: Limits
) -> strict_json.Flags:
    """Which texts may hide a key that stands twice, lost digits, or too much nesting."""
    size = len(objects)
    same = cells.deep()
    own, deep = same if same is not None else (0, [objects])
    if not deep and marks.total == own * size and own <= limits.max_keys:
        return np.zeros(size, bool)
    keys, over = np.full(size, own), np.zeros(size, bool)
    for column in deep:
        found, deep_or_lossy = strict_json.tallies(column, limits.max_depth)
        keys += found
        over |= deep_or_lossy
    shown, unsure = marks.by_text(texts.starts())
    doubtful: strict_json.Flags = unsure | over | (shown != keys) | (keys > limits.max_keys)
    return doubtful


def _one_by_one(
    chunk: Chunk,
    texts: Texts,
    lines: Sequence[int],
    marks: strict_json.KeyMarks,
    limits: Limits,
) -> Parsed:
    shown, unsure = marks.by_text(texts.starts())
    objects: list[dict[str, Any]] = []
    kept: list[int] = []
    rejects: list[Reject] = []
    full = np.flatnonzero(np.fromiter(map(bytes.strip, texts.texts), bool, len(texts.texts)))
    blanks = len(texts.texts) - len(full)
    notes: Counter[str] = Counter({"blank-line": blanks} if blanks else {})
    for at in full.tolist():
        text = texts.texts[at]
        if text.startswith(UTF8_BOM):
            notes["byte-order-mark"] += 1
        last = chunk.last and at == len(texts.texts) - 1
        try:
            objects.append(_one(text, int(shown[at]), limits, sure=not unsure[at], last=last))
            kept.append(at)
        except Misread as misread:
            raw = text[:RAW_KEPT_BYTES] if misread.code == "line-too-long" else text
            rejects.append(rejected(misread, chunk.source, lines[at], texts.place(at), raw))
    kept_lines = [lines[at] for at in kept]
    return Parsed(Cells.of(objects), kept_lines, _Finder(texts, kept), rejects, notes)


def _one(text: bytes, shown: int, limits: Limits, *, sure: bool, last: bool) -> dict[str, Any]:
    """One text as an object; Misread where it is not strictly one."""
    if len(text) > limits.max_line_bytes:
        raise too_long(limits)
    try:
        value = orjson.loads(text)
        keys, depth, lossy = strict_json.tally(value)
        sure = sure and keys == shown and not lossy
        sure = sure and depth <= limits.max_depth and keys <= limits.max_keys
    except orjson.JSONDecodeError:
        sure = False
    if not sure:
        value = strict_json.exactly(text, limits, last=last)
    if not isinstance(value, dict):
        says = "of type {kind}, not an object"
        raise Misread("json-not-an-object", says, kind=strict_json.kind(value))
    return value


@dataclass(frozen=True)
class _Finder:
    """Offset and bytes of the n-th kept text."""

    texts: Texts
    kept: Sequence[int]

    def __call__(self, number: int) -> Raw:
        at = self.kept[number]
        return self.texts.place(at), self.texts.texts[at]
