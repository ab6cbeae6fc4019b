"""JSON in an answer, laid out in one style.

Only blanks between tokens change: keys, their order, numbers and escapes stay as written, and the
standard library must read the same value from both. What does not parse, or names a key twice, is
left and reported. A list of plain values is no document and keeps its layout.
"""

from __future__ import annotations

import polars as pl

from curate.content.code_blocks import Found, json_texts
from curate.content.json_layout import STYLES, laid_out, tree
from curate.content.json_text import Fault, read
from curate.fix import ANSWERS, MAJORITY, Fix, Params, Rewritten, Row

LEFT = {
    "duplicate-key": "the JSON names a key twice",
    "too-deep": "the JSON nests too deeply to be read",
}
BROKEN = "the JSON does not parse"


def suspects(text: pl.Expr, _: Params) -> pl.Expr:
    return text.str.contains(r'^\s*[{\[][\[{\s]*"') | text.str.contains("```", literal=True)


def rewrite(text: str, row: Row, params: Params) -> Rewritten:
    style = params["style"]
    if style not in STYLES:  # nobody writes JSON here
        return Rewritten(text)
    out, at, left = [], 0, None
    for found in json_texts(text):
        new, why = relaid(text, found, style)
        left = left or why
        out += [text[at : found.start], new]
        at = found.end
    whole = "".join([*out, text[at:]])
    return Rewritten(whole, ("layout",) if whole != text else (), left)


def relaid(text: str, found: Found, style: str) -> tuple[str, str | None]:
    """One JSON text in the wanted layout, or as it was and why."""
    part = text[found.start : found.end]
    try:
        tokens, end = read(part)
    except Fault as fault:
        return part, LEFT.get(fault.kind, BROKEN)
    body, rest = part[:end].lstrip(), part[end:].lstrip()
    if rest and (found.fenced or rest[0] in ",{["):  # JSON Lines, or a fault that a check names
        return part, None
    if "{" not in tokens:
        return part, None
    if found.fenced and indented(text, found):
        return part, "the JSON stands in an indented block"
    new = laid_out(tokens, style)  # type: ignore[arg-type]
    if tree(new) != tree(body):
        return part, "the JSON would not have stayed the same"
    return part.replace(body, new, 1), None


def indented(text: str, found: Found) -> bool:
    """Does the fence stand inside a list, so that every line of it is indented?"""
    start = text.rfind("\n", 0, found.start - 1) + 1
    return text[start : start + 1] in (" ", "\t")


FIX = Fix(
    name="json",
    says="JSON in answers, laid out in one style",
    rank=70,
    rewrite=rewrite,
    suspects=suspects,
    fields=ANSWERS,
    params={"style": MAJORITY},
    choices={"style": (MAJORITY, *STYLES)},
    aspects={"style": "json-layout"},
    spares=r"minif|indent|pretty|compact|one line|single line|format(?:ted|ting)? the|reformat"
    r"|整形|インデント|一行|1行|圧縮",
)
