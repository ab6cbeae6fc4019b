"""Strict JSON: decode one text exactly, or say what is wrong with it and where.

orjson is strict about nearly everything and fast, and keeps the last of two equal keys without a
word, as most readers do. `tally` and `KeyMarks` prove for a whole chunk that no key stands twice;
whatever they cannot prove is decoded again here, slowly and exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import chain
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import orjson

from curate.raw.encodings import japanese_name
from curate.raw.flat import FLAT
from curate.sources.limits import Limits
from curate.sources.source import Misread

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BIGGEST_EXACT = float(1 << 63)
"""From here up a float may be an integer that did not fit."""

PLAIN_DEPTH = 3
"""A record that holds a list of objects without anything deeper."""

NONE: Flags = np.zeros(1, bool)

TOKEN = re.compile(rb'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
SURROGATE = re.compile(r"[\ud800-\udfff]")
QUOTE, COLON, BACKSLASH, SPACE = b'":\\ '


def tally(value: Any) -> tuple[int, int, bool]:
    """Keys in a decoded value, nesting depth, and whether a number may have lost digits."""
    if isinstance(value, dict):
        keys, inner = len(value), value.values()
    elif isinstance(value, list):
        keys, inner = 0, value  # type: ignore[assignment]
    else:
        return 0, 0, isinstance(value, float) and abs(value) >= BIGGEST_EXACT
    if FLAT.issuperset(map(type, inner)):
        return keys, 1, False
    tallies = [tally(item) for item in inner if type(item) not in FLAT]
    keys += sum(found for found, _, _ in tallies)
    return keys, 1 + max(deep for _, deep, _ in tallies), any(lossy for _, _, lossy in tallies)


def tallies(column: Sequence[Any], max_depth: int) -> tuple[Counts, Flags]:
    """For each cell its keys, and whether it is too deep or may have lost digits.

    Lists of messages, all with as many keys, are counted together.
    """
    size = len(column)
    if set(map(type, column)) == {list} and max_depth > PLAIN_DEPTH:
        inner = list(chain.from_iterable(column))
        if set(map(type, inner)) == {dict}:
            widths = set(map(len, inner))
            if len(widths) == 1 and FLAT.issuperset(
                map(type, chain.from_iterable(map(dict.values, inner)))
            ):
                return np.fromiter(map(len, column), np.int64, size) * widths.pop(), NONE
    found = list(map(tally, column))
    keys = np.fromiter((keys for keys, _, _ in found), np.int64, size)
    return keys, np.fromiter((d >= max_depth or lossy for _, d, lossy in found), bool, size)


class KeyMarks:
    """Where the text of a chunk shows keys: in all, and text by text.

    A key ends in `":` in the text. Inside a string value the quote is escaped, so `\\":` does not
    count. Unsure: white space before a colon, or a key that ends in a backslash. A value that
    begins with a colon counts as a key too much, never too little: equal counts prove that no
    key was dropped.
    """

    def __init__(self, data: bytes) -> None:
        text = np.frombuffer(data, np.uint8)
        colons = np.flatnonzero(text == COLON)
        before = text[colons - 1]
        second = text[colons - 2] if len(text) > 1 else before
        quoted = before == QUOTE
        escaped = quoted & (second == BACKSLASH)
        unsure = (before <= SPACE) & ((second == QUOTE) | (second <= SPACE))
        if escaped.any():
            unsure |= escaped & (text[colons - 3] == BACKSLASH)
        self._keys = colons[quoted & ~escaped]
        self._unsure = colons[unsure]

    @property
    def total(self) -> int:
        """Keys that the whole chunk shows; -1 where some text is unsure."""
        return -1 if len(self._unsure) else len(self._keys)

    def by_text(self, starts: Counts) -> tuple[Counts, Flags]:
        """Keys that each text shows, and which texts are unsure; a text begins at each start."""
        ends, size = starts[1:], len(starts) - 1
        counted = np.bincount(np.searchsorted(ends, self._keys, "right"), minlength=size)
        flagged = np.bincount(np.searchsorted(ends, self._unsure, "right"), minlength=size) > 0
        return counted[:size], flagged[:size]


def exactly(text: bytes, limits: Limits, *, last: bool = False) -> Any:
    """Decode one JSON text; Misread with a code and a place where it is not strictly right.

    `last`: nothing follows in the source, so a broken end may mean that the file was cut short.
    """
    if text.startswith(b"\xef\xbb\xbf"):
        text = text[3:]
    decoded = utf8(text)
    if depth(text, limits.max_depth) > limits.max_depth:
        says = "nested deeper than max_depth = {limit}"
        raise Misread("json-too-deep", says, limit=limits.max_depth)
    try:
        value = _decoder(limits).decode(decoded)
    except json.JSONDecodeError as error:
        raise _explained(error, last) from None
    _no_surrogate(value)
    return value


def utf8(text: bytes) -> str:
    """The text; Misread at the first byte that is not UTF-8."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        name = japanese_name(text)
        if name:
            says = "not UTF-8 at byte {at} of the line; it reads as {encoding}"
            raise Misread("not-utf8", says, at=error.start, encoding=name) from None
        says = "not UTF-8 at byte {at} of the line (0x{byte})"
        byte = f"{text[error.start]:02x}"
        raise Misread("not-utf8", says, at=error.start, byte=byte) from None


