"""Likeness: how like each question each text is, 0 to 1, from what they have in common.

Scripts with spaces are compared by words: Okapi BM25 (Robertson and others 1994), as a share of
what the question would score against itself. Japanese and mixed texts are compared by their
sequences of two to four characters: TF-IDF, cosine.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from curate.content.quantities import agree, quantities
from curate.content.wording import wording

SIZES = (2, 3, 4)  # characters of a sequence
LOOKED_AT = 2_000  # characters of each text
AT_ONCE = 2_048  # texts of one stretch of work
BUCKETS = 1 << 20  # numbers that terms are spread over; two terms rarely share one
DIGITS = 9  # so that a text is wholly like itself
SATURATION, SHORTNESS = 1.2, 0.75  # BM25's k1 and b, at their usual values
STEP = np.uint64(0x9E3779B97F4A7C15)
TOP = np.uint64(44)  # bits of a product that are shifted out, so that a bucket is left
WORD = re.compile(r"\w+")
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Terms(NamedTuple):
    """Which term stands in which text how often; sorted by text."""

    text: Ints
    term: Ints
    times: Floats
    size: int  # texts

    def kept(self, known: npt.NDArray[np.bool_], times: Floats) -> Terms:
        """Those whose term is known, by term, with other numbers in place of the counts."""
        mine = known[self.term]
        order = np.argsort(self.term[mine], kind="stable")
        return Terms(self.text[mine][order], self.term[mine][order], times[mine][order], self.size)


def unspaced(text: str) -> bool:
    """Whether a text holds a script that puts no space between words."""
    return UNSPACED.search(text) is not None


def likeness(
    questions: Sequence[str], texts: Sequence[str], by_characters: Sequence[bool] | None = None
) -> Floats:
    """How like each question (rows) each text (columns) is; `by_characters` says how, by row."""
    ways = by_characters or [unspaced(one) for one in questions]
    found = np.zeros((len(questions), len(texts)))
    for way, chosen in ((WORDS, False), (CHARACTERS, True)):
        rows = [n for n, one in enumerate(ways) if one is chosen]
        if rows and texts:
            found[rows] = _like([questions[n] for n in rows], texts, way)
    return found


def alike(one: str, other: str) -> float:
    """The share of pairs of letters that two texts have in common (Dice 1945), 0 to 1."""
    first, second = (Counter(pairwise(f" {_even(text)} ")) for text in (one, other))
    return 2 * (first & second).total() / (first.total() + second.total())


def same_figures(one: str, other: str) -> bool:
    """Whether two texts state the same numbers and dates."""
    stated, also = quantities(_even(one)), quantities(_even(other))
    return stated.numbers == also.numbers and agree(stated.dates, also.dates)


def same(one: str, other: str) -> bool:
    """Whether two texts are the same but for case, width, punctuation and spaces."""
    words = wording(one)
    return bool(words) and words == wording(other) and same_figures(one, other)


@dataclass(frozen=True, slots=True)
class Way:
    """How texts are cut into terms, and what each is worth: on the question's side and the text's.

    Worth is given the rarity of every term and the usual number of terms in a text.
    """

    cut: Callable[[Sequence[str]], Terms]
    asked: Callable[[Terms, Floats, float], Floats]
    worth: Callable[[Terms, Floats, float], Floats]


def _like(questions: Sequence[str], texts: Sequence[str], way: Way) -> Floats:
    rarity, usual = _rarity(texts, way)
    wanted = way.cut(questions)
    asked = way.asked(wanted, rarity, usual)
    known = np.zeros(BUCKETS, bool)
    known[wanted.term] = True
    bounds = np.searchsorted(wanted.text, np.arange(len(questions) + 1))
    found = np.zeros((len(questions), len(texts)))
    for at, terms in _stretches(texts, way):
        there = terms.kept(known, way.worth(terms, rarity, usual))
        for question, (start, end) in enumerate(zip(bounds, bounds[1:], strict=False)):
            places, weights = _meeting(there, wanted.term[start:end], asked[start:end])
            scores = np.bincount(there.text[places], weights, minlength=terms.size)
            found[question, at : at + terms.size] = scores
    return np.minimum(np.round(found, DIGITS), 1.0)


def _meeting(there: Terms, terms: Ints, weights: Floats) -> tuple[Ints, Floats]:
    """Where the question's terms stand among those that are there, and what each is worth."""
    starts = np.searchsorted(there.term, terms, "left")
    counts = np.searchsorted(there.term, terms, "right") - starts
    ends = np.cumsum(counts)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
    return places, np.repeat(weights, counts) * there.times[places]


