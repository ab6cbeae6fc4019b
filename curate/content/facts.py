"""Facts: the names, numbers and links that a text states.

Precision comes first. Only what can hardly be said in other words is a fact here: numbers from 13
up, Japanese days of a month and hours, names of two capitalised words, names in katakana with a
middle dot, addresses on the web.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

from curate.content.figures import MORE_DIGITS, half_width, value_of

Kind = Literal["link", "number", "name"]

LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()「」（）\"'、。]{1,500}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}",
    re.ASCII,
)
NUMBER = re.compile(
    rf"\d(?<![A-Za-z0-9_.,/-]\d)\d{{0,39}}{MORE_DIGITS}"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|[千万億兆])|(?P<mark>%|％))?",
    re.IGNORECASE,
)
"""A number. What stands before it is asked once there is a digit, which is found much faster."""

ABOUT = re.compile(
    r"(?:about|nearly|almost|over|around|roughly|approximately|than|some|約|およそ|ほぼ)\s?$",
    re.IGNORECASE,
)
LINK_SIGNS = ("://", "www.", "@")  # one of them is in every link

NAME = re.compile(
    r"[A-Z](?<![.!?:;\"“”'‘•*#\-–—\n] [A-Z])(?<![\w\"“‘'(\[*#\n][A-Z])(?<!^[A-Z])"
    r"[a-z]{2,}(?:[ -](?:(?:of|de|van|von|the|and) )?[A-Z][a-z]{2,})+"
)
"""Capitalised words inside a sentence; at its start the first word proves nothing.

What stands before the capital is asked once there is one, as for a number.
"""
KATAKANA_NAME = re.compile(r"[ァ-ヴー]{2,30}(?:[・･][ァ-ヴー]{2,30})+")

FACTS_AT_MOST = 500  # of one text
SMALLEST = 13  # smaller numbers count things ("three reasons"), which nobody has to quote
SURE_FROM = 100  # a number below may be a count that the writer made
YEARS = (1000, 2100)
PRIVATE_DIGITS = 7  # so many digits may be somebody's telephone number
WEAK, SURE = 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a text states; start and end count characters."""

    kind: Kind
    text: str
    start: int
    end: int
    value: float = 0.0  # of a number
    weight: float = SURE
    is_year: bool = False  # "in 2000", where "about 2000" may be rounded
    is_decade: bool = False  # "the 1980s", "1980年代"
    is_moment: bool = False  # "3月12日", "15時", which nobody rounds

    @property
    def is_private(self) -> bool:
        """Whether it may be somebody's number or address."""
        if self.kind != "number":
            return "@" in self.text
        return sum(map(str.isdigit, self.text)) >= PRIVATE_DIGITS


def facts(text: str) -> list[Fact]:
    """What a text states that has to come from somewhere: links, then numbers, then names."""
    plain = half_width(text)  # one character for one, so that places stay
    linked = any(map(plain.__contains__, LINK_SIGNS))
    links = [_link(match) for match in LINK.finditer(plain)] if linked else []
    covered = {at for link in links for at in range(link.start, link.end)}
    numbers = (_number(match) for match in NUMBER.finditer(plain) if match.start() not in covered)
    names = (
        Fact("name", match[0], *match.span())
        for pattern in ((NAME,) if plain.isascii() else (NAME, KATAKANA_NAME))
        for match in pattern.finditer(plain)
    )
    return list(islice(chain(links, filter(None, numbers), names), FACTS_AT_MOST))


def _link(match: re.Match[str]) -> Fact:
    bare = match[0].rstrip(".,;:!?")
    return Fact("link", bare, match.start(), match.start() + len(bare))


def _number(match: re.Match[str]) -> Fact | None:
    """A number; None for a small one, and for the number of a list entry."""
    whole, (start, end) = match.string, match.span()
    before, after = whole[max(start - 20, 0) : start], whole[end : end + 2]
    value = value_of(match[0])
    opens_line = not before.rstrip(" ") or before.rstrip(" ").endswith("\n")
    moment = is_moment(before, after)
    listed = opens_line and after.startswith((". ", ") ", "．", "、"))
    if listed or (value < SMALLEST and not moment):
        return None
    sure = value >= SURE_FROM or match["scale"] or match["mark"] or "." in match[0] or moment
    year = YEARS[0] <= value <= YEARS[1] and match[0].isdigit() and not ABOUT.search(before)
    decade = value % 10 == 0 and after.startswith(("s", "年代"))
    return Fact("number", match[0], start, end, value, SURE if sure else WEAK, year, decade, moment)


def is_moment(before: str, after: str) -> bool:
    """Whether a number is a day of a month or an hour: 3月12日, 15時, but not 15時間."""
    day = before.endswith("月") and after.startswith("日")
    return day or (after.startswith("時") and after != "時間")
