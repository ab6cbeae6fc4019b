"""JSON: one list of objects, or an object in which one key holds such a list.

`line` is the number of the element, from 1. The list is cut while it streams, so that one element
at most is in memory, and each element is then decoded as strictly as a line of JSON Lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import orjson

from curate import shapes
from curate.errors import BadSource
from curate.formats import Format, Head, Parsed
from curate.limits import Limits
from curate.raw import objects, wrapped
from curate.raw.elements import Element, Scanner
from curate.raw.encodings import UTF8_BOM
from curate.raw.streams import opened
from curate.source import Chunk, Said, Source, rejected

SPACE = b" \t\r\n"


@dataclass(frozen=True)
class Found:
    """Where the elements lie: after this many bytes; `inside` an object, or `alone`, being it."""

    offset: int
    inside: bool = False
    alone: bool = False
    said: tuple[Said, ...] = ()


def claims(head: Head) -> int:
    """Sure of a list; sure of an object that spans lines, or that is no record by itself."""
    data = head.data.removeprefix(UTF8_BOM).lstrip(SPACE)
    first, _, rest = data.partition(b"\n")
    if data.startswith(b"["):
        several = rest.lstrip(SPACE).startswith(b"[") and _decoded(first) is not None
        return 0 if several else 4
    if not data.startswith(b"{"):
        return 0
    if first.strip(SPACE) == b"{":
        return 3
    value = _decoded(first)
    if value is None:
        return 0
    return 4 if not rest.strip(SPACE) and _wraps(value) else 0


def _decoded(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _wraps(value: Any) -> bool:
    """Whether an object holds records rather than being one."""
    if not isinstance(value, dict) or not value:
        return False
    shape = shapes.of(value)
    if shape is not None and shape[0] != "text":
        return False
    only_containers = all(isinstance(held, list | dict) for held in value.values())
    return only_containers or any(
        isinstance(held, list) and held and isinstance(held[0], dict) for held in value.values()
    )


def look(source: Source, head: Head | None, limits: Limits) -> Found:
    """Where the list begins; BadSource where there is none."""
    assert source.path is not None
    assert head is not None
    blank = len(head.data) - len(head.data.removeprefix(UTF8_BOM).lstrip(SPACE))
    first = head.data[blank : blank + 1]
    if first == b"[":
        return Found(blank + 1)
    if first != b"{":
        raise BadSource(f"{source.name} is not JSON: it begins with {head.data[:20]!r}")
    data = head.data
    if not head.whole:
        with closing(opened(source.path, source.compression, limits, source.encoding)) as stream:
            data = stream.read(wrapped.MAX_BYTES + 1)
    if len(data) > wrapped.MAX_BYTES:
        raise BadSource(
            f"{source.name}: an object of more than {wrapped.MAX_BYTES} bytes; save its list of "
            f"records: jq -c '.KEY[]' {source.name} > records.jsonl"
        )
    value = _decoded(data.removeprefix(UTF8_BOM))
    found = None
    if value is None or _wraps(value):
        found = wrapped.find(data, source.name)
    if found is None:
        return Found(blank, alone=True)
    said: list[Said] = [("the list under key {key!r}", {"key": found.key})]
    if found.others:
        said.append(("other keys not read: {keys}", {"keys": ", ".join(found.others)}))
    return Found(found.offset, inside=True, said=tuple(said))


def cut(source: Source, limits: Limits, size: int) -> Iterator[Chunk]:
    """Chunks of whole elements; an element that cannot be cut out is a chunk with a fault."""
    assert source.path is not None
    found: Found = source.data
    with closing(opened(source.path, source.compression, limits, source.encoding)) as stream:
        stream.read(found.offset)
        if found.alone:
            elements = iter([Element(found.offset, stream.read(limits.max_line_bytes + 1))])
        else:
            elements = Scanner(stream, found.offset, limits, inside=found.inside).elements()
        yield from _pieces(source, elements, size)


@dataclass
class _Batch:
    """Elements for one chunk."""

    first: int
    size: int = 0
    elements: list[Element] = field(default_factory=list)

    def add(self, element: Element) -> None:
        self.elements.append(element)
        self.size += len(element.text)


def _pieces(source: Source, elements: Iterator[Element], size: int) -> Iterator[Chunk]:
    number, batch = 0, _Batch(1)
    for line, element in enumerate(elements, start=1):
        if element.fault is None:
            batch.add(element)
            if batch.size < size:
                continue
        if batch.elements:
            yield _chunk(source, number, batch)
            number += 1
        batch = _Batch(line + 1)
        if element.fault is not None:
            reject = rejected(element.fault, source.name, line, element.offset, element.text)
            yield Chunk(
                source.name, number, line, element.offset, FORMAT.name, source.fit, fault=reject
            )
            number += 1
    if batch.elements:
        yield _chunk(source, number, batch)


def _chunk(source: Source, number: int, batch: _Batch) -> Chunk:
    offsets = [element.offset for element in batch.elements]
    texts = [element.text for element in batch.elements]
    return Chunk(
        source.name,
        number,
        batch.first,
        offsets[0],
        FORMAT.name,
        source.fit,
        data=(texts, offsets),
        size=batch.size,
    )


def parse(chunk: Chunk, limits: Limits) -> Parsed:
    """Cells of a chunk; rejects for the elements that are not one strict object."""
    texts, offsets = chunk.data
    return objects.parsed(chunk, objects.Texts.apart(texts, offsets), limits)


FORMAT = Format(
    name="json",
    title="JSON",
    suffixes=(".json",),
    claims=claims,
    cut=cut,
    parse=parse,
    look=look,
)
