"""Code in a text: fenced blocks, inline code, and JSON or SQL that stands without a fence.

Shared by the checks of structured output and by the normalisers, which must leave code alone.
All places count characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPENING = re.compile(r"^[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE)
INLINE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n)(?!(?<!`)\1(?!`)).)*(?<!`)\1(?!`)", re.DOTALL)
INDENTED = re.compile(r"^(?: {4}|\t)[^\n]*$", re.MULTILINE)

JSON_TAGS = frozenset({"json"})
SQL_TAGS = {
    "sql": "", "postgresql": "postgres", "postgres": "postgres", "pgsql": "postgres",
    "mysql": "mysql", "sqlite": "sqlite", "sqlite3": "sqlite", "tsql": "tsql", "t-sql": "tsql",
    "bigquery": "bigquery", "snowflake": "snowflake", "plsql": "oracle", "oracle": "oracle",
}  # fmt: skip
"""Language tag of a fence -> the dialect it names ("" none)."""

KEYED = re.compile(r'\s*+(?>(?:\[\s*+)*)\{\s*+"[^"\n]{0,200}"\s*+:')
OPENS_JSON = re.compile(r"\s*+[{\[]")
LINE_OPENS_JSON = re.compile(r"^[ \t]*[{\[]", re.MULTILINE)

NAME = r"""(?:[\w$.\[\]"`#@-]|\{[^}\n]*\})+"""
OPENS_SQL = re.compile(
    rf"""\s*+(?:
      (?-i:SELECT)\s
    | select\s+(?:distinct\s+|top\s+\d+\s+)?
        (?:\*|\w+\s*\(|[\w.]+\s*,|\w+\.\w|[\w."`]+(?:\s+as\s+\w+)?\s+from\s+[\w."`]+\s*(?:;|$|
           \n|where\s+\S+\s*(?:[=<>]|like|in|is)|limit\s+\d|order\s+by|group\s+by|(?:inner\s+|left\s+)?join\s))
    | with\s+(?:recursive\s+)?{NAME}\s*(?:\([^)]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s*)?\(
    | (?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|merge\s+into)\s+{NAME}\s*
        (?:\(|values\b|select\b|default\b|as\b|using\b)
    | update\s+{NAME}(?:\s+(?:as\s+)?\w+)?\s+set\s+{NAME}\s*=
    | delete\s+from\s+{NAME}\s*(?:;|$|where\s+\S+\s*(?:[=<>]|like\b|in\b|is\b))
    | (?-i:DELETE)\s+(?-i:FROM)\s
    | create\s+(?:or\s+replace\s+|temp(?:orary)?\s+|unique\s+|materialized\s+|virtual\s+)*
        (?:table|view|index|trigger|function|procedure|schema|database|sequence|type)\s+
        (?:if\s+not\s+exists\s+)?{NAME}\s*(?:\(|;|$|as\s+select|as\s*\n|on\s+{NAME}\s*\()
    | (?:alter|drop|truncate)\s+(?:table|view|index|database|schema)\s+
        (?:if\s+exists\s+)?{NAME}\s*(?:;|$|add\s|drop\s|rename\s|modify\s|alter\s|cascade\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: [start, end) with its fences, [body, body_end) without them."""

    start: int
    end: int
    body: int
    body_end: int
    info: Span  # what follows the opening fence on its line
    language: str  # first word of that, in lower case; "" none
    closed: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of JSON or SQL inside a text; `tag` is the language its fence names, "" none."""

    start: int
    end: int
    tag: str
    fenced: bool


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks, in order; one that is never closed runs to the end."""
    if "```" not in text and "~~~" not in text:
        return
    at = 0
    while opened := OPENING.search(text, at):
        fence, info = opened["fence"], opened["info"]
        if fence[0] == "`" and "`" in info:
            at = opened.end()
            continue
        body = min(opened.end() + 1, len(text))
        closing = re.compile(rf"^[ \t]*{fence[0]}{{{len(fence)},}}[ \t\r]*$", re.MULTILINE)
        closed = closing.search(text, body) if body > opened.end() else None
        at = closed.end() if closed else len(text)
        words = info.strip().strip("{}.").split()
        yield Block(
            start=opened.start(),
            end=at,
            body=body,
            body_end=closed.start() if closed else len(text),
            info=Span(*opened.span("info")),
            language=words[0].lower() if words else "",
            closed=closed is not None,
        )


def code_spans(text: str, *, indented: bool = True) -> list[Span]:
    """Where code is: fenced blocks, inline code and, if asked, lines indented by four or more."""
    fenced = [Span(block.start, block.end) for block in blocks(text)]
    found = list(fenced)
    for prose in outside(text, fenced):
        part = text[prose.start : prose.end]
        patterns = [INLINE, INDENTED] if indented else [INLINE]
        for pattern in patterns:
            found += [
                Span(prose.start + match.start(), prose.start + match.end())
                for match in pattern.finditer(part)
            ]
    return sorted(found, key=lambda span: (span.start, span.end))


def outside(text: str, spans: list[Span]) -> Iterator[Span]:
    """What is left of a text between the spans, which are in order and may overlap."""
    at = 0
    for span in spans:
        if span.start > at:
            yield Span(at, span.start)
        at = max(at, span.end)
    if at < len(text):
        yield Span(at, len(text))


def json_texts(text: str, *, asked: bool = False) -> Iterator[Found]:
    """Stretches of a text that are meant as JSON.

    Fences tagged `json`; without a fence, text that opens like an object with a quoted key. When
    JSON was asked for, any text or line that opens with a bracket will do.
    """
    fenced = list(blocks(text))
    for block in fenced:
        body = text[block.body : block.body_end]
        if block.language in JSON_TAGS or (not block.language and opens_json(body, asked=asked)):
            yield Found(block.body, block.body_end, block.language, fenced=True)
    if fenced:
        return
    if opens_json(text, asked=asked):
        yield Found(0, len(text), "", fenced=False)
    elif asked and (line := LINE_OPENS_JSON.search(text)) and KEYED.match(text, line.start()):
        yield Found(line.start(), len(text), "", fenced=False)


def opens_json(text: str, *, asked: bool) -> bool:
    """Does the text open like a JSON object (or, when asked for JSON, with any bracket)?"""
    return bool(OPENS_JSON.match(text) if asked else KEYED.match(text))


def sql_texts(text: str) -> Iterator[Found]:
    """Stretches of a text that are meant as SQL: fences tagged so, or a text that opens like it."""
    fenced = list(blocks(text))
    for block in fenced:
        body = text[block.body : block.body_end]
        if block.language in SQL_TAGS or (not block.language and OPENS_SQL.match(body)):
            yield Found(block.body, block.body_end, block.language, fenced=True)
    if not fenced and OPENS_SQL.match(text):
        yield Found(0, len(text), "", fenced=False)
