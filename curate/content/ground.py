"""Ground: a context that an answer has to keep to, and whether it holds a fact.

What follows from the context counts as held: a rounded figure, a sum or a difference, a share, a
year of another calendar, a short form of a name.
"""

from __future__ import annotations

import math
import re
from functools import cached_property
from itertools import combinations

from curate.content.facts import KATAKANA_NAME, Fact
from curate.content.figures import half_width, values

STEM = 5  # letters of a word that decide whether a context holds it
NEAR = 0.051  # of a value: "about 2,000" for 1,998
MOST_VALUES = 40  # of a context, whose sums and differences are made: 780 pairs
WORD, PART = re.compile("[a-z]+"), re.compile("[A-Za-z]+")
# What must stand before a sign is asked once there is one, which is found much faster.
DOTTED = re.compile(r"([A-Z])(?<!\w[A-Z])\.(?=[A-Z]|\W)")
WITHIN_NUMBER = re.compile(r"[,，](?<=\d[,，])(?=\d)")
JAPANESE = re.compile(r"[ぁ-んァ-ヴ]")
CALCULATION = (
    "calculat", "comput", "count", "convert", "averag", "total", "sum of", "add up", "math",
    "multipl", "divide", "division", "addition", "subtract", "how many", "how much", "how old",
    "how long", "how far", "percentage", "number of", "estimat", "differen",
)  # fmt: skip
CALCULATES = re.compile(
    rf"\b(?:{'|'.join(CALCULATION)})"
    r"|計算|合計|平均|換算|数えて|いくつ|何個|何人|何年間|何歳|割合|差は",
    re.IGNORECASE,
)
"""What a context says whose answer brings numbers of its own."""

NEAR_DAYS = re.compile(r"明[日後]|翌|昨日|前日|本日|今[日週]|来週|先週|[日週月間][前後]|曜")
"""What a context says from which another day or hour follows."""
HALF_DAY = 12  # hours: 午後3時 is 15時
HALF = re.compile(r"午|夜|夕|[Pp]\.?[Mm]\b")

ALSO_CALLED = {
    "united states": ("american", "americans", "america", "usa"),
    "united kingdom": ("british", "britain", "england", "english"),
    "north america": ("american",),
    "middle east": ("arab", "arabic"),
}
"""Names whose other forms share neither word nor initials."""


class Ground:
    """One context; each part of it is read when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def plain(self) -> str:
        dotted = DOTTED.sub(r"\1", self.text)  # U.S. as US
        return WITHIN_NUMBER.sub("", half_width(dotted))

    @cached_property
    def lower(self) -> str:
        return self.plain.lower()

    @cached_property
    def compact(self) -> str:
        return self.plain.replace(" ", "").lower()

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(WORD.findall(self.lower))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(word[:STEM] for word in self.words)

    @cached_property
    def is_japanese(self) -> bool:
        return not self.plain.isascii() and bool(JAPANESE.search(self.plain))

    @cached_property
    def calculates(self) -> bool:
        plain = self.plain
        if plain.isascii() and not any(map(self.lower.__contains__, CALCULATION)):
            return False  # nearly always, and seen faster than by the pattern
        return bool(CALCULATES.search(plain))

    @cached_property
    def values(self) -> frozenset[float]:
        return frozenset(values(self.plain))

    @cached_property
    def derived(self) -> frozenset[float]:
        """Sums, differences, products and shares of two values: "ten years later", "37 %"."""
        some = sorted(self.values)[-MOST_VALUES:]
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
        return self._holds_number(fact)

    def _holds_link(self, link: str) -> bool:
        """Its host is enough: a page of the same site was at hand."""
        host = re.sub(r"^https?://", "", link.lower()).removeprefix("www.").split("/")[0]
        return host in self.compact

    def _holds_name(self, name: str) -> bool:
        """Any word of it, or its initials: the context may use a short form."""
        if self.is_japanese != bool(KATAKANA_NAME.fullmatch(name)):
            return True  # it may be there in the other script
        if self.is_japanese:
            return any(part in self.plain for part in re.split("[・･]", name))
        if name.replace(" ", "").lower() in self.compact:
            return True
        if any(other in self.words for other in ALSO_CALLED.get(name.lower(), ())):
            return True
        parts = [part.lower() for part in PART.findall(name) if part[0].isupper()]
        initials = "".join(part[0] for part in parts)
        stems = [part[:STEM] for part in parts]
        if not any(map(self.lower.__contains__, (initials, *stems))):
            return False
        return initials in self.words or not self.stems.isdisjoint(stems)

    def _holds_number(self, fact: Fact) -> bool:
        if fact.value in self.values or self.calculates:
            return True
        if fact.text.isdigit() and fact.text in self.plain:
            return True  # part of a code: "380" of "A380-800"
        if fact.is_moment:
            return self._holds_moment(fact.value)
        if fact.is_decade:
            return any(fact.value <= known <= fact.value + 9 for known in self.values)
        rounded = not fact.is_year and any(rounds(known, fact.value) for known in self.values)
        return rounded or fact.value in self.derived

    def _holds_moment(self, value: float) -> bool:
        """A day or an hour: counted from another perhaps, or of the other half of the day."""
        if value in self.derived or NEAR_DAYS.search(self.plain):
            return True
        if value <= HALF_DAY:
            return value + HALF_DAY in self.values
        return value - HALF_DAY in self.values and HALF.search(self.plain) is not None


def rounds(known: float, value: float) -> bool:
    """Whether `value` is a rounder way to say `known`: "about 2,000" for 1,998, "over 700"."""
    if not 10 <= known < math.inf:
        return False
    unit = 10.0 ** int(math.log10(known))
    whole = {math.floor(known / unit) * unit, math.ceil(known / unit) * unit}
    return value in whole or (abs(value - known) <= known * NEAR and value % 5 == 0)
