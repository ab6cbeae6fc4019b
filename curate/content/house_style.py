"""House style: which of several equally right forms an answer uses, aspect by aspect.

Forms are named by showing them, so that the names need no translation. `measured` gives one
UInt8 column an aspect: 0 the aspect does not occur, else the number of the form, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from curate.content.code_blocks import json_texts, sql_texts
from curate.content.sql_text import without_literals
from curate.content.wide import may_be_japanese

SEVERAL = "several"  # one record uses more than one form
OTHER = "other"
MIXED_CASE = "Select"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One question of style; `says` is what to tell of a record in the minority."""

    forms: tuple[str, ...]
    says: str
    words: Mapping[str, str] = field(default_factory=dict)  # for forms that cannot be shown

    def told(self, form: str) -> str:
        """A form as a user reads it."""
        return self.words.get(form, form)


ASPECTS: Mapping[str, Aspect] = {
    "bullets": Aspect(
        ("- a", "* a", "• a", "・a", SEVERAL),
        "bullets are written {form}; {share} of {records} records write {majority}",
    ),
    "dates": Aspect(
        ("2024-01-02", "2024/01/02", "01/02/2024", "January 2, 2024", "2 January 2024",
         "2024年1月2日", "令和6年1月2日", SEVERAL),
        "dates are written {form}; {share} of {records} records write {majority}",
    ),
    "headings": Aspect(
        ("## A", "A\n===", "**A**", SEVERAL),
        "headings are written {form}; {share} of {records} records write {majority}",
    ),
    "japanese-punctuation": Aspect(
        ("、。", "，．", "，。", SEVERAL),
        "Japanese is punctuated {form}; {share} of {records} records use {majority}",
    ),
    "json-keys": Aspect(
        ('{"a": 1}', "{'a': 1}", "{a: 1}"),
        "keys are written {form}; {share} of {records} records write {majority}",
    ),
    "json-layout": Aspect(
        ("compact", "spaced", "2", "4", "tab", OTHER),
        "JSON is written {form}; {share} of {records} records write it {majority}",
        {
            "compact": "on one line without spaces",
            "spaced": "on one line with spaces",
            "2": "indented by 2",
            "4": "indented by 4",
            "tab": "indented by a tab",
            OTHER: "in another layout",
        },
    ),
    "line-ends": Aspect(
        ("no space", "space"),
        "lines end with: {form}; in {share} of {records} records with: {majority}",
    ),
    "sql-keywords": Aspect(
        ("SELECT", "select", MIXED_CASE),
        "SQL keywords are written {form}; {share} of {records} records write {majority}",
    ),
    "sql-layout": Aspect(
        ("one line", "several lines"),
        "SQL is laid out on {form}; {share} of {records} records use {majority}",
    ),
    "unit-names": Aspect(
        ("km", "kilometers", "キロメートル", SEVERAL),
        "units are written like {form}; {share} of {records} records write {majority}",
    ),
    "unit-spacing": Aspect(
        ("10 km", "10km", SEVERAL),
        "units are written like {form}; {share} of {records} records write {majority}",
    ),
}  # fmt: skip

EDGE = r"(?-u:\b)"  # of a word of ASCII: no blank stands between 10km and です
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
YEAR = "(?:19|20)[0-9]{2}"
DATES = (
    rf"{EDGE}{YEAR}-[0-9]{{1,2}}-[0-9]{{1,2}}{EDGE}",
    rf"{EDGE}{YEAR}/[0-9]{{1,2}}/[0-9]{{1,2}}{EDGE}",
    rf"{EDGE}[0-9]{{1,2}}/[0-9]{{1,2}}/{YEAR}{EDGE}",
    rf"{EDGE}{MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? {YEAR}{EDGE}",
    rf"{EDGE}[0-9]{{1,2}}(?:st|nd|rd|th)? {MONTH},? {YEAR}{EDGE}",
    rf"{YEAR}年[0-9]{{1,2}}月[0-9]{{1,2}}日",
    "(?:令和|平成|昭和)[0-9元]{1,2}年[0-9]{1,2}月[0-9]{1,2}日",
)
UNIT = "(?:km|kg)"
UNITS = (rf"[0-9] {UNIT}{EDGE}", rf"[0-9]{UNIT}{EDGE}")
UNIT_NAMES = (
    rf"[0-9] ?{UNIT}{EDGE}",
    rf"[0-9] (?:kilomet(?:er|re)s?|kilograms?){EDGE}",
    "[0-9] ?キロ(?:メートル|グラム)",
)
BULLETS = ("\n- ", "\n* ", "\n• ", "\n・")
HEADINGS = ("\n#{2,6} ", "\n={3,}[ \t]*(?:\n|$)", r"\n\*\*[^*\n]+\*\*:?[ \t]*(?:\n|$)")

