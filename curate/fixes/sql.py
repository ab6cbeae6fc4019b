"""SQL in an answer, laid out and spelt in one style.

Only blanks and the case of keywords change, and the parser must see the same tree before and
after. What it cannot read, and SQL with comments or placeholders, is left and reported.
"""

from __future__ import annotations

import polars as pl

from curate.content.code_blocks import SQL_TAGS, Found, sql_texts
from curate.content.house_style import ASPECTS
from curate.content.sql_layout import Unlike, laid_out
from curate.content.sql_text import COMMON, CannotTell, SqlFault, without_literals
from curate.fix import ANSWERS, MAJORITY, Fix, Params, Rewritten, Row

OPENS = r"^\s*(?i:select|with|insert|update|delete|create|alter|drop|truncate|merge|replace)\s"


def suspects(text: pl.Expr, _: Params) -> pl.Expr:
    return text.str.contains(OPENS) | text.str.contains("```", literal=True)


def rewrite(text: str, row: Row, params: Params) -> Rewritten:
    out, at, left = [], 0, None
    for found in sql_texts(text):
        new, why = relaid(text, found, params)
        left = left or why
        out += [text[at : found.start], new]
        at = found.end
    whole = "".join([*out, text[at:]])
    return Rewritten(whole, ("layout",) if whole != text else (), left)


def relaid(text: str, found: Found, params: Params) -> tuple[str, str | None]:
    """One SQL text in the wanted style, or as it was and why."""
    part = text[found.start : found.end]
    body = part.strip()
    if "{" in without_literals(body):
        return part, "the SQL holds placeholders"
    own = SQL_TAGS.get(found.tag, "")
    dialects = (params["dialect"],) if params["dialect"] else tuple(dict.fromkeys([own, *COMMON]))
    try:
        new = laid_out(body, params["layout"], params["keywords"], dialects)
    except CannotTell as why:
        return part, str(why)
    except SqlFault:
        return part, "the SQL does not parse"
    except Unlike:
        return part, "the SQL would not have stayed the same"
    return part.replace(body, new, 1), None


FIX = Fix(
    name="sql",
    says="SQL in answers, laid out and spelt in one style",
    rank=80,
    rewrite=rewrite,
    suspects=suspects,
    fields=ANSWERS,
    params={"layout": MAJORITY, "keywords": MAJORITY, "dialect": ""},
    choices={
        "layout": (MAJORITY, *ASPECTS["sql-layout"].forms),
        "keywords": (MAJORITY, "SELECT", "select"),
        "dialect": (*COMMON, "oracle", "duckdb", "spark", "redshift", "databricks", "clickhouse"),
    },
    aspects={"layout": "sql-layout", "keywords": "sql-keywords"},
    spares=r"indent|pretty|one line|single line|format(?:ted|ting)? the|reformat"
    r"|uppercase|lowercase|整形|インデント|大文字|小文字",
)
