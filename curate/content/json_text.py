"""JSON as text: read strictly, with the place and the name of the first fault.

Unlike a decoder it keeps every token as written (`1.0`, `1e5`, escapes, order of keys).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

MAX_DEPTH = 200  # nested brackets; decoders give up at about 1000

TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]++)
    |(?P<string>"(?>(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)")
    |(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.+-]))
    |(?P<word>(?:true|false|null)(?!\w))
    |(?P<mark>[{}\[\],:])""",
    re.VERBOSE,
)
CLOSES = {"{": "}", "[": "]"}

FAULTS = {
    "trailing-comma": "line {line}, column {column}: a comma stands before the closing {what}",
    "lone-comma": "line {line}, column {column}: a comma has no value before it",
    "no-comma": "line {line}, column {column}: a comma is missing before {what}",
    "no-colon": "line {line}, column {column}: a colon is missing after the key",
    "no-value": "line {line}, column {column}: {what} stands where a value is due",
    "bracket": "line {line}, column {column}: {what} closes a bracket that is not open",
    "unquoted-key": "line {line}, column {column}: the key {what} is not in double quotes",
    "unquoted-text": "line {line}, column {column}: the text {what} is not in double quotes",
    "single-quotes": "line {line}, column {column}: single quotes where JSON has double quotes",
    "curly-quotes": "line {line}, column {column}: curly quotes where JSON has straight ones",
    "python-word": "line {line}, column {column}: {what} is Python; JSON has true, false and null",
    "not-a-number": "line {line}, column {column}: {what} is no JSON number",
    "comment": "line {line}, column {column}: JSON has no comments",
    "ellipsis": "line {line}, column {column}: an ellipsis stands for what was left out",
    "line-break": "line {line}, column {column}: a line break or control character inside a string",
    "escape": "line {line}, column {column}: a backslash that escapes nothing JSON knows",
    "duplicate-key": "line {line}, column {column}: the key {what} occurs twice in one object",
    "cut-short": "line {line}, column {column}: the text ends before {what} is closed",
    "several": "line {line}, column {column}: several values with no array around them",
    "character": "line {line}, column {column}: {what} cannot stand here",
    "too-deep": "line {line}, column {column}: brackets nest too deeply",
}
"""Kind of fault -> what to say of it."""

FOREIGN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("comment", re.compile(r"//|/\*|#")),
    ("ellipsis", re.compile(r"\.\.\.|…")),
    ("single-quotes", re.compile(r"'")),
    ("curly-quotes", re.compile(r"[“”‘’„]")),
    (
        "not-a-number",
        re.compile(r"[-+]?(?:NaN|Infinity|inf\b)|[-+]?\.?[0-9][\w.+-]*|[-+]\.?[0-9]*"),
    ),
    ("python-word", re.compile(r"(?:True|False|None)\b")),
)
BARE = re.compile(r"[\w$][^\n,:{}\[\]\"]{0,60}")
BARE_KEY = re.compile(r"[^\n,:{}\[\]\"]{1,60}?\s*(?=:)")


class Fault(Exception):  # noqa: N818 - named for what it is, and returned as well as raised
    """The first thing that is wrong; `start` and `end` count characters of the whole text."""

    def __init__(self, kind: str, start: int, end: int, what: str = "") -> None:
        super().__init__(kind)
        self.kind, self.start, self.end, self.what = kind, start, end, what


