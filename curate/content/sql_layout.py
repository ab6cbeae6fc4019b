"""SQL laid out anew: only blanks between tokens and the case of keywords change.

One clause a line, subqueries indented, or all on one line. Statements that define things (CREATE,
ALTER ...) keep their layout, and so does SQL with comments, which would lose their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from curate.content.sql_text import CannotTell, parse_any, tokens

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

Layout = Literal["one line", "several lines"]
Case = Literal["SELECT", "select"]

STEP = "  "
CLAUSES = frozenset({
    "SELECT", "FROM", "WHERE", "GROUP_BY", "HAVING", "ORDER_BY", "LIMIT", "OFFSET", "FETCH",
    "UNION", "EXCEPT", "INTERSECT", "QUALIFY", "WINDOW", "RETURNING", "VALUES", "SET",
})  # fmt: skip
JOINED = frozenset({"LEFT", "RIGHT", "FULL", "INNER", "OUTER", "CROSS", "NATURAL", "SEMI", "ANTI"})
DEFINES = frozenset({"CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "COMMENT"})
QUERIES = frozenset({"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "L_PAREN"})

KEYWORDS = CLAUSES | JOINED | {
    "JOIN", "ON", "USING", "AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "BETWEEN",
    "EXISTS", "DISTINCT", "ALIAS", "ALL", "CASE", "WHEN", "THEN", "ELSE", "END", "ASC", "DESC",
    "WITH", "INSERT", "INTO", "UPDATE", "DELETE", "OVER", "PARTITION_BY", "TRUE", "FALSE",
}  # fmt: skip
DEFINING = frozenset({
    "CREATE", "TABLE", "VIEW", "INDEX", "PRIMARY_KEY", "FOREIGN_KEY", "REFERENCES", "DEFAULT",
    "UNIQUE", "ALTER", "DROP", "CONSTRAINT",
})  # fmt: skip


class Unlike(Exception):  # noqa: N818 - named for what it is
    """The text would not have stayed the same; a fault of ours, caught before anything changed."""


@dataclass(slots=True)
class Level:
    """An open bracket, or the statement itself."""

    query: bool
    indent: str  # of its clauses
    outer: str = ""  # of the line on which it opens
    clause: str = ""
    between: bool = False


def laid_out(text: str, layout: Layout | None, case: Case | None, dialects: tuple[str, ...]) -> str:
    """The SQL in another style. SqlFault or CannotTell where it cannot be read, Unlike never."""
    before, dialect = parse_any(text, dialects)
    found = tokens(text, dialect)
    gaps = [text[a.end + 1 : b.start] for a, b in zip(found, found[1:], strict=False)]
    head, tail = text[: found[0].start], text[found[-1].end + 1 :]
    if any(gap.strip() for gap in [head, *gaps, tail]):
        raise CannotTell("the SQL holds comments")
    if layout is not None and found[0].token_type.name in QUERIES:
        names = [token.token_type.name for token in found]
        gaps = [single(a, gap, b) for a, gap, b in zip(names, gaps, names[1:], strict=False)]
        gaps = broken(names, gaps) if layout == "several lines" else gaps
    words = [spelt(text, token, case, found[0]) for token in found]
    gaps.append("")
    new = head + "".join(word + gap for word, gap in zip(words, gaps, strict=True)) + tail
    if parse_any(new, (dialect,))[0] != before or marks(new, dialect) != marks(text, dialect):
        raise Unlike(text)
    return new


def marks(text: str, dialect: str) -> list[tuple[str, str]]:
    """What a text says, blanks and the case of keywords aside."""
    named = [(token.token_type.name, token.text) for token in tokens(text, dialect)]
    return [(name, "" if name in KEYWORDS | DEFINING else said) for name, said in named]


def spelt(text: str, token: Token, case: Case | None, first: Token) -> str:
    """A token as written, a keyword in the wanted case."""
    written, name = text[token.start : token.end + 1], token.token_type.name
    defines = first.token_type.name in DEFINES
    if name not in KEYWORDS and not (defines and name in DEFINING):
        return written
    written = " ".join(written.split())
    return written if case is None else written.upper() if case == "SELECT" else written.lower()


def single(before: str, gap: str, after: str) -> str:
    """At most one blank between two tokens, none inside a bracket or before a comma."""
    if before == "L_PAREN" or after in ("R_PAREN", "COMMA", "SEMICOLON"):
        return ""
    return gap and " "


def broken(names: list[str], gaps: list[str]) -> list[str]:
    """The blanks between tokens, with a line break before each clause of each query."""
    levels, new, line = [Level(query=True, indent="", clause=names[0])], list[str](), ""
    for i, (before, name) in enumerate(zip(names, names[1:], strict=False)):
        indent: str | None = None
        if before == "L_PAREN":
            query = name in ("SELECT", "WITH")
            levels.append(Level(query, line + STEP, outer=line, clause=name))
            indent = levels[-1].indent if query else None
        if name == "R_PAREN" and len(levels) > 1:
            closed = levels.pop()
            indent = closed.outer if closed.query else None
        elif before != "L_PAREN":
            indent = line_break(names, i + 1, levels[-1])
        line = line if indent is None else indent
        new.append(gaps[i] if indent is None else f"\n{indent}")
    return new


def line_break(names: list[str], at: int, level: Level) -> str | None:
    """The indent of the new line that this token starts; null where it goes on."""
    name, before = names[at], names[at - 1]
    if name == "BETWEEN":
        level.between = True
    elif name == "AND" and level.between:
        level.between = False
        return None
    if before == "SEMICOLON":
        level.clause = name
        return level.indent
    if not level.query:
        return None
    if name in CLAUSES:
        return clause_break(name, before, level)
    if name == "JOIN" or name in JOINED:
        return level.indent if before not in JOINED and joins(names, at) else None
    if name in ("AND", "OR") and level.clause in ("WHERE", "HAVING", "FROM", "SET"):
        return level.indent + STEP
    return None


def clause_break(name: str, before: str, level: Level) -> str | None:
    """The indent of a clause's line; null for a word of that name that starts no clause."""
    follows = {"FROM": ("DELETE", "DISTINCT"), "SET": ("UPDATE",), "VALUES": ("L_PAREN", "COMMA")}
    if before in follows.get(name, ()) or (name == "SET" and level.clause != "UPDATE"):
        return None
    level.clause = name
    return level.indent


def joins(names: list[str], at: int) -> bool:
    """Do the words from here on end in JOIN (and are not a function such as LEFT)?"""
    while at < len(names) and names[at] in JOINED:
        at += 1
    return at < len(names) and names[at] == "JOIN"
