"""A prompt that asks nothing: blank, invisible characters, bare punctuation or a placeholder.

A model trained on it learns to make up a task where there is none, and at use it does the same
with an empty message. Usually a column was lost on the way, so its neighbours deserve a look too.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.finding import Hit

BLANK = r"[\s\p{Cc}\p{Cf}\x{115F}\x{1160}\x{3164}\x{FFA0}\x{2800}\x{FE0F}]*"
PUNCTUATION = r"[\s\p{Cf}\p{P}ー〜~`|^]+"
PLACEHOLDER = (
    r"(?i:[\W_]*(?:n/a|none|null|nil|nan|undefined|tbd|todo|empty|blank"
    r"|no\s*(?:input|prompt|instruction|question)s?|instruction|prompt|question"
    r"|なし|無し|空|空欄|未入力|未記入|未定|(?:入力|指示|質問)(?:なし|無し)?)[\W_]*)"
)
INVISIBLE = "\u115f\u1160\u3164\uffa0\u2800\ufe0f"  # Python calls these printable
NOTHING_ELSE = rf"^(?:{BLANK}|{PUNCTUATION}|{PLACEHOLDER})$"


def suspects(_: Params) -> pl.Expr:
    return applies({}) & pl.col("prompt").str.contains(NOTHING_ELSE).fill_null(value=True)


def applies(_: Params) -> pl.Expr:
    return pl.col("shape").fill_null("") != "text"  # plain text has nobody who asks


def judge(row: Row, _: Params) -> Iterator[Said]:
    text = (row["prompt"] or "").strip()
    if not any(c.isprintable() and not c.isspace() and c not in INVISIBLE for c in text):
        yield Hit("the prompt is empty", field="prompt")
    elif row["history"]:
        return  # in a conversation "?" or "none" is a reply
    elif not any(c.isalnum() and c != "ー" for c in text):
        yield said("the prompt holds only punctuation: '{text}'", text)
    else:
        yield said("the prompt is only the placeholder '{text}'", text)


def said(says: str, text: str) -> Hit:
    return Hit(says, {"text": text}, "prompt", 0, len(text), severity="warn")


CHECK = Check(
    name="empty-prompt",
    says="the prompt asks nothing",
    group="form",
    severity="error",
    why=__doc__,
    fields=("history", "prompt"),
    applies=applies,
    suspects=suspects,
    look=by_record(judge),
)