# Hints: cheap tests, nearly all of literals, after which few answers are left to be read closely.
OPENS = r"^\s*(?:[{\[]|(?i:select|with|insert|update|delete|create|alter)\s)"
DATE_HINTS = "19|20"
DATE_LIKE = rf"{MONTH}|[0-9][/-][0-9]{{1,2}}[/-][0-9]"
JAPANESE_DATE = "年[0-9]{1,2}月[0-9]{1,2}日"
UNIT_HINTS = "km|kg|kilo|キロメ|キログ"
MARKED = r"\n[-*•・#=`]"

KEY = re.compile(r"\s*+(?>(?:\[\s*+)*)\{\s*+(?:(?P<single>'[^'\n]*')|[A-Za-z_$][\w$]*)\s*+:")
FIRST_LINE = re.compile(r"\s*[{\[][ \t]*\n([ \t]*)")
COLON = re.compile(r'"\s*:(\s?)')
KEYWORDS = (
    "select|from|where|join|group by|order by|limit|insert|into|values|update|set|delete|and|or"
)
UPPER = re.compile(rf"\b(?:{KEYWORDS.upper()})\b")
LOWER = re.compile(rf"\b(?:{KEYWORDS})\b")


Forms = Callable[[pl.DataFrame], pl.DataFrame]


def measured(records: pl.DataFrame) -> pl.DataFrame:
    """The form of every aspect in every answer of a frame."""
    answers = records["answer"].fill_null("")
    facts = {name: pl.zeros(len(answers), pl.UInt8, eager=True) for name in ASPECTS}
    for name, part in where(answers):
        for form in READ[name](part):
            facts[form.name] = facts[form.name].scatter(part["at"], form)
    return pl.DataFrame(facts)


def where(answers: pl.Series) -> Iterator[tuple[str, pl.DataFrame]]:
    """What to look for, and the answers that may show it, each with its row number `at`."""
    text = pl.col("answer")
    frame = answers.to_frame("answer").with_row_index("at")
    found = frame.select(
        "at",
        "answer",
        opens=text.str.contains(OPENS),
        lines=text.str.contains("\n", literal=True),
        wide=may_be_japanese(text),
        dated=text.str.contains(DATE_HINTS),
        units=text.str.contains(UNIT_HINTS),
    )
    lines, wide = found.filter("lines"), found.filter("wide")
    marked = lines.filter(text.str.contains(MARKED))
    fenced = marked.filter(text.str.contains("```", literal=True) & ~pl.col("opens"))
    dated = found.filter("dated").filter(text.str.contains(DATE_LIKE))
    japanese = wide.filter(text.str.contains(JAPANESE_DATE))
    shown = {
        "structured": pl.concat([found.filter("opens"), fenced]),
        "lines": lines,
        "marked": marked,
        "wide": wide,
        "dates": pl.concat([dated, japanese]).unique("at"),
        "units": found.filter("units"),
    }
    yield from ((name, part) for name, part in shown.items() if len(part))


def one_of(*patterns: str, literal: bool = False) -> pl.Expr:
    """The number of the one pattern that an answer holds; one more where it holds several."""
    holds = [pl.col("answer").str.contains(p, literal=literal).cast(pl.UInt8) for p in patterns]
    number = pl.sum_horizontal(*[held * (i + 1) for i, held in enumerate(holds)])
    several = pl.when(pl.sum_horizontal(*holds) > 1).then(len(patterns) + 1)
    return several.otherwise(number).cast(pl.UInt8)