@dataclass(slots=True)
class Reader:
    """One reading of one value: a stack of open brackets and what may come next."""

    text: str
    at: int
    tokens: list[str] = field(default_factory=list)
    open: list[tuple[str, int]] = field(default_factory=list)
    keys: list[set[str]] = field(default_factory=list)
    due: str = "value"  # value, first (value or close), key, first-key, colon, comma

    def value(self) -> int:
        """Read one value; the place after it. Fault."""
        while True:
            kind, token = self.next()
            self.take(kind, token)
            self.tokens.append(token)
            self.at += len(token)
            if not self.open:
                return self.at

    def next(self) -> tuple[str, str]:
        """The token at `at`, after white space."""
        match = TOKEN.match(self.text, self.at)
        if match and match.lastgroup == "space":
            self.at = match.end()
            match = TOKEN.match(self.text, self.at)
        if match is None:
            raise self.foreign()
        kind = match.lastgroup or ""
        return (match[0] if kind == "mark" else kind), match[0]

    def take(self, kind: str, token: str) -> None:
        """Move on by one token, or raise what is wrong with it."""
        if kind in ("}", "]"):
            self.close(kind)
        elif self.due in ("key", "first-key"):
            self.key(kind, token)
        elif self.due in ("colon", "comma"):
            self.separate(kind, token)
        elif kind in ("{", "["):
            self.enter(kind)
        elif kind in (",", ":"):
            raise self.fault("lone-comma" if kind == "," else "character", token)
        else:
            self.due = "comma"

    def separate(self, kind: str, token: str) -> None:
        if self.due == "colon":
            if kind != ":":
                raise self.fault("no-colon", token)
            self.due = "value"
        else:
            if kind != ",":
                raise self.fault("no-comma" if kind != ":" else "character", token)
            self.due = "key" if self.open[-1][0] == "{" else "value"

    def enter(self, bracket: str) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise self.fault("too-deep", bracket)
        self.open.append((bracket, self.at))
        self.keys.append(set())
        self.due = "first-key" if bracket == "{" else "first"

    def close(self, bracket: str) -> None:
        if not self.open or CLOSES[self.open[-1][0]] != bracket:
            raise self.fault("bracket", bracket)
        if self.due in ("value", "key"):
            comma = self.text.rfind(",", 0, self.at)
            if self.tokens[-1] == ",":
                raise Fault("trailing-comma", comma, comma + 1, bracket)
            raise self.fault("no-value", bracket)
        if self.due == "colon":
            raise self.fault("no-colon", bracket)
        self.open.pop()
        self.keys.pop()
        self.due = "comma"

    def key(self, kind: str, token: str) -> None:
        if kind == ",":
            raise self.fault("lone-comma", token)
        if kind != "string":
            raise self.fault("unquoted-key" if kind in ("number", "word") else "character", token)
        name = json.loads(token)
        if name in self.keys[-1]:
            raise self.fault("duplicate-key", token)
        self.keys[-1].add(name)
        self.due = "colon"

    def fault(self, kind: str, token: str) -> Fault:
        return Fault(kind, self.at, self.at + max(1, len(token)), shown(token))

    def foreign(self) -> Fault:
        """What stands where no JSON token can."""
        if self.at >= len(self.text):
            bracket, start = self.open[-1] if self.open else ("", 0)
            what = f"{bracket} of line {place(self.text, start)[0]}" if bracket else "it"
            return Fault("cut-short", max(0, len(self.text) - 1), len(self.text), what)
        if self.text[self.at] == '"':
            return self.bad_string()
        keyed = self.due in ("key", "first-key") and BARE_KEY.match(self.text, self.at)
        for kind, pattern in FOREIGN:
            if match := pattern.match(self.text, self.at):
                if keyed and kind in ("not-a-number", "python-word"):
                    break
                return self.fault(kind, match[0])
        if keyed:
            return self.fault("unquoted-key", keyed[0].rstrip())
        if match := BARE.match(self.text, self.at):
            return self.fault("unquoted-text", match[0].rstrip())
        return self.fault("character", self.text[self.at])

    def bad_string(self) -> Fault:
        """Why the string that opens here is none."""
        good = re.compile(r'"(?>(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)')
        match = good.match(self.text, self.at)
        end = match.end() if match else self.at + 1
        if end >= len(self.text) or not re.search('"', self.text[end:]):
            return Fault("cut-short", self.at, len(self.text), "a string")
        kind = "escape" if self.text[end] == "\\" else "line-break"
        return Fault(kind, end, end + 1)


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def shown(token: str) -> str:
    """A token short enough for a message."""
    return token if len(token) <= 40 else token[:37] + "..."


def read(text: str, start: int = 0) -> tuple[list[str], int]:
    """Tokens of the value that starts here, and the place after it. Fault where it is none."""
    reader = Reader(text, start)
    end = reader.value()
    return reader.tokens, end


def read_all(text: str) -> list[str]:
    """Tokens of a text that holds one value and nothing else. Fault."""
    tokens, end = read(text)
    rest = text[end:].lstrip(" \t\r\n")
    if rest:
        at = len(text) - len(rest)
        raise Fault("several" if rest[0] in ",{[" else "character", at, at + 1, shown(rest[0]))
    return tokens


def sound(text: str) -> bool:
    """Is the text JSON, no key twice? Says the same as `read_all`, many times faster."""
    try:
        json.loads(text, parse_constant=refuse, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return False
    return True


def refuse(constant: str) -> None:
    """NaN and Infinity are not JSON, whatever the standard library takes."""
    raise ValueError(constant)


def once(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key twice")


def without_trailing_commas(text: str) -> str | None:
    """The text with its trailing commas gone, if that alone makes it JSON."""
    for _ in range(1000):
        try:
            read_all(text)
        except Fault as fault:
            if fault.kind != "trailing-comma":
                return None
            text = text[: fault.start] + text[fault.end :]
        else:
            return text
    return None