def kind(value: Any) -> str:
    """The type of a value, as JSON calls it; as Python does where JSON has none."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number"}
    names |= {float: "number", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def depth(text: bytes, enough: int) -> int:
    """How deep brackets nest outside strings, counted until it is more than `enough`."""
    deepest = now = 0
    for token in TOKEN.finditer(text):
        first = token[0][0]
        if first in b"[{":
            now += 1
            deepest = max(deepest, now)
            if deepest > enough:
                break
        elif first in b"]}":
            now -= 1
    return deepest


def _decoder(limits: Limits) -> json.JSONDecoder:
    seen = 0

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal seen
        seen += len(items)
        if seen > limits.max_keys:
            says = "more keys than max_keys = {limit}"
            raise Misread("json-too-many-keys", says, limit=limits.max_keys)
        whole = dict(items)
        if len(whole) != len(items):
            twice = next(k for i, (k, _) in enumerate(items) if k in dict(items[:i]))
            raise Misread("json-duplicate-key", "the key {key!r} stands twice", key=twice)
        return whole

    def integer(digits: str) -> int:
        count = len(digits.lstrip("-"))
        if count > limits.max_int_digits:
            says = "an integer of {count} digits; max_int_digits = {limit}"
            raise Misread("json-integer-too-long", says, count=count, limit=limits.max_int_digits)
        return int(digits)

    return json.JSONDecoder(
        object_pairs_hook=pairs, parse_int=integer, parse_float=_float, parse_constant=_constant
    )


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise Misread("json-number-too-large", "the number {number} is too large", number=digits)
    return number


def _constant(name: str) -> NoReturn:
    raise Misread("json-not-a-number", "{name} is not JSON; write null or a number", name=name)


def _explained(error: json.JSONDecodeError, last: bool) -> Misread:
    """What the decoder stumbled over, in the user's terms."""
    at, text = error.pos, error.doc
    rest = text[at:].strip()
    if error.msg == "Extra data":
        if rest.startswith("{"):
            says = "two objects on one line; a second one begins at character {at}"
            return Misread("json-two-objects", says, at=at)
        return Misread("json-extra-text", "text after the object, at character {at}", at=at)
    if error.msg.startswith("Invalid control character"):
        says = "a raw control character U+{code} at character {at}; JSON wants it escaped"
        return Misread("json-control-character", says, code=f"{ord(text[at]):04X}", at=at)
    cut = not rest or error.msg.startswith("Unterminated string")
    if cut and last:
        says = "the text ends in the middle of the object; was the file cut short?"
        return Misread("json-cut-short", says)
    if cut:
        says = "the object is not finished at the end of the line; does it span several lines?"
        return Misread("json-unfinished", says)
    says = "not JSON at character {at}: {why}"
    return Misread("json-invalid", says, at=at, why=error.msg)


def _no_surrogate(value: Any) -> None:
    try:
        orjson.dumps(value)
    except TypeError:  # or an integer beyond 64 bits, which is fine
        surrogate = lone_surrogate(json.dumps(value, ensure_ascii=False))
        if surrogate is not None:
            raise surrogate from None


def lone_surrogate(text: str) -> Misread | None:
    """The fault of a text that holds half a character."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        code = f"{ord(error.object[error.start]):04X}"
        says = "half a character: the lone surrogate U+{code}, which no UTF-8 text can hold"
        return Misread("lone-surrogate", says, code=code)
    return None
