"""Figures: the value of a number however it is written, in English and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator

FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
IS_FULL_WIDTH = re.compile("[０-９．，％]")

SCALES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "千": 1e3, "万": 1e4, "億": 1e8, "兆": 1e12,
}  # fmt: skip
SCALE = r"(?:\s?(?:thousand|million|billion|trillion|[千万億兆]))?"
MORE_DIGITS = r"(?:[,，]\d{3})*(?:\.\d{1,40})?"
FIGURE = r"\d{1,40}" + MORE_DIGITS
SCALED = re.compile(FIGURE + SCALE, re.IGNORECASE)
DIGITS = re.compile(r"[\d,，.]+")

ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
BIG = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
WORD = "|".join([*ONES, *TENS, *BIG])
IN_WORDS = rf"\b(?:{WORD})(?:[ -](?:{WORD}|and))*\b"
WORDS = re.compile(IN_WORDS, re.IGNORECASE)
SMALL_WORDS = re.compile(IN_WORDS)  # of small letters, among which they are found far faster

KANJI_ONES = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
KANJI_TENS = {"十": 10, "百": 100, "千": 1000}
KANJI = re.compile(r"[〇一二三四五六七八九十百千万億]{2,40}|[十百千万億]")
ERA = re.compile(r"(明治|大正|昭和|平成|令和)(\d{1,2}|元)")
BEFORE_ERA = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}


def half_width(text: str) -> str:
    """The text with the digits and signs of numbers in their ordinary width."""
    if text.isascii() or IS_FULL_WIDTH.search(text) is None:
        return text
    return text.translate(FULL_WIDTH)


def value_of(number: str) -> float:
    """The value of ASCII digits with their commas, and of the scale word behind them."""
    found = DIGITS.match(number)
    digits = found[0] if found else "0"
    value = float(digits.replace(",", "").replace("，", "").rstrip("."))
    scale = number[len(digits) :].strip().lower()
    return value * SCALES.get(scale, 1.0) if scale else value


def values(text: str) -> Iterator[float]:
    """Every number of a text whose digits are ASCII."""
    for match in SCALED.finditer(text):
        yield value_of(match[0])
        if not match[0][-1].isdigit():
            yield value_of(re.sub(r"[^\d,，.]+$", "", match[0]))
    plain = text.isascii()
    for match in SMALL_WORDS.finditer(text.lower()) if plain else WORDS.finditer(text):
        yield float(_words(match[0].lower()))
    if plain:
        return
    for match in KANJI.finditer(text):
        yield float(_kanji(match[0]))
    for match in ERA.finditer(text):
        yield float(BEFORE_ERA[match[1]] + (1 if match[2] == "元" else int(match[2])))


def _words(words: str) -> int:
    """Twenty-two as 22, three hundred thousand as 300000."""
    total = section = 0
    for word in re.split(r"[ -]", words):
        if word in ("thousand", "million", "billion"):
            total += max(section, 1) * BIG[word]
            section = 0
        elif word in BIG:
            section = max(section, 1) * BIG[word]
        else:
            section += ONES.get(word, TENS.get(word, 0))
    return total + section


def _kanji(signs: str) -> int:
    """二〇二四 as 2024, 千二百 as 1200, 三万 as 30000."""
    if not set(signs) & {*KANJI_TENS, "万", "億"}:
        return int("".join(str(KANJI_ONES[sign]) for sign in signs))
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
    return total + section + pending
