"""Phones: does a run of digits fit a numbering plan, and could somebody answer it?

A rule finds a run of digits and separators as long as it goes; here its blocks, between spaces,
are held against the plans. Numbers that nobody's phone rings for are left out: freephone and
service numbers, counted-up samples such as 234-567-8901, and what regulators keep for films.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

HYPHENS = re.compile(r"[‐‑‒–—−ー－]")
NOT_DIGIT = re.compile(r"[^0-9]")

NANP = re.compile(
    r"(?:1[ .-])?(?:(?P<boxed>[2-9][0-9]{2})\)[ -]{0,2}|(?P<area>[2-9][0-9]{2})(?P<first>[.-]))"
    r"(?P<exchange>[2-9][0-9]{2})(?P<second>[.-])(?P<line>[0-9]{4})"
)
"""The North American plan; a bracket before the area code is no part of the run."""

SERVICE_US = frozenset(["700", "800", "822", "833", "844", "855", "866", "877", "888", "900"])
FICTION_US = "555"  # as an area code never given out, as an exchange the films' own

COUNTRIES = re.compile(
    r"1|7|2[07]|3[0123469]|4[013456789]|5[12345678]|6[0123456]|8[1246]|9[0123458]"
    r"|21[12368]|2[2345][0-9]|26[0-9]|29[0179]|35[0-9]|37[0-9]|38[0-35679]|42[013]"
    r"|50[0-9]|59[0-9]|67[02-9]|68[0-35-9]|69[012]|85[02356]|88[06]|96[0-8]|97[0-79]|99[234568]"
)
INTERNATIONAL_DIGITS = (9, 15)  # country code included; ITU-T E.164 allows 15
FICTION_UK = re.compile(
    r"(?:44|0)(?:2079460|2920180|2896496|1632960|7700900|11[345678]4960|1[23456]14960|1914980)"
)
"""What Ofcom keeps for drama, after the country code or the 0 of a number within the country."""

UK = re.compile(
    r"02[03489]\)?[ -][0-9]{4}[ -][0-9]{4}|01(?:1[3-8]|[2-69]1)\)?[ -][0-9]{3}[ -][0-9]{4}"
    r"|(?:01[2-9][0-9]{2}|07[1-57-9][0-9]{2})\)?[ -](?:[0-9]{6}|[0-9]{3}[ -][0-9]{3})"
)

JA = re.compile(
    r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{4}|0[0-9]{1,4}\)[ -]?[0-9]{1,4}-[0-9]{4}"
    r"|0[0-9]{1,4}\([0-9]{1,4}\)[0-9]{4}"
)
MOBILE_JA = re.compile(r"0[5789]0[1-9][0-9]{7}")
SERVICE_JA = re.compile(r"0(?:120|800|570|990|180)")


def is_phone_en(text: str) -> bool:
    """A North American number that somebody may have."""
    return any(
        FICTION_US not in parts[:2] and not is_counted("".join(parts))
        for parts in north_american(text)
    )


def is_fiction_phone(text: str) -> bool:
    """A North American number as films and examples use: area code or exchange 555."""
    return any(FICTION_US in parts[:2] for parts in north_american(text))


def is_phone_uk(text: str) -> bool:
    """A number of the United Kingdom, written as within the country, that somebody may have."""
    number = plain(text)
    digits = NOT_DIGIT.sub("", number)
    if FICTION_UK.match(digits) or is_counted(digits[1:]) or len(set(digits[3:])) == 1:
        return False
    return UK.fullmatch(number) is not None


def is_phone_ja(text: str) -> bool:
    """A Japanese number with hyphens or brackets: ten digits, or eleven of a mobile.

    What a word such as 型番 opens, or a letter ends, is the number of a thing.
    """
    return not text[:1].isalpha() and any(_is_number_ja(block) for block in blocks(text))


def is_mobile_ja(text: str) -> bool:
    """Eleven digits of a Japanese mobile, behind a word that says so: a bare run proves nothing."""
    digits = NOT_DIGIT.sub("", plain(text))
    return bool(MOBILE_JA.fullmatch(digits)) and len(set(digits[3:])) > 1


def is_phone(text: str) -> bool:
    """A number in international form, `+` and country code, that somebody may have."""
    digits = NOT_DIGIT.sub("", plain(text))
    least, most = INTERNATIONAL_DIGITS
    if not least <= len(digits) <= most or is_counted(digits[2:]):
        return False
    if digits.startswith("1"):
        area, exchange = digits[1:4], digits[4:7]
        return len(digits) == 11 and area not in SERVICE_US and FICTION_US not in (area, exchange)
    if digits.startswith("81"):
        national = "0" + digits[2:].removeprefix("0")
        return len(national) in (10, 11) and not SERVICE_JA.match(national)
    return bool(COUNTRIES.match(digits)) and not FICTION_UK.match(digits)


def plain(text: str) -> str:
    """Full-width digits, brackets and every hyphen as ASCII."""
    return HYPHENS.sub("-", unicodedata.normalize("NFKC", text))


def blocks(text: str) -> Iterator[str]:
    """What stands between spaces, and every two neighbours: `(06) 6817-2294` has a space inside."""
    parts = re.sub(r"^[^0-9]+", "", plain(text)).split()
    pairs = (" ".join(pair) for pair in pairwise(parts))
    yield from (block.strip(".(") for block in (*parts, *pairs))


def is_counted(digits: str) -> bool:
    """Whether digits only count up or down, or are two digits over and over: a sample."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return steps <= {1} or steps <= {9} or len(set(digits)) <= 2


def north_american(text: str) -> Iterator[tuple[str, str, str]]:
    """(area, exchange, line) of each number of a run, service numbers left out."""
    for block in blocks(text):
        found = NANP.fullmatch(block)
        if found is None or found["first"] not in (None, found["second"]):
            continue
        area, exchange = found["boxed"] or found["area"], found["exchange"]
        if area not in SERVICE_US and "11" not in (area[1:], exchange[1:]):
            yield area, exchange, found["line"]


def _is_number_ja(number: str) -> bool:
    digits = NOT_DIGIT.sub("", number)
    if SERVICE_JA.match(digits) or is_counted(digits) or len(set(digits[3:])) == 1:
        return False
    landline = len(digits) == 10 and digits[1] != "0"
    return (landline or bool(MOBILE_JA.fullmatch(digits))) and bool(JA.fullmatch(number))
