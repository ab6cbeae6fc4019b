"""Half-width katakana, full-width letters and digits, and signs such as ㈱ in ordinary text.

The same word in another width is another word to a tokeniser: ｶﾀｶﾅ shares no token with カタカナ,
and ２０２４ none with 2024. A model that learns both writes both. Full-width punctuation （！？）
is correct Japanese and is not meant here; nor is a single full-width letter or digit, as in Ａ君 or
４つ, unless the text writes others half-width. Where a prompt speaks of 半角 or 全角, nothing is
meant. Signs from the table of radicals, which look like kanji and are not, come from broken PDF
extraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.signs import Signs, sign
from curate.content.wide import holds_one_of
from curate.finding import Hit, Severity

FIELDS = ("instruction", "input", "answer")
SEARCHED = ("prompt", "answer")
SHOWN = 20  # characters of a stretch that a message quotes

WIDE = "０-９Ａ-Ｚａ-ｚ"
HALF_KANA = "[｡-ﾟ]{2,}"
WIDE_RUN = f"[{WIDE}](?:[{WIDE}．，＠＿－／：]*[{WIDE}])+"
SIGNS = "㈠-㉃㊀-㊖㊘㊚-㊰㌀-㍗㍻-㍿㏍"
COMPATIBILITY = f"[{SIGNS}]"
RADICALS = "\u2e80-\u2fd5"
RADICAL = f"[{RADICALS}]"
SUSPECT = f"｡-ﾟ{WIDE}{SIGNS}{RADICALS}"  # characters

KINDS: tuple[tuple[re.Pattern[str], Severity, str], ...] = (
    (re.compile(HALF_KANA), "info", "half-width katakana, {count} times: {seen} for {meant}"),
    (re.compile(WIDE_RUN), "info", "full-width text, {count} times: {seen} for {meant}"),
    (re.compile(COMPATIBILITY), "info", "compatibility signs, {count} times: {seen} for {meant}"),
    (re.compile(RADICAL), "warn", "radicals in place of kanji, {count} times: {seen} for {meant}"),
)
BOTH_WIDTHS = "letters or digits in both widths, {count} times: {seen} for {meant}"
NO_WORD = re.compile("ｗ+|[｡-･ﾞﾟ]+")  # net slang, and the marks that faces are drawn with
WIDTHS = re.compile(r"半角|全角|(?i:half|full)-?width")  # what asks about this very thing
LONE_WIDE = re.compile(f"(?<![{WIDE}])[{WIDE}](?![{WIDE}])")
LONE_DIGIT = re.compile(r"(?<![0-9.,０-９])[0-9](?![0-9.,０-９])")
LONE_LETTER = re.compile(r"(?<![A-Za-zＡ-Ｚａ-ｚ])[A-Z](?![A-Za-zＡ-Ｚａ-ｚ])")


def signs(_: Params) -> Signs:
    return dict.fromkeys(SEARCHED, sign(kinds=["eastern"]))


def suspects(_: Params) -> pl.Expr:
    return pl.any_horizontal(holds_one_of(pl.col(column), SUSPECT) for column in SEARCHED)


def judge(row: Row, _: Params) -> Iterator[Said]:
    if WIDTHS.search(row["instruction"] or ""):
        return
    for field in FIELDS:
        yield from in_text(field, row[field] or "")


def in_text(field: str, text: str) -> Iterator[Hit]:
    """One hit for each kind of odd width in a text, all with the same repair."""
    found = [(severity, says, stretches(pattern, text)) for pattern, severity, says in KINDS]
    found.append(("info", BOTH_WIDTHS, mixed(text)))
    spans = sorted(span for _, _, places in found for span in places)
    if not spans:
        return
    fix = {"field": field, "text": normal(text, spans)}
    for severity, says, places in found:
        if places:
            start, end = places[0]
            seen = text[start:end][:SHOWN]
            yield Hit(
                says,
                {"seen": seen, "meant": normalize("NFKC", seen), "count": len(places)},
                field=field,
                start=start,
                end=end,
                severity=severity,
                fix=fix,
            )


def stretches(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where a pattern stands and writes words."""
    return [f.span() for f in pattern.finditer(text) if not NO_WORD.fullmatch(f[0])]


def mixed(text: str) -> list[tuple[int, int]]:
    """Single full-width digits or letters, where the text also writes single half-width ones."""
    digits, letters = LONE_DIGIT.search(text), LONE_LETTER.search(text)
    return [
        lone.span()
        for lone in LONE_WIDE.finditer(text)
        if (digits if lone[0] in "０１２３４５６７８９" else letters)
    ]


def normal(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with these stretches in their ordinary width, everything else as it was."""
    pieces, done = [], 0
    for start, end in spans:
        if start < done:  # a single letter inside a longer stretch
            continue
        pieces += [text[done:start], normalize("NFKC", text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


CHECK = Check(
    name="half-width-kana",
    says="the text writes katakana, letters or digits in an unusual width",
    group="text",
    severity="info",
    why=__doc__,
    each_answer=True,
    fields=FIELDS,
    signs=signs,
    suspects=suspects,
    look=by_record(judge),
)
