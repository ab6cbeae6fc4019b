"""An input that only says that there is none ("<noinput>", 入力なし) becomes empty."""

from __future__ import annotations

import re

import polars as pl

from curate.checks import placeholder_input
from curate.finding import Hit
from curate.fix import Fix, Params, Rewritten, Row

SAYS_LITTLE = re.compile(placeholder_input.SAYS_LITTLE)


def suspects(_: pl.Expr, params: Params) -> pl.Expr:
    return placeholder_input.suspects({})


def rewrite(text: str, row: Row, params: Params) -> Rewritten:
    if len(text.encode()) > placeholder_input.LONGEST or not SAYS_LITTLE.match(text):
        return Rewritten(text)
    for said in placeholder_input.judge(row, {}):
        if isinstance(said, Hit) and said.fix is not None:
            return Rewritten(said.fix["text"], ("no-input",))
    return Rewritten(text)


FIX = Fix(
    name="placeholder",
    says="an input that only says that there is no input",
    rank=50,
    rewrite=rewrite,
    suspects=suspects,
    fields=("input",),
)
