"""A text that mixes straight and curly quotes keeps the kind it uses more.

Double quotes, and apostrophes inside words, each for themselves. Code, markup, nested and other
languages' quotes („…“, «…», 「…」) are left.
"""

from __future__ import annotations

import re

import polars as pl

from curate.content.code_blocks import Span, code_spans, json_texts, outside, sql_texts
from curate.fix import ANSWERS, MAJORITY, Fix, Params, Rewritten, Row

OTHER_LANGUAGES = re.compile("[„‚«»‹›‟]")
CODE_LIKE = re.compile(
    r"[;{}]\s*$|==|\w\(|\\|</?\w+|=\s*[\"'“”]|^\s*(?:def|import|from|return)\b", re.M
)
DOUBLE = re.compile('["“”]')
APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’](?=[^\W\d_])")
OPENS = re.compile(r"[\s(\[—–-]?\Z")
CLOSES = re.compile(r"[\s)\].,:;!?—–-]|\Z")


def suspects(text: pl.Expr, params: Params) -> pl.Expr:
    curly = text.str.contains("“|”|’")
    straight = text.str.contains("\"|'")
    return {"straight": curly, "curly": straight}.get(params["style"], curly & straight)


def rewrite(text: str, row: Row, params: Params) -> Rewritten:
    if text.isascii() and params["style"] != "curly":
        return Rewritten(text)
    if next(json_texts(text), None) or next(sql_texts(text), None):
        return Rewritten(text)
    prose = list(outside(text, code_spans(text)))
    after, rules, left = list(text), [], None
    straight = wanted(text, prose, APOSTROPHE, "'", params["style"])
    if straight is not None and replaced(after, prose, text, APOSTROPHE, "'" if straight else "’"):
        rules.append("apostrophes")
    straight = wanted(text, prose, DOUBLE, '"', params["style"])
    if straight is not None:
        places = [m.start() for m in found(text, prose, DOUBLE)]
        if not paired(text, places) or CODE_LIKE.search(text) or OTHER_LANGUAGES.search(text):
            left = "the double quotes cannot be paired with certainty"
        else:
            for i, place in enumerate(places):
                after[place] = '"' if straight else "“”"[i % 2]
            if "".join(after[p] for p in places) != "".join(text[p] for p in places):
                rules.append("double-quotes")
    return Rewritten("".join(after), tuple(rules), left)


def found(text: str, prose: list[Span], pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """The matches outside code."""
    return [match for span in prose for match in pattern.finditer(text, span.start, span.end)]


def wanted(
    text: str, prose: list[Span], pattern: re.Pattern[str], straight: str, style: str
) -> bool | None:
    """Should the text use straight marks? Null: it has one kind only, or none."""
    marks = [match[0] for match in found(text, prose, pattern)]
    plain = marks.count(straight)
    if style != MAJORITY:
        return (
            (style == "straight") if plain != (len(marks) if style == "straight" else 0) else None
        )
    return plain * 2 >= len(marks) if 0 < plain < len(marks) else None


def replaced(
    after: list[str], prose: list[Span], text: str, pattern: re.Pattern[str], mark: str
) -> bool:
    """Write one mark at every match; whether that changed anything."""
    places = [match.start() for match in found(text, prose, pattern)]
    changed = any(after[place] != mark for place in places)
    for place in places:
        after[place] = mark
    return changed


def paired(text: str, places: list[int]) -> bool:
    """Do the marks open and close in turn, none inside another, each beside fitting characters?"""
    if len(places) % 2:
        return False
    for one, two in zip(places[::2], places[1::2], strict=True):
        if text[one] == "”" or text[two] == "“" or "\n\n" in text[one:two]:
            return False
        if not OPENS.match(text[max(0, one - 1) : one]) or not CLOSES.match(text, two + 1):
            return False
    return True


FIX = Fix(
    name="quotes",
    says="straight and curly quotes mixed in one text",
    rank=40,
    rewrite=rewrite,
    suspects=suspects,
    fields=ANSWERS,
    params={"style": MAJORITY},
    choices={"style": (MAJORITY, "straight", "curly")},
    spares=r"quot(?:e|ation|ing)|apostrophe|punctuat|curly|引用符|句読点|かぎ括弧",
)
