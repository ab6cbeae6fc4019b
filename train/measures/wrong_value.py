"""Wrong value: the answer states another number, date or name than the reference.

Told only where it can be: a free text may leave a figure out, so there a figure counts as wrong
that neither the reference nor the prompt has, where one of the reference is missing. A terse
reference must have its figures in the answer; one that is hardly more than a name is a value
itself, and an answer without it is wrong.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from curate.content.quantities import Date, Quantities, agree, quantities
from train.measures import Attempt, Measure, one_by_one

TERSE, NAME = 40, 24  # letters; kana and ideographs count twice
SHOWN = 80  # characters of what stands in place of a name


@dataclass(frozen=True, slots=True)
class Differing:
    """What the reference states and the answer does not, and what stands there instead."""

    expected: tuple[str, ...]
    found: tuple[str, ...]


def wrong_value(one: Attempt) -> bool | None:
    """None where the reference states nothing that could be compared."""
    reference = folded(one.reference)
    figures = quantities(reference)
    if not reference or not (figures.dates or figures.numbers or width(reference) <= NAME):
        return None
    return differing(one) is not None


def differing(one: Attempt) -> Differing | None:
    """The values that differ; None where nothing contradicts the reference."""
    said, wanted = folded(one.answer), folded(one.reference)
    if not said or said == wanted:
        return None
    stated, due = quantities(said), quantities(wanted)
    if due.dates or due.numbers:
        return _figures(stated, due, quantities(folded(one.prompt)), width(wanted) <= TERSE)
    bare_said, bare_wanted = bare(said), bare(wanted)
    if width(wanted) > NAME or bare_wanted in bare_said or bare_said in bare_wanted:
        return None
    return Differing((one.reference.strip(),), (one.answer.strip()[:SHOWN],))


def folded(text: str) -> str:
    """One form of width and case, blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def bare(text: str) -> str:
    """Letters and digits alone."""
    return "".join(letter for letter in text if letter.isalnum())


def width(text: str) -> int:
    """Letters, wide ones counted twice."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _figures(
    stated: Quantities, due: Quantities, given: Quantities, terse: bool
) -> Differing | None:
    numbers = due.numbers - stated.numbers
    other_numbers = stated.numbers - due.numbers - given.numbers
    dates = [one for one in due.dates if not matched(one, stated.dates)]
    other_dates = [one for one in stated.dates if not matched(one, due.dates | given.dates)]
    expected, found = list[str](), list[str]()
    if numbers and (other_numbers or terse):
        expected += [f"{n:f}" for n in sorted(numbers)]
        found += [f"{n:f}" for n in sorted(other_numbers)]
    if dates and (other_dates or terse):
        expected += sorted(map(written, dates))
        found += sorted(map(written, other_dates))
    return Differing(tuple(expected), tuple(found)) if expected else None


def matched(date: Date, others: frozenset[Date]) -> bool:
    """Whether one of the others can mean the same day, month or year."""
    return any(agree(frozenset([date]), frozenset([other])) for other in others)


def written(date: Date) -> str:
    """A date as far as it is known, as 2014-05 or ?-05-03."""
    year, month, day = date
    parts = [str(year) if year else "?", *(f"{p:02}" for p in (month, day) if p)]
    return "-".join(parts)


MEASURE = Measure(
    "wrong_value", "whether another number, date or name is stated than in the reference",
    "lower", one_by_one(wrong_value),
)  # fmt: skip
