"""An answer that is meant to be JSON and does not parse.

A program reads such answers, and a model trained on broken ones writes broken ones: a comma too
many, single quotes, or an object that stops half way. Each breaks the program that calls the
model, and no reader notices it by eye.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.code_blocks import Found, json_texts
from curate.content.json_text import FAULTS, Fault, place, read, sound, without_trailing_commas
from curate.content.signs import Signs, sign
from curate.finding import Hit, Unsure

ASKED = re.compile(
    r"""\b(?:as|in|into|to)\s+
        (?>(?:an?\s+|pure\s+|only\s+|valid\s+|well[- ]\w+\s+|structured\s+)*)json\b
    |\b(?:create|generate|write|construct|build|make|produce|return|respond|reply|provide|give|
        compose|format|output|print|transform|convert)\b
        (?:(?!\b(?:from|given|following|this|these|provided|below|above|parse|parses|read|reads|
           load|input|function|script|program|code\sto|class|method|explain|about|between)\b)
           [^.\n?!]){0,80}?\bjson\b(?!\s*(?:lines|l\b|5))
    |json\s*(?:形式|フォーマット|オブジェクト|配列|文字列|データ|スキーマ)?\s*
        (?:に(?:変換|して|まとめ|整形|直)|で(?!書かれ|記述され|与え)|として|のみ|だけ|
           を(?:作|生成|出力|返|書|示))""",
    re.VERBOSE | re.IGNORECASE,
)
OTHER = re.compile(r"json5|jsonc|jsonl|ndjson|json\s+lines|hjson|tsconfig", re.IGNORECASE)
PROGRAM = re.compile(
    r"python|dict|javascript|typescript|\bjs\b|yaml|ruby|\bphp\b|perl|\bsets?\b|css|react|mongo|"
    r"golang|swift|kotlin|lua\b|jinja|template|tuple|辞書|テンプレート|集合",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}|\{%|<[A-Za-z_][^<>\n]{0,60}>|\$\{[^}\n]*\}|%\w\b|\[\w[\w ]*\]"
)
SKETCH = re.compile(
    r"\b(?:sketch|shape|structure|skeleton|outline|schema|looks? like)\b|構造|骨組み|概形|大まか",
    re.IGNORECASE,
)
"""What a prompt says that wants the form of JSON only."""
CALL = re.compile(r"[\w.]+\(")
COMMENT = re.compile(r"//|/\*|#")
FENCED = "jJ\r\n"  # tagged json or not at all
FENCE = f"```[{FENCED}]"  # a literal prefix keeps it fast
NAMED = ("JSON", "json", "Json")


def signs(_: Params) -> Signs:
    answer = sign("{", "[", *(f"```{char}" for char in FENCED))
    return {"answer": answer, "prompt": sign(*NAMED)}


def suspects(_: Params) -> pl.Expr:
    answer = pl.col("answer")
    opens = answer.str.contains(r"^\s*[{\[]") | answer.str.contains(FENCE)
    asked = pl.col("prompt").str.contains("|".join(NAMED))
    return opens.fill_null(value=False) | asked.fill_null(value=False)


def judge(row: Row, _: Params) -> Iterator[Said]:
    prompt, answer = row["prompt"] or "", row["answer"] or ""
    asked = "json" in prompt.lower() and ASKED.search(prompt) is not None
    for found in json_texts(answer, asked=asked):
        fault = first_fault(answer, found)
        if fault is None or OTHER.search(prompt):
            continue
        if not asked and not found.tag and meant_as_code(prompt, answer, fault):
            continue
        if fault.kind == "too-deep":
            yield Unsure("the JSON nests too deeply to be read")
        elif fault.kind == "ellipsis" and SKETCH.search(prompt):
            yield Unsure("the JSON is a sketch and leaves something out")
        elif any(PLACEHOLDER.match(answer, at) for at in (fault.start, max(0, fault.start - 1))):
            yield Unsure("the JSON holds placeholders to be filled in")
        else:
            yield hit(answer, found, fault, asked=asked)


def meant_as_code(prompt: str, answer: str, fault: Fault) -> bool:
    """Is what looks like JSON rather a value of a programming language?"""
    return CALL.match(answer, fault.start) is not None or PROGRAM.search(prompt) is not None


def first_fault(answer: str, found: Found) -> Fault | None:
    """What is wrong with the JSON found, be it one value, one a line, or followed by prose."""
    part, at = answer[: found.end], found.start
    if sound(part[at:]):
        return None
    while True:
        try:
            at = read(part, at)[1]
        except Fault as fault:
            return fault
        ended, at = at, at + len(part[at:]) - len(part[at:].lstrip())
        if at == len(part) or (not found.tag and part[at] in "{[" and "\n" not in part[ended:at]):
            return None
        if part[at] == "," and re.match(r"\s*[{\[]", part[at + 1 :]) and part[found.start] == "{":
            return Fault("several", at, at + 1)
        if part[at] in "}]":
            return Fault("bracket", at, at + 1, part[at])
        if part[at] not in "{[":
            kind = "comment" if COMMENT.match(part, at) else "character"
            return Fault(kind, at, at + 1, part[at]) if found.tag else None


def hit(answer: str, found: Found, fault: Fault, *, asked: bool) -> Hit:
    """Say where it breaks, and mend it where only a comma is too many."""
    line, column = place(answer, fault.start)
    mended = None
    if fault.kind == "trailing-comma":
        mended = without_trailing_commas(answer[found.start : found.end])
    text = answer[: found.start] + mended + answer[found.end :] if mended is not None else None
    return Hit(
        FAULTS[fault.kind],
        {"line": line, "column": column, "what": fault.what},
        field="answer",
        start=fault.start,
        end=fault.end,
        severity="error" if asked else None,
        evidence={"fault": fault.kind, "asked": asked},
        fix={"field": "answer", "text": text} if text is not None else None,
    )


CHECK = Check(
    name="invalid-json",
    says="the answer is meant to be JSON and does not parse",
    group="structure",
    severity="warn",
    why=__doc__,
    each_answer=True,
    signs=signs,
    suspects=suspects,
    look=by_record(judge, ("prompt", "answer")),
)
