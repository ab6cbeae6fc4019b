"""Text that was decoded with the wrong encoding is decoded again with the right one.

Only what can be turned back exactly: where bytes were lost on the way, a person has to look.
"""

from __future__ import annotations

import polars as pl

from curate.checks import mojibake
from curate.content.code_blocks import code_spans, outside
from curate.fix import Fix, Params, Rewritten, Row


def suspects(text: pl.Expr, _: Params) -> pl.Expr:
    wide = text.str.len_bytes() != text.str.len_chars()
    return pl.when(wide).then(text.str.contains(mojibake.SUSPECT)).otherwise(False)


def rewrite(text: str, row: Row, params: Params) -> Rewritten:
    if text.isascii():
        return Rewritten(text)
    out, at = [], 0
    for prose in outside(text, code_spans(text, indented=False)):
        lines = text[prose.start : prose.end].split("\n")
        out += [text[at : prose.start], "\n".join(mojibake.reread(line) for line in lines)]
        at = prose.end
    whole = "".join([*out, text[at:]])
    return Rewritten(whole, ("encoding",) if whole != text else ())


FIX = Fix(
    name="mojibake",
    says="text that was decoded with the wrong encoding",
    rank=10,
    rewrite=rewrite,
    suspects=suspects,
    spares=mojibake.ABOUT,
)
