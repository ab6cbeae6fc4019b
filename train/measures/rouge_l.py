"""ROUGE-L: the longest sequence of words that answer and reference have in common (Lin 2004).

F1 of its share of both, 0 to 1. Words are those between blanks; kana and ideographs stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from train.measures import Attempt, Measure, one_by_one

CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
WORD = re.compile(rf"[{CJK}]|[^\W{CJK}]+")
MOST = 4_000  # words; comparing takes the product of both


def rouge_l(one: Attempt) -> float | None:
    """None without a word in the reference."""
    said, wanted = words(one.answer), words(one.reference)
    if not wanted:
        return None
    common = longest_common(said, wanted)
    return 2 * common / (len(said) + len(wanted))


def words(text: str) -> list[str]:
    """Words in small letters."""
    return WORD.findall(text.lower())[:MOST]


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest sequence that both hold in the same order."""
    numbers = {word: n for n, word in enumerate({*one, *other})}
    columns = np.array([numbers[word] for word in other], dtype=np.int64)
    row = np.zeros(len(other) + 1, dtype=np.int64)
    for word in one:
        longer = np.where(columns == numbers[word], row[:-1] + 1, row[1:])
        row[1:] = np.maximum.accumulate(longer)
    return int(row[-1])


MEASURE = Measure(
    "rouge_l", "the longest word sequence in common with the reference, 0 to 1",
    "higher", one_by_one(rouge_l),
)  # fmt: skip
