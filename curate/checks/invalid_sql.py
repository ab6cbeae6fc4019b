"""An answer that is meant to be SQL and does not parse.

A broken query teaches a grammar that no database accepts: a missing bracket, clauses in the wrong
order, a sentence run into a statement. A query is called broken only when none of the common
dialects takes it; set `dialect` where the data keeps to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.code_blocks import OPENS_SQL, SQL_TAGS, Found, sql_texts
from curate.content.json_text import place
from curate.content.sql_text import COMMON, CannotTell, SqlFault, check, without_literals
from curate.errors import BadSetting, unknown
from curate.finding import Hit, Unsure

OPENINGS = r"^\s*(?i:select|with|insert|update|delete|create|alter|drop|truncate|merge|replace)\s"
FENCE = "```[sSpPmMtTbBoO\r\n]"  # first letters of the tags; a literal prefix keeps it fast
BRACES = re.compile(r"\{[^{}\n]*\}|\{\{|\{%")
BLANKS = re.compile(
    r"<[A-Za-z][\w \-]{0,40}>|\.\.\.|…|\[(?:your|insert|table|column)[^\]]*\]", re.I
)
CLIENT = re.compile(
    r"^\s*(?:GO|DELIMITER\b.*|\\\w.*|\+-[-+]+|mysql>.*|.*\bBEGIN\b.*)$", re.M | re.I
)
END = re.compile(r";|\n\s*\n")
SENTENCE = re.compile(r"\s*(?:[A-Z][a-z']*(?::|,?\s+[a-z])|[*#>-]\s|\d+[.)]\s|[^\x00-\x7f])")
MOST_HEADS = 5


def known_dialect(params: Params) -> Params:
    """The dialect as the parser names it; BadSetting where it knows none of that name."""
    named = params["dialect"]
    if not named:
        return {}
    from sqlglot.dialects.dialect import Dialect

    dialect = SQL_TAGS.get(named.lower(), named.lower())
    if dialect not in Dialect.classes:
        raise BadSetting(f"invalid-sql.dialect: {unknown('dialect', named, Dialect.classes)}")
    return {"dialect": dialect}


def suspects(_: Params) -> pl.Expr:
    answer = pl.col("answer")
    return (answer.str.contains(OPENINGS) | answer.str.contains(FENCE)).fill_null(value=False)


def judge(row: Row, params: Params) -> Iterator[Said]:
    answer = row["answer"]
    for found in sql_texts(answer):
        text = answer[found.start : found.end].rstrip()
        if BRACES.search(without_literals(text)):
            yield Unsure("the SQL holds {…} placeholders")
            continue
        try:
            judge_text(text, dialects(params["dialect"], found))
        except CannotTell as why:
            yield Unsure(str(why))
        except SqlFault as fault:
            yield from said(answer, found, fault)


def judge_text(text: str, dialects: tuple[str, ...]) -> None:
    """Raise what is wrong with the SQL, not counting a sentence that explains it below."""
    try:
        check(text, dialects)
    except SqlFault:
        for head in heads(text):
            try:
                check(head, dialects)
            except SqlFault:
                continue
            return
        raise


def heads(text: str) -> Iterator[str]:
    """The text up to one of its last semicolons or blank lines, where plain words follow."""
    ends = [match for match in END.finditer(text) if SENTENCE.match(text, match.end())]
    for end in ends[: -MOST_HEADS - 1 : -1]:
        if not OPENS_SQL.match(text, end.end()):
            yield text[: end.start()]


def dialects(named: str, found: Found) -> tuple[str, ...]:
    """The dialects to try: the one that is set, else the fence's own and the common ones."""
    if named:
        return (named,)
    own = SQL_TAGS.get(found.tag, "")
    return tuple(dict.fromkeys([own, *COMMON])) if own else COMMON


def said(answer: str, found: Found, fault: SqlFault) -> Iterator[Said]:
    """A Hit, or why the fault may lie with the template rather than with the SQL."""
    text = answer[found.start : found.end]
    if BLANKS.search(without_literals(text)):
        yield Unsure("the SQL holds blanks to be filled in")
        return
    if CLIENT.search(text):
        yield Unsure("the SQL holds client commands, procedures or results")
        return
    start = found.start + fault.start
    line, column = place(answer, start)
    yield Hit(
        "line {line}, column {column}: the SQL does not parse: {words}",
        {"line": line, "column": column, "words": fault.words},
        field="answer",
        start=start,
        end=found.start + fault.end,
    )


CHECK = Check(
    name="invalid-sql",
    says="the answer is meant to be SQL and does not parse",
    group="structure",
    severity="warn",
    why=__doc__,
    each_answer=True,
    params={"dialect": ""},
    fields=("answer",),
    prepare=known_dialect,
    suspects=suspects,
    look=by_record(judge, ("answer",)),
)
