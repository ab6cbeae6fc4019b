"""The numbers and dates that a text states, in English and Japanese, as comparable values.

"3万円" and "30,000円" state one number, "2024年5月3日", "令和6年5月3日", "May 3, 2024" and
"2024-05-03" one date. Texts come in folded (`curate.content.sameness`). A date written 03/05/2024
is read as numbers, because nobody can tell the day from the month.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

Date = tuple[int | None, int | None, int | None]
"""(year, month, day); None where the text does not say."""

DATE_MARK, NUMBER_MARK = "\x01", "\x02"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_DATE = re.compile(
    r"(?:(?P<y1>\d{4})|(?P<era>令和|平成|昭和|大正|明治)(?P<ey>\d{1,2}|元))年"
    r"(?:(?P<m1>\d{1,2})月(?:(?P<d1>\d{1,2})日)?)?"
    r"|(?P<m2>\d{1,2})月(?:(?P<d2>\d{1,2})日)?"
    r"|(?<!\d)(?P<y3>\d{4})[-/.](?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})(?!\d)"
    rf"|\b{_MONTH.format('m4')} (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y4>\d{{4}}))?\b"
    rf"|\b(?P<d5>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH.format('m5')}(?:,? (?P<y5>\d{{4}}))?\b"
    rf"|\b{_MONTH.format('m6')},? (?P<y6>\d{{4}})\b"
)
_NUMBER = re.compile(
    r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?: ?(?:thousand|million|billion|trillion)\b)?"
    r"(?:[千万億兆]+(?:\d[\d,]*(?:\.\d+)?)?)*|\d[\d,]*(?:\.\d+)?"
    r"(?:[千万億兆]+(?:\d[\d,]*(?:\.\d+)?)?)*"
)
_PART = re.compile(r"(-?\d[\d,]*(?:\.\d+)?) ?([千万億兆]+|thousand|million|billion|trillion)?")
_SCALE = {"千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12} | {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12
}  # fmt: skip
_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")
_KANJI = re.compile(
    r"(?<!\d)[一二三四五六七八九十百千]+(?=[つ人個年月日回歳円万億%番位点倍本枚時分秒名匹台冊件])"
)


_DIGIT = re.compile(r"\d|元年")
_TENS = {"十": 10, "百": 100, "千": 1000}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Quantities:
    """What a text states in figures, and `rest`: the text with a mark in place of each."""

    dates: frozenset[Date]
    numbers: frozenset[Decimal]
    rest: str


def quantities(text: str) -> Quantities:
    """Read the dates first, then the numbers that are left."""
    figures = _WORD.sub(lambda word: str(_WORDS.index(word[0])), _KANJI.sub(_from_kanji, text))
    if not _DIGIT.search(figures):
        return Quantities(frozenset(), frozenset(), figures)
    dates, rest = _pulled(_DATE, _date, DATE_MARK, figures)
    numbers, rest = _pulled(_NUMBER, _number, NUMBER_MARK, rest)
    return Quantities(frozenset(dates), frozenset(numbers), rest)


def agree(one: frozenset[Date], other: frozenset[Date]) -> bool:
    """Whether two sets of dates can mean the same: each date has a match as far as both say."""
    pairs = [(a, b) for a in one for b in other if _matches(a, b)]
    return {a for a, _ in pairs} == one and {b for _, b in pairs} == other


def _matches(one: Date, other: Date) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def _pulled(
    pattern: re.Pattern[str], read: Callable[[re.Match[str]], Value], mark: str, text: str
) -> tuple[list[Value], str]:
    """Every value that `pattern` finds in `text`, and the text with `mark` in its place."""
    return [read(match) for match in pattern.finditer(text)], pattern.sub(mark, text)


def _date(match: re.Match[str]) -> Date:
    part = {name[0] + name[1:].rstrip("123456"): v for name, v in match.groupdict().items() if v}
    year = part.get("y")
    if "era" in part:
        year = str(_ERAS[part["era"]] + (1 if part["ey"] == "元" else int(part["ey"])))
    month = part.get("m")
    if month and not month.isdigit():
        month = str(_MONTHS.index(month[:3]) + 1)
    day = part.get("d")
    return (int(year) if year else None, int(month) if month else None, int(day) if day else None)


def _number(match: re.Match[str]) -> Decimal:
    total = Decimal(0)
    for figure, scale in _PART.findall(match[0]):
        value = Decimal(figure.replace(",", ""))
        for step in [scale] if scale in _SCALE else scale:
            value *= _SCALE[step]
        total += value
    return total.normalize()


def _from_kanji(match: re.Match[str]) -> str:
    """四十二 as 42, 三万 as 3万; a row of digits, 二〇, is not read so."""
    total, pending = 0, 0
    for sign in match[0]:
        if sign in _TENS:
            total += max(pending, 1) * _TENS[sign]
            pending = 0
        else:
            pending = "〇一二三四五六七八九".index(sign)
    return str(total + pending)
