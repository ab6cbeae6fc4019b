"""Wrapped: the one list of records inside a JSON object, or what else the object turns out to be.

Many tools write `{"version": ..., "data": [...]}`. Where exactly one key holds a list of objects,
that list is read; everything else is named, with the way to turn it into records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import orjson

from curate.errors import BadSource
from curate.raw.strict_json import TOKEN
from curate.sources.limits import MIB

MAX_BYTES = 256 * MIB
"""An object is looked at as a whole; a list has no such limit."""

COLON = re.compile(rb"\s*:\s*")
LIST_OF_OBJECTS = re.compile(rb"\[\s*\{")


@dataclass(frozen=True)
class Wrapped:
    """Where the list begins (after its bracket), the key that holds it, and the other keys."""

    offset: int
    key: str
    others: tuple[str, ...]


def find(data: bytes, name: str) -> Wrapped | None:
    """The list of records in an object; None where the object is itself one record.

    BadSource says what the object is where it is neither.
    """
    values = top_level(data)
    if values is None:
        raise BadSource(
            f"{name}: several JSON values one after another, each over several lines; write one "
            f"a line: jq -c . {name} > records.jsonl"
        )
    lists = [key for key, at in values.items() if _holds_objects(data, at)]
    if len(lists) == 1:
        others = tuple(key for key in values if key != lists[0])
        return Wrapped(values[lists[0]] + 1, lists[0], others)
    if len(lists) > 1:
        raise BadSource(
            f"{name}: several keys hold lists of objects ({', '.join(lists)}); save one of them: "
            f"jq -c '.{lists[0]}[]' {name} > records.jsonl"
        )
    starts = {data[at : at + 1] for at in values.values()}
    if starts == {b"["}:
        raise BadSource(
            f"{name}: one list for each column ({', '.join(list(values)[:5])}), not records; "
            "write one object a record (pandas: orient='records', lines=True)"
        )
    if starts == {b"{"}:
        raise BadSource(
            f"{name}: one object for each column or row ({', '.join(list(values)[:5])}), not "
            "records; write one object a record (pandas: orient='records', lines=True)"
        )
    return None


def top_level(data: bytes) -> dict[str, int] | None:
    """Each key of the outermost object, and where its value begins; None if more follows it."""
    depth = 0
    values: dict[str, int] = {}
    for token in TOKEN.finditer(data):
        first = token[0][:1]
        if first in (b"{", b"["):
            depth += 1
        elif first in (b"}", b"]"):
            depth -= 1
            if depth == 0:
                return None if data[token.end() :].strip() else values
        elif depth == 1 and (colon := COLON.match(data, token.end())):
            values[_key(token[0])] = colon.end()
    return values


def _key(text: bytes) -> str:
    try:
        return str(orjson.loads(text))
    except orjson.JSONDecodeError:
        return text.decode("utf-8", "replace").strip('"')


def _holds_objects(data: bytes, at: int) -> bool:
    return LIST_OF_OBJECTS.match(data, at) is not None
