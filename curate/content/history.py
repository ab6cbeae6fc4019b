"""History: where a stretch of an earlier turn stands in the JSON of all, and back."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

Stretch = tuple[int, int]


def in_json(history: str, at: int, start: int, end: int) -> Stretch | None:
    """A stretch of message `at` as characters of the JSON; null if that is written otherwise."""
    for number, first, text in turns(history):
        if number == at and history.startswith(escaped(text), first):
            return first + len(escaped(text[:start])), first + len(escaped(text[:end]))
    return None


def in_turn(history: str, start: int, end: int) -> tuple[int, int, int] | None:
    """The message that holds characters of the JSON, and where it does."""
    for number, first, text in turns(history):
        held = escaped(text)
        if first <= start <= end <= first + len(held) and history.startswith(held, first):
            begins, ends = (unescaped(held[: at - first]) for at in (start, end))
            return number, len(begins), len(ends)
    return None


def turns(history: str) -> Iterator[tuple[int, int, str]]:
    """Of each message its number, where its text begins in compact JSON, and the text."""
    at = 1
    for number, (role, text) in enumerate(orjson.loads(history)):
        whole = len(orjson.dumps([role, text]).decode())
        yield number, at + whole - len(escaped(text)) - len('"]'), text
        at += whole + 1


def escaped(text: str) -> str:
    """The text as it stands between the quotes of JSON."""
    return orjson.dumps(text).decode()[1:-1]


def unescaped(value: str) -> str:
    """A stretch of JSON text as the string it stands for."""
    try:
        return str(orjson.loads(f'"{value}"'))
    except orjson.JSONDecodeError:
        return value