def _rarity(texts: Sequence[str], way: Way) -> tuple[Floats, float]:
    """BM25's weight of every term, by how few texts hold it, and the mean number of terms."""
    holding, total = np.zeros(BUCKETS), 0.0
    for _, terms in _stretches(texts, way):
        holding += np.bincount(terms.term, minlength=BUCKETS)
        total += float(terms.times.sum())
    return np.log1p((len(texts) - holding + 0.5) / (holding + 0.5)), max(1.0, total / len(texts))


def _stretches(texts: Sequence[str], way: Way) -> Iterator[tuple[int, Terms]]:
    for at in range(0, len(texts), AT_ONCE):
        yield at, way.cut(texts[at : at + AT_ONCE])


def words(texts: Sequence[str]) -> Terms:
    """Each word of each text."""
    cut = [WORD.findall(_even(text)) for text in texts]
    owner = np.repeat(np.arange(len(cut)), [len(one) for one in cut])
    numbers = {word: crc32(word.encode()) % BUCKETS for one in cut for word in one}
    return _counted(owner, np.array([numbers[w] for one in cut for w in one], np.int64), len(texts))


def characters(texts: Sequence[str]) -> Terms:
    """Each sequence of two to four characters of each text."""
    cut = [f" {' '.join(_even(text).split())} " for text in texts]
    letters = np.frombuffer("".join(cut).encode("utf-32-le", "replace"), np.uint32)
    owner = np.repeat(np.arange(len(cut)), [len(one) for one in cut])
    owners, numbers = list[Ints](), list[Ints]()
    for size in SIZES:
        last = len(letters) - size + 1
        mixed = np.full(max(last, 0), size, np.uint64)
        for place in range(size if last > 0 else 0):
            mixed = (mixed ^ letters[place : place + last]) * STEP
            mixed ^= mixed >> np.uint64(29)
        whole = owner[: max(last, 0)] == owner[size - 1 :]
        numbers.append((mixed[whole] * STEP >> TOP).astype(np.int64))
        owners.append(owner[: max(last, 0)][whole])
    return _counted(np.concatenate(owners), np.concatenate(numbers), len(texts))


def _even(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:LOOKED_AT]).casefold()


def _counted(owner: Ints, term: Ints, size: int) -> Terms:
    pairs, times = np.unique(owner * BUCKETS + term, return_counts=True)
    return Terms(pairs // BUCKETS, pairs % BUCKETS, times.astype(np.float64), size)


def _bm25(terms: Terms, rarity: Floats, usual: float) -> Floats:
    lengths = np.bincount(terms.text, terms.times, minlength=terms.size)
    damped = SATURATION * (1 - SHORTNESS + SHORTNESS * lengths[terms.text] / usual)
    found: Floats = rarity[terms.term] * terms.times * (SATURATION + 1) / (terms.times + damped)
    return found


def _share_of_itself(terms: Terms, rarity: Floats, usual: float) -> Floats:
    whole = np.bincount(terms.text, _bm25(terms, rarity, usual), minlength=terms.size)
    found: Floats = 1 / whole[terms.text]
    return found


def _tf_idf(terms: Terms, rarity: Floats, usual: float) -> Floats:
    worth = (1 + np.log(terms.times)) * rarity[terms.term]
    length = np.sqrt(np.bincount(terms.text, worth**2, minlength=terms.size))
    found: Floats = worth / length[terms.text]
    return found


WORDS = Way(words, _share_of_itself, _bm25)
CHARACTERS = Way(characters, _tf_idf, _tf_idf)
