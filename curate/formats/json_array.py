"""JSON: one list of objects, or an object in which one key holds such a list.

`line` is the number of the element, from 1. The list is cut while it streams, so that one element
at most is in memory, and each element is then decoded as strictly as a line of JSON Lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import orjson

from curate import shapes
from curate.errors import BadSource
from curate.formats import Format, Head, Parsed
from curate.raw import objects, wrapped
from curate.raw.elements import Element, Scanner
from curate.raw.encodings import UTF8_BOM
from curate.raw.streams import opened
from curate.sources.limits import MAX_LINES, Limits
from curate.sources.source import Chunk, Said, Source, rejected

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
    return 4 if not rest.strip(SPACE) and wraps(value) else 0


def _decoded(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def wraps(value: Any) -> bool:
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
    if value is None or wraps(value):
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


def _pieces(source: Source, elements: Iterator[Element], size: int) -> Iterator[Chunk]:
    """Elements in order, about `size` bytes a chunk."""
    batch: list[Element] = []
    number, held = 0, 0
    for line, element in enumerate(elements, start=1):
        batch.append(element)
        held += len(element.text)
        if held >= size or len(batch) == MAX_LINES:
            yield _chunk(source, number, line + 1 - len(batch), batch, held)
            number, batch, held = number + 1, [], 0
    if batch:
        yield _chunk(source, number, line + 1 - len(batch), batch, held)


def _chunk(source: Source, number: int, line: int, batch: list[Element], held: int) -> Chunk:
    at = batch[0].offset
    return Chunk(source.name, number, line, at, FORMAT.name, source.fit, data=batch, size=held)


def parse(chunk: Chunk, limits: Limits) -> Parsed:
    """Cells of a chunk; rejects for the elements that are not one strict object."""
    rejects, lines, texts, offsets = [], [], [], []
    for line, (offset, text, fault) in enumerate(chunk.data, start=chunk.first_line):
        if fault is not None:
            rejects.append(rejected(fault, chunk.source, line, offset, text))
            continue
        lines.append(line)
        texts.append(text)
        offsets.append(offset)
    parsed = objects.parsed(chunk, objects.Texts.apart(texts, offsets), lines, limits)
    parsed.rejects = sorted([*parsed.rejects, *rejects], key=lambda reject: reject.line)
    return parsed


def halve(chunk: Chunk, _: Limits) -> tuple[Chunk, ...]:
    """Two chunks of half the elements; none of a single one."""
    elements: list[Element] = chunk.data
    middle = len(elements) // 2
    if not middle:
        return ()
    size = sum(len(element.text) for element in elements[:middle])
    second = chunk.rows_from(middle, elements[middle:], chunk.size - size)
    return (
        chunk.rows_from(0, elements[:middle], size),
        replace(second, offset=elements[middle].offset),
    )


FORMAT = Format(
    name="json",
    title="JSON",
    suffixes=(".json",),
    claims=claims,
    cut=cut,
    parse=parse,
    look=look,
    halve=halve,
    raw=lambda chunk: bytes(chunk.data[0].text),
)
