"""Nearest: the texts most like a question, by the sequences of three characters they share.

Okapi BM25 (Robertson and others 1994) over character trigrams, which needs no words and so treats
Japanese like English. Of each question the rarest trigrams are looked for; scores are a share of
what the question would score against itself, so 1 is as like as can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

SIZE = 3  # characters
LOOKED_AT = 1_000  # characters of each text
MOST = 128  # trigrams of a question, the rarest ones
AT_ONCE = 4_096  # texts of one stretch of work
SATURATION, SHORTNESS = 1.2, 0.75  # BM25's k1 and b, at their usual values
WIDTH = np.uint64(21)  # bits of a character

Grams = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Near:
    """One text by its number, and how like the question it is."""

    number: int
    score: float


def nearest(questions: Sequence[str], texts: Sequence[str], k: int = 5) -> list[list[Near]]:
    """The k texts most like each question, the nearest first; those with nothing in common not."""
    if not questions or not texts:
        return [[] for _ in questions]
    known = np.unique(np.concatenate([grams([one])[0] for one in questions]))
    if not len(known):
        return [[] for _ in questions]
    holding, lengths = frequencies(known, texts)
    rarity = np.log1p((len(texts) - holding + 0.5) / (holding + 0.5))
    asked = [np.searchsorted(known, np.unique(grams([one])[0])) for one in questions]
    there = [terms[holding[terms] > 0] for terms in asked]
    looked_for = [one[np.argsort(-rarity[one], kind="stable")[:MOST]] for one in there]
    whole = np.array(
        [
            rarity[few].sum() * len(all_of) / max(1, len(some)) or 1.0
            for few, some, all_of in zip(looked_for, there, asked, strict=True)
        ]
    )  # what the question would score itself, trigrams that no text has counted like the others
    usual = max(1.0, float(lengths.mean()))
    best: list[list[Near]] = [[] for _ in questions]
    for at in range(0, len(texts), AT_ONCE):
        some = texts[at : at + AT_ONCE]
        scores = np.minimum(_scores(known, looked_for, rarity, some, usual) / whole[:, None], 1.0)
        for number, row in enumerate(scores):
            found = [Near(at + int(n), float(row[n])) for n in _top(row, k)]
            best[number] = sorted([*best[number], *found], key=lambda n: (-n.score, n.number))[:k]
    return best


def grams(texts: Sequence[str]) -> tuple[Grams, npt.NDArray[np.int64]]:
    """Every trigram of every text as a number, and the text it stands in."""
    cut = [f" {' '.join(text[:LOOKED_AT].casefold().split())} " for text in texts]
    letters = np.frombuffer("".join(cut).encode("utf-32-le", "replace"), np.uint32)
    letters = letters.astype(np.uint64)
    owner = np.repeat(np.arange(len(cut)), [len(one) for one in cut])
    if len(letters) < SIZE:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    whole = owner[: -SIZE + 1] == owner[SIZE - 1 :]
    made = (letters[:-2] << (2 * WIDTH)) | (letters[1:-1] << WIDTH) | letters[2:]
    return made[whole], owner[: -SIZE + 1][whole]


def frequencies(
    known: Grams, texts: Sequence[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """In how many texts each known trigram stands, and how many trigrams each text has."""
    holding = np.zeros(len(known), np.int64)
    lengths = []
    for at in range(0, len(texts), AT_ONCE):
        some = texts[at : at + AT_ONCE]
        made, owner = grams(some)
        lengths.append(np.bincount(owner, minlength=len(some)))
        term, text, _ = _counted(known, made, owner)
        holding += np.bincount(term, minlength=len(known))
    return holding, np.concatenate(lengths)


def _counted(known: Grams, made: Grams, owner: npt.NDArray[np.int64]) -> tuple[Any, Any, Any]:
    """(known trigram, text, times) of every trigram that is known."""
    place = np.minimum(np.searchsorted(known, made), len(known) - 1)
    there = known[place] == made
    pairs = owner[there] * len(known) + place[there]
    distinct, times = np.unique(pairs, return_counts=True)
    return distinct % len(known), distinct // len(known), times


def _scores(
    known: Grams,
    looked_for: Sequence[npt.NDArray[np.int64]],
    rarity: npt.NDArray[np.float64],
    texts: Sequence[str],
    usual: float,
) -> npt.NDArray[np.float64]:
    """How like each question (rows) each text (columns) is, from 0 to about 1."""
    made, owner = grams(texts)
    lengths = np.bincount(owner, minlength=len(texts))
    term, text, times = _counted(known, made, owner)
    damped = SATURATION * (1 - SHORTNESS + SHORTNESS * lengths[text] / usual)
    weight = rarity[term] * times * (SATURATION + 1) / (times + damped)
    scores = np.zeros((len(looked_for), len(texts)))
    for number, terms in enumerate(looked_for):
        wanted = np.zeros(len(known), bool)
        wanted[terms] = True
        mine = wanted[term]
        scores[number] = np.bincount(text[mine], weight[mine], minlength=len(texts))
    return scores


def _top(row: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.int64]:
    """The places of the k highest scores above 0, the first of equal ones."""
    some = np.argsort(-row, kind="stable")[:k]
    return some[row[some] > 0]
