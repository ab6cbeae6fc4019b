"""An answer that says nothing: blank, invisible characters, bare punctuation or a placeholder.

The model learns that saying nothing is an answer, and at use it ends its turn at once. Sets
written by a model hold "N/A" or `<noinput>` where the model was asked for a picture or a sound
that it cannot make; those records teach the same silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.finding import Hit

BLANK = r"[\s\p{Cc}\p{Cf}\x{115F}\x{1160}\x{3164}\x{FFA0}\x{2800}\x{FE0F}]*"
PUNCTUATION = r"[\s\p{Cf}.,:;!?…‥・。、，．：；！？\-‐–—―ー_＿*~〜|`'\x22]+"
NO_ANSWER = (
    r"no\s*(?:input|output|answer|response)s?(?:\s+(?:is\s+)?(?:required|needed|necessary|available"
    r"|provided|given|possible))?|(?:no\s*)?output\s+(?:image|audio|video|picture|file|drawing)"
    r"|n/a|not\s+applicable|not\s+available|tbd|todo|to\s+be\s+(?:determined|added|done)"
    r"|(?:insert\s+)?(?:your\s+)?answer\s+(?:goes\s+)?here"
    r"|(?:出力|回答|解答|応答|返答|答え|入力)(?:なし|無し|ナシ|不可|ありません)"
    r"|未回答|無回答|未記入|未入力|記入なし"
)
# These may also be the right answer, so the prompt is asked first.
PERHAPS = r"none|null|nil|nan|undefined|なし|無し|特になし|特に無し|該当なし|該当無し|該当しません"
PLACEHOLDER = rf"(?i:[\W_]*(?:(?:{NO_ANSWER}|{PERHAPS})[\W_]*)+)"
NOTHING_ELSE = rf"^(?:{BLANK}|{PUNCTUATION}|{PLACEHOLDER})$"

PERHAPS_ONLY = re.compile(rf"[\W_]*(?:{PERHAPS})[\W_]*", re.IGNORECASE)
INVISIBLE = "\u115f\u1160\u3164\uffa0\u2800\ufe0f"  # Python calls these printable
ASKS_FOR_VALUE = re.compile(
    r"\b(?:code|function|output|print\w*|returns?|evaluate\w*|program|query|SQL|JSON|python|script"
    r"|extract\w*|any|which|is there|are there|whether|if)\b|[(=;{]"
    r"|ありますか|いますか|あります？|ある？|あるか|有無|あれば|場合|抽出|該当|抜き出|検出|列挙|どれ|どの",
    re.IGNORECASE,
)
ASKS_FOR_MARKS = re.compile(
    r"punctuat|symbol|charact|morse|redact|ascii|emoji|emoticon|smiley|comma\b|period\b|dash|hyphen"
    r"|bracket|operator|\bmarks?\b|\btags?\b|\btokens?\b|\bsigns?\b|separator|delimiter|\bdraw"
    r"|記号|句読点|モールス|伏せ|絵文字|顔文字|括弧|カッコ|符号|演算子|点線|文字|区切",
    re.IGNORECASE,
)


def applies(_: Params) -> pl.Expr:
    """Where the last message is not the assistant's there is no answer; role-order says so."""
    return pl.col("roles").fill_null("").str.ends_with("a")


def suspects(params: Params) -> pl.Expr:
    empty = pl.col("answer").str.contains(NOTHING_ELSE).fill_null(value=True)
    return empty & applies(params)


def judge(row: Row, _: Params) -> Iterator[Said]:
    text, prompt = (row["answer"] or "").strip(), row["instruction"] or ""
    if not any(c.isprintable() and not c.isspace() and c not in INVISIBLE for c in text):
        yield Hit("the answer is empty", field="answer")
    elif not any(c.isalnum() and c != "ー" for c in text):
        if not ASKS_FOR_MARKS.search(prompt):
            yield said("the answer holds only punctuation: '{text}'", text)
    elif not asked_for(text, row):
        yield said("the answer is only the placeholder '{text}'", text)


def said(says: str, text: str) -> Hit:
    return Hit(says, {"text": text}, "answer", 0, len(text), severity="warn")


def asked_for(text: str, row: Row) -> bool:
    """The prompt names the very value, or asks a question that "none" may answer."""
    word = bare(text)
    given = row["input"] or ""
    asked = f"{row['instruction'] or ''} {'' if bare(given) == word else given}"
    if word in asked.lower():
        return True
    return bool(PERHAPS_ONLY.fullmatch(text) and ASKS_FOR_VALUE.search(asked))


def bare(text: str) -> str:
    return text.strip("<>[](){}\"'`「」『』【】.。!！ \n\t").lower()


CHECK = Check(
    name="empty-answer",
    says="the answer says nothing",
    group="form",
    severity="error",
    why=__doc__,
    each_answer=True,
    fields=("instruction", "input", "answer"),
    applies=applies,
    suspects=suspects,
    look=by_record(judge),
)
