"""An input that only says that there is no input.

The words "No input" or 入力なし become part of the prompt, so the model learns to expect them, and
to read the same task with and without them as two tasks. The input field should be empty instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.finding import Hit

LONGEST = 96  # bytes; "No additional input is required for this task." has 46

SAYS_NO_INPUT = (
    r"no[\s_-]*(?:(?:additional|further|other|extra|specific)\s+)?inputs?"
    r"(?:\s+(?:is\s+|was\s+)?(?:required|needed|necessary|given|provided|available|specified))?"
    r"(?:\s+for\s+this\s+(?:task|instruction|question))?"
    r"|noinpute?|ninput"  # slips of the pen that published sets hold
    r"|(?:the\s+)?input\s*(?:is\s+)?[:=-]?\s*(?:none|empty|n/a|blank|not\s+(?:required|needed))"
    r"|(?:none|nothing)\s+(?:was\s+|is\s+)?(?:provided|given|required|needed|supplied|specified)"
    r"|without\s+input|n\s*/\s*a|not\s+applicable|not\s+available|not\s+(?:required|needed)"
    r"|(?:入力|インプット)(?:値|文|データ)?(?:は|が|の)?(?:特に)?"
    r"(?:なし|無し|無|ナシ|ありません|必要ありません|不要|不要です|ない|空|空欄|必要なし)(?:です)?"
    r"|(?:入力|指定|追加情報|補足)(?:は)?(?:なし|無し|されていません|ありません)"
    r"|(?:特に(?:なし|無し|ありません)|特記事項なし|該当(?:なし|無し|しません|ありません))(?:です)?"
)
# Words that may also be the very thing a task is about: "Translate this word", input "nothing".
SAYS_NOTHING = (
    r"none|null|nil|nan|na|nothing|empty|blank|undefined|なし|無し|ナシ|無|空|空欄|未入力"
)
SAYS_LITTLE = rf"(?i)^[\W_]*(?:{SAYS_NO_INPUT}|{SAYS_NOTHING})[\W_]*$"
BLANKS = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff\u2800\u3000\u3164"
BLANK = r"^[\s\p{Cf}\x{3164}\x{2800}]+$"

ABOUT_A_WORD = re.compile(
    r"\b(?:words?|terms?|values?|variables?|keywords?|data types?|string|synonyms?|antonyms?"
    r"|opposite|translat\w+|defin\w+|meaning|spell\w*|pronounce\w*|chemical|element|symbols?|abbreviation)\b"
    r"|単語|言葉|用語|語句|語|値|変数|型|文字|翻訳|訳|意味|読み|漢字|果物|記号|略",
    re.IGNORECASE,
)
ONLY_NOTHING = re.compile(rf"[\W_]*({SAYS_NOTHING})[\W_]*", re.IGNORECASE)


def suspects(_: Params) -> pl.Expr:
    size = pl.col("input").str.len_bytes()
    short = pl.when(size.is_between(1, LONGEST)).then(pl.col("input"))
    return (short.str.contains(SAYS_LITTLE) | short.str.contains(BLANK)).fill_null(value=False)


def judge(row: Row, _: Params) -> Iterator[Said]:
    text = row["input"]
    shown = text.strip(BLANKS)
    nothing = ONLY_NOTHING.fullmatch(text)
    if nothing and (
        ABOUT_A_WORD.search(row["instruction"] or "")
        or nothing[1].lower() in (row["instruction"] or "").lower().split()
    ):
        return
    says = "the input '{text}' says that there is no input" if shown else "the input is only blanks"
    yield Hit(
        says,
        {"text": shown} if shown else {},
        field="input",
        start=0,
        end=len(text),
        fix={"field": "input", "text": ""},
    )


CHECK = Check(
    name="placeholder-input",
    says="the input holds words or blanks that stand for no input",
    group="form",
    severity="warn",
    why=__doc__,
    fields=("instruction", "input"),
    suspects=suspects,
    look=by_record(judge),
)
