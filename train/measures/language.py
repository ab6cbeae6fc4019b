"""Language: whether the answer is in the language of the reference."""

from __future__ import annotations

from curate.content.language_detect import MIN_IDEOGRAPHS, MIN_LETTERS, detect, scripts
from train.measures import Attempt, Measure, one_by_one

JAPANESE = {"kana", "han"}


def language(one: Attempt) -> bool | None:
    """None where one of the two is too short, or holds no prose, to tell."""
    said, wanted = spoken(one.answer), spoken(one.reference)
    return None if said is None or wanted is None else said == wanted


def spoken(text: str) -> str | None:
    """The language of a text; by its letters alone where kana or nothing but Latin decide it."""
    letters = scripts(text)
    if letters["kana"] and letters["kana"] + letters["han"] >= MIN_IDEOGRAPHS:
        return "ja" if letters["kana"] + letters["han"] > letters["LATIN"] / 2 else None
    if sum(letters.values()) < MIN_LETTERS and not letters.keys() & JAPANESE:
        return None
    guess = detect(text)
    return guess.language if guess else None


MEASURE = Measure(
    "language", "whether the answer is in the reference's language", "higher", one_by_one(language)
)
