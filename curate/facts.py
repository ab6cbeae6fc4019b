"""Facts: the names, figures and links a text states, and whether a context holds them.

Precision comes first. Only what can hardly be said in other words is a fact here: numbers from 13
up, names of two capitalised words, names in katakana with a middle dot, addresses on the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal

Kind = Literal["link", "number", "name"]

LINK = re.compile(r"(?:https?://|www\.)[^\s<>()「」（）\"'、。]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,/-])\d+(?:[,，]\d{3})*(?:\.\d+)?"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|[千万億兆])|(?P<mark>%|％))?",
    re.IGNORECASE,
)
ANY_NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?(?:\s?(?:thousand|million|billion|trillion|[千万億兆]))?", re.I)
WORD_NUMBER = re.compile(
    r"\b(?:(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:a|one|two|three|four|five|six|seven|eight|nine)? ?(?:hundred|dozen|thousand|million)|half|quarter)\b",
    re.IGNORECASE,
)
ABOUT = re.compile(r"(?i)(?:about|nearly|almost|over|around|roughly|approximately|than|some|約|およそ|ほぼ)\s?$")
KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十百千万億]{2,}|[十百千万億]")
ERA = re.compile(r"(明治|大正|昭和|平成|令和)(\d{1,2}|元)年?")
ERA_START = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
NAME = re.compile(
    r"(?<![.!?:;\"“”'‘•*#\-–—\n] )(?<![\"“‘'(\[*#_\n])(?<!^)\b[A-Z][a-z]{2,}(?:[ -](?:(?:of|de|van|von|the|and) )?[A-Z][a-z]{2,})+"
)
JAPANESE = re.compile(r"[ぁ-んァ-ヴ]")
KATAKANA_NAME = re.compile(r"[ァ-ヴー]{2,}(?:[・･][ァ-ヴー]{2,})+")

ALSO_CALLED = {
    "united states": ("american", "americans", "america", "usa"),
    "united kingdom": ("british", "britain", "england", "english"),
    "north america": ("american",),
    "middle east": ("arab", "arabic"),
}
"""Names whose other forms share neither word nor initials."""

STEM = 5  # letters of a word that decide whether a context holds it
SMALLEST = 13  # smaller numbers count things ("three reasons"), which nobody has to quote
NEAR = 0.051  # of a value: "about 2,000" for 1,998
MOST_VALUES = 20  # of a context, whose sums and differences are worth making
PRIVATE_DIGITS = 7  # so many digits may be somebody's telephone number
WEAK, SURE = 0.5, 1.0

FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
SCALES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "千": 1e3, "万": 1e4, "億": 1e8, "兆": 1e12,
}  # fmt: skip
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
ONES = dict(zip("one two three four five six seven eight nine".split(), range(1, 10), strict=True))
KANJI_ONES = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
KANJI_TENS = {"十": 10, "百": 100, "千": 1000}
CALCULATES = re.compile(
    r"(?i)\b(?:calculat|comput|count|convert|averag|total|sum of|add up|math|multipl|divi(?:de|sion)|addition|subtract|how (?:many|much|old|long|far)|percentage|number of|estimat|differen)"
    r"|計算|合計|平均|換算|数えて|いくつ|何個|何人|何年間|何歳|割合|差は"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a text states; start and end count characters."""

    kind: Kind
    text: str
    start: int
    end: int
    value: float | None = None  # of a number
    weight: float = SURE
    is_year: bool = False  # "in 2000", where "about 2000" may be rounded
    is_decade: bool = False  # "the 1980s", "1980年代"

    @property
    def private(self) -> bool:
        """Whether it may be somebody's number or address."""
        digits = sum(sign.isdigit() for sign in self.text)
        return "@" in self.text or (self.kind == "number" and digits >= PRIVATE_DIGITS)


def facts(text: str) -> Iterator[Fact]:
    """What a text states that has to come from somewhere, in the order of its kinds."""
    plain = text.translate(FULL_WIDTH)
    links = [Fact("link", match[0].rstrip(".,;:!?"), *match.span()) for match in LINK.finditer(plain)]
    yield from links
    for match in NUMBER.finditer(plain):
        if not any(link.start <= match.start() < link.end for link in links):
            yield from _number(match)
    for pattern in (NAME, KATAKANA_NAME):
        yield from (Fact("name", match[0], *match.span()) for match in pattern.finditer(plain))


def _number(match: re.Match[str]) -> Iterator[Fact]:
    value = value_of(match[0])
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() :]
    lists = before in ("", "\n") and after.startswith((". ", ") ", "．", "、"))
    if value >= SMALLEST and not lists:
        sure = value >= 100 or match["scale"] or match["mark"] or "." in match[0]
        year = 1000 <= value <= 2100 and match[0].isdigit() and not ABOUT.search(match.string[: match.start()])
        decade = value % 10 == 0 and after.startswith(("s", "年代"))
        weight = SURE if sure else WEAK
        yield Fact("number", match[0], *match.span(), value, weight, year, decade)


def value_of(number: str) -> float:
    """The value of a figure with its commas and its scale word."""
    found = re.match(r"[\d,，.]+", number)
    figure = re.sub(r"[,，]", "", found[0] if found else "0").rstrip(".")
    scale = number[found.end() :].strip().lower() if found else ""
    return float(figure) * SCALES.get(scale, 1.0)


