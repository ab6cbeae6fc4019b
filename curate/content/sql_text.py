"""SQL as text: parsed by sqlglot in one dialect or in the common ones, with the place of a fault.

sqlglot is imported on first use: it is slow to load, and most data sets hold no SQL.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot.expressions.core import Expr
    from sqlglot.tokenizer_core import Token

COMMON = ("", "postgres", "mysql", "sqlite", "bigquery", "tsql", "snowflake")
"""Tried in this order where no dialect is set; "" is sqlglot's own lenient one."""

MAX_CHARACTERS = 50_000  # about half a second of parsing

LITERAL = re.compile(
    r"'(?>(?:[^'\\]|''|\\.)*)'|\"(?>(?:[^\"\\]|\"\"|\\.)*)\"|--[^\n]*+|/\*.*?\*/", re.DOTALL
)
CURLY = re.compile(r"[‘’“”]")
MISSING = re.compile(r"Missing (\S+) from ")
WORDS = re.compile(
    r"(?:\b(?!(?:select|from|where|and|or|not|in|is|null|like|as|on|join|left|right|inner|outer|full|"
    r"cross|group|order|by|limit|offset|having|union|all|case|when|then|else|end|set|values|insert|"
    r"into|update|delete|with|distinct|asc|desc|between|exists|primary|key|default|references|table|"
    r"int|integer|text|date|timestamp|over|partition|rows|unbounded|preceding|current|row|recursive|"
    r"if|unique|foreign|constraint|check|create|alter|drop|add|column|using|returns|language|for)\b)"
    r"[a-z]+ +){5}",
    re.IGNORECASE,
)
WORDS_WITHIN = 200  # characters after a fault
RANKS = {"WHERE": 1, "GROUP_BY": 2, "HAVING": 3, "ORDER_BY": 4}
"""Clauses of one SELECT, by the order in which they must stand (sqlglot takes any order)."""
STARTS = frozenset(["SELECT", "SEMICOLON", "UNION", "EXCEPT", "INTERSECT"])


class SqlFault(Exception):  # noqa: N818 - named for what it is
    """What the parser said, in few words, and where: characters of the text."""

    def __init__(self, words: str, start: int, end: int) -> None:
        super().__init__(words)
        self.words, self.start, self.end = words, start, end


class CannotTell(Exception):  # noqa: N818 - named for what it is
    """The parser cannot judge this text; the argument says why."""


class Crashed(CannotTell):
    """The parser itself failed on this text, in one dialect."""


@contextmanager
def quiet() -> Iterator[None]:
    """Keep sqlglot's warnings about unknown statements off the screen."""
    logger = logging.getLogger("sqlglot")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def parse(text: str, dialect: str = "") -> list[Expr]:
    """The statements of a text. SqlFault, or CannotTell where the parser knows too little."""
    import sqlglot
    from sqlglot.errors import ParseError, TokenError
    from sqlglot.expressions import Command

    if len(text) > MAX_CHARACTERS:
        raise CannotTell("the SQL is too long to be parsed")
    try:
        with quiet():
            found = [one for one in sqlglot.parse(text, read=dialect or None) if one is not None]
    except ParseError as error:
        raise fault_of(text, error.errors[0]) from None
    except TokenError as error:
        raise cut_short(text, str(error.__cause__)) from None
    except RecursionError:
        raise CannotTell("the SQL nests too deeply to be parsed") from None
    except Exception:
        raise Crashed("the parser fails on this SQL") from None
    if any(isinstance(statement, Command) for statement in found):
        raise CannotTell("the parser does not know this kind of SQL statement")
    return found


def parse_any(text: str, dialects: Sequence[str] = COMMON) -> tuple[list[Expr], str]:
    """The statements and the first dialect that takes them; the fault of the first one if none."""
    first: SqlFault | None = None
    unknown: CannotTell | None = None
    crashed: Crashed | None = None
    for dialect in dialects:
        try:
            return parse(text, dialect), dialect
        except SqlFault as fault:
            first = first or fault
            if runs_into_words(text, fault):
                break
        except Crashed as why:
            crashed = why
        except CannotTell as why:
            unknown = why
    if unknown is not None:
        raise unknown
    raise first or crashed or CannotTell("no dialect was given")


def runs_into_words(text: str, fault: SqlFault) -> bool:
    """Do so many plain words follow the fault that no dialect can take them? Saves asking all."""
    near = without_literals(text)[fault.start : fault.start + WORDS_WITHIN]
    return "\\" not in text and WORDS.search(near) is not None


def check(text: str, dialects: Sequence[str] = COMMON) -> None:
    """Raise what is wrong with the SQL; adds two faults that sqlglot lets pass."""
    _, dialect = parse_any(text, dialects)
    if match := CURLY.search(without_literals(text)):
        raise SqlFault("curly quotes where SQL has straight ones", match.start(), match.end())
    if "|>" not in text:  # in pipe syntax clauses may stand in any order
        clauses_in_order(tokens(text, dialect))


def clauses_in_order(found: Sequence[Token]) -> None:
    """Raise SqlFault where a clause stands after one that it must come before."""
    last = [""]  # the last ranked clause of each open bracket
    for token in found:
        name = token.token_type.name
        if name == "L_PAREN":
            last.append("")
        elif name == "R_PAREN" and len(last) > 1:
            last.pop()
        elif name in STARTS:
            last[-1] = ""
        elif name in RANKS:
            if RANKS[name] < RANKS.get(last[-1], 0):
                words = f"{name} after {last[-1]}".replace("_", " ")
                raise SqlFault(words, token.start, token.end + 1)
            last[-1] = name


def tokens(text: str, dialect: str = "") -> list[Token]:
    """The tokens of a text that parses."""
    import sqlglot

    return list(sqlglot.tokenize(text, read=dialect or None))


def without_literals(text: str) -> str:
    """The text with quoted strings and comments blanked out, places kept."""
    return LITERAL.sub(lambda match: " " * len(match[0]), text)


def fault_of(text: str, said: dict[str, Any]) -> SqlFault:
    """A parse error in few words, at the token that the parser stumbled over."""
    words, token = str(said["description"]), str(said["highlight"] or "")
    line, column = int(said["line"]), int(said["col"])
    end = min(line_start(text, line) + column, len(text))
    if words.startswith("Required keyword"):
        words = f"incomplete at {token!r}"
    elif words.startswith("Invalid expression"):
        words = f"unexpected {token!r}"
    return SqlFault(words, max(0, end - max(1, len(token))), end)


def cut_short(text: str, cause: str) -> SqlFault:
    """A quoted string or a comment that is never closed."""
    if match := MISSING.match(cause):
        start = max(0, without_literals(text).find(match[1]))
        return SqlFault(f"missing closing {match[1]}", start, start + 1)
    start = max(0, text.rfind("/*"))
    return SqlFault("the text ends inside a comment", start, min(start + 2, len(text)))


def line_start(text: str, line: int) -> int:
    """The place of the first character of a line, counted from 1."""
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    return at