def forms(**aspects: pl.Expr) -> Forms:
    """Make Forms from an expression an aspect."""
    return lambda part: part.select(**aspects)


def by_text(of_text: Callable[[str], Sequence[int]], *aspects: str) -> Forms:
    """Make Forms from a function of one answer that gives a number an aspect."""
    schema = dict.fromkeys(aspects, pl.UInt8)
    return lambda part: pl.DataFrame(
        [of_text(text) for text in part["answer"]], schema=schema, orient="row"
    )


def line_ends(part: pl.DataFrame) -> pl.DataFrame:
    spaced = pl.col("answer").str.contains(" \n", literal=True)
    return part.select((spaced.cast(pl.UInt8) + 1).alias("line-ends"))


def japanese_punctuation(part: pl.DataFrame) -> pl.DataFrame:
    text = pl.col("answer").str
    marks = part.select(own=text.contains("、", literal=True), other=text.contains("，|．"))
    form = marks["own"].cast(pl.UInt8) + marks["other"].cast(pl.UInt8) * 3
    rows = (marks["other"] & ~marks["own"]).arg_true()
    stops = part[rows]["answer"].str.contains("．", literal=True)
    return form.scatter(rows, 3 - stops.cast(pl.UInt8)).to_frame("japanese-punctuation")


def layout_of(body: str) -> int:
    """The number of the layout of one JSON text."""
    forms = ASPECTS["json-layout"].forms
    if "\n" not in body.strip():
        colon = COLON.search(body)
        return forms.index("spaced" if colon and colon[1] else "compact") + 1
    first = FIRST_LINE.match(body)
    indent = first[1] if first else ""
    form = {"\t": "tab", "  ": "2", "    ": "4"}.get(indent, "other")
    return forms.index(form) + 1


def structured(text: str) -> tuple[int, int, int, int]:
    """Layout and keys of the first JSON, keywords and layout of the first SQL, in one reading."""
    if found := next(json_texts(text), None):
        return layout_of(text[found.start : found.end]), 1, 0, 0
    if match := KEY.match(text):
        return 0, 2 if match["single"] else 3, 0, 0
    if found := next(sql_texts(text), None):
        body = text[found.start : found.end].strip()
        return 0, 0, keywords_of(without_literals(body)), 1 + ("\n" in body)
    return 0, 0, 0, 0


def keywords_of(sql: str) -> int:
    """The number of the case in which keywords are written; 0 there are none."""
    upper, lower = bool(UPPER.search(sql)), bool(LOWER.search(sql))
    return 3 if upper and lower else 1 if upper else 2 if lower else 0


READ: Mapping[str, Forms] = {
    "structured": by_text(structured, "json-layout", "json-keys", "sql-keywords", "sql-layout"),
    "lines": line_ends,
    "marked": forms(bullets=one_of(*BULLETS, literal=True), headings=one_of(*HEADINGS)),
    "wide": japanese_punctuation,
    "dates": forms(dates=one_of(*DATES)),
    "units": forms(**{"unit-spacing": one_of(*UNITS), "unit-names": one_of(*UNIT_NAMES)}),
}
"""What is looked for -> a function of the answers that show it: one column an aspect."""


def choices(aspect: str, counts: Mapping[str, int]) -> dict[str, int]:
    """The counts of those forms that one can choose to write."""
    kept = [form for form in ASPECTS[aspect].forms if form not in (SEVERAL, OTHER, MIXED_CASE)]
    return {form: counts[form] for form in kept if form in counts}


def majority(counts: Mapping[str, int]) -> str | None:
    """The most frequent form; among equals the first by name."""
    return min(counts, key=lambda form: (-counts[form], form)) if counts else None


def form_counts(facts: pl.DataFrame) -> dict[str, dict[str, int]]:
    """How many records use each form, aspect by aspect; forms that nobody uses are left out."""
    whole = {}
    for name, aspect in ASPECTS.items():
        counted = facts[name].value_counts().sort(name)
        pairs = zip(counted[name], counted["count"], strict=True)
        whole[name] = {aspect.forms[form - 1]: n for form, n in pairs if form}
    return whole