class Ground:
    """A context that an answer has to keep to; each part of it is read when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def plain(self) -> str:
        dotted = re.sub(r"\b([A-Z])\.(?=[A-Z]|\W)", r"\1", self.text)  # U.S. as US
        return re.sub(r"(?<=\d)[,，](?=\d)", "", dotted.translate(FULL_WIDTH))

    @cached_property
    def is_japanese(self) -> bool:
        return bool(JAPANESE.search(self.plain))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(re.findall(r"[a-z]+", self.plain.lower()))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(word[:STEM] for word in self.words)

    @cached_property
    def values(self) -> frozenset[float]:
        return frozenset(values(self.plain))

    @cached_property
    def derived(self) -> frozenset[float]:
        """Sums, differences and shares of two values: "ten years later", "37 %"."""
        some = sorted(self.values)[:MOST_VALUES]
        derived = {100 - value for value in some}
        for low, high in combinations(some, 2):
            derived |= {low + high, high - low, low * high}
            if high:
                share = 100 * low / high
                derived |= {float(round(share)), float(round(100 - share))}
        return frozenset(derived)

    def holds(self, fact: Fact) -> bool:
        if fact.text in self.text:
            return True
        if fact.kind == "link":
            return self._holds_link(fact.text)
        if fact.kind == "name":
            return self._holds_name(fact.text)
        return fact.value is None or self._holds_number(fact, fact.value)

    def _holds_link(self, link: str) -> bool:
        host = re.sub(r"^https?://", "", link.lower()).removeprefix("www.").split("/")[0]
        return host in self.plain.lower()

    def _holds_name(self, name: str) -> bool:
        """Any word of it, or its initials: the context may use a short form."""
        if self.is_japanese != bool(KATAKANA_NAME.fullmatch(name)):
            return True  # it may be there in the other script
        if self.is_japanese:
            return any(part in self.plain for part in re.split("[・･]", name))
        if name.replace(" ", "").lower() in self.plain.replace(" ", "").lower():
            return True
        if any(other in self.words for other in ALSO_CALLED.get(name.lower(), ())):
            return True
        parts = [part for part in re.findall(r"[A-Za-z]+", name) if part[0].isupper()]
        initials = "".join(part[0] for part in parts).lower()
        return initials in self.words or any(part[:STEM].lower() in self.stems for part in parts)

    def _holds_number(self, fact: Fact, value: float) -> bool:
        digits = re.sub(r"\D", "", fact.text)
        if value in self.values or digits in self.plain or CALCULATES.search(self.plain):
            return True
        if fact.is_decade:
            return any(value <= known <= value + 9 for known in self.values)
        rounded = not fact.is_year and any(_rounds(known, value) for known in self.values)
        return rounded or value in self.derived


def _rounds(known: float, value: float) -> bool:
    """Whether `value` is a rounder way to say `known`: "about 2,000" for 1,998, "over 700"."""
    unit = 10 ** max(len(str(int(known))) - 1, 1)
    close = abs(value - known) <= abs(known) * NEAR and value % 5 == 0
    return close or (known >= unit and value in (known // unit * unit, -(-known // unit) * unit))


def values(plain: str) -> Iterator[float]:
    """Every number of a context, however it is written."""
    for match in ANY_NUMBER.finditer(plain):
        yield value_of(match[0])
        yield value_of(re.sub(r"\s?[^\d,，.]+$", "", match[0]))
    for match in WORD_NUMBER.finditer(plain):
        yield _word_value(match[0].lower())
    for match in KANJI_NUMBER.finditer(plain):
        yield _kanji_value(match[0])
    for match in ERA.finditer(plain):
        yield float(ERA_START[match[1]] + (1 if match[2] == "元" else int(match[2])))


def _word_value(words: str) -> float:
    total = 0.0
    for word in re.split(r"[ -]", words):
        if word in TENS:
            total += TENS[word]
        elif word in ONES:
            total += ONES[word]
        elif word.endswith("teen"):
            total += 10 + next(v for w, v in ONES.items() if word[:3] == w[:3] or (word[:3], w) in IRREGULAR)
        else:
            total = max(total, 1) * {"hundred": 100, "dozen": 12, "thousand": 1e3, "million": 1e6, "half": 50, "quarter": 25}.get(word, 1)
    return total


IRREGULAR = {("thi", "three"), ("fif", "five"), ("eig", "eight")}


def _kanji_value(signs: str) -> float:
    """二〇二四 as 2024, 千二百 as 1200, 三万 as 30000."""
    if not set(signs) & {*KANJI_TENS, "万", "億"}:
        return float("".join(str(KANJI_ONES[sign]) for sign in signs))
    total = section = pending = 0
    for sign in signs:
        if sign in KANJI_ONES:
            pending = KANJI_ONES[sign]
        elif sign in KANJI_TENS:
            section += max(pending, 1) * KANJI_TENS[sign]
            pending = 0
        else:
            total += max(section + pending, 1) * int(SCALES[sign])
            section = pending = 0
    return float(total + section + pending)
