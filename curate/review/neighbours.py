"""Neighbours: of every record the few whose prompts are most like its own, and how they differ.

Texts are compared by the sequences of three characters in them, TF-IDF, cosine; so Japanese needs
no words. Only records that share one of a prompt's rarest sequences are looked at, and a sequence
that more than COMMON prompts have says nothing: so the work grows with the records, not with their
square. A prompt of common sequences alone has no neighbours, and nothing is said about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.dedup.shingles import STEP, compiled

NEAREST = 8  # neighbours of a record
LOOKED_AT = 400  # characters of each text
RAREST = 12  # sequences of a prompt that neighbours are looked for by
COMMON = 256  # prompts with one sequence, above which it is none of the rare ones
CLOSER = 3  # times as many candidates are compared in full
LEAST = 0.1  # what a sequence counts that every text has, so that two equal texts are alike
BUCKETS = 1 << 20  # numbers that sequences are spread over; two rarely share one
SHIFT = np.uint64(44)  # so that a bucket is left of 64 bits

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Records by number, the nearest first; -1 where there is none, and how like each is."""

    numbers: Ints  # (records, NEAREST)
    likeness: Floats


class _Compared(NamedTuple):
    """The distinct sequences of every text, sorted; those of text i at bounds[i]:bounds[i + 1]."""

    terms: Ints
    bounds: Longs
    rarity: Floats  # of every bucket
    holding: Longs  # texts with it
    length: Floats  # of every text's vector


def neighbours(prompts: pl.Series) -> Neighbours:
    """The records with the most similar prompts."""
    bags = _bags(prompts)
    posted = np.argsort(bags.terms, kind="stable")
    owner = np.repeat(np.arange(len(prompts), dtype=np.int32), np.diff(bags.bounds))[posted]
    starts = np.concatenate([[0], np.cumsum(np.bincount(bags.terms, minlength=BUCKETS))])
    return Neighbours(*_nearest(bags, owner, starts))


def disagreement(near: Neighbours, answers: pl.Series) -> Floats:
    """How unlike a record's answer is to the most like of its neighbours' answers, 0 to 1.

    One neighbour that says the same is enough; a right answer usually has one, whatever the others
    were asked. Not a number where there is no neighbour.
    """
    alike = _alike(_bags(answers), near.numbers).max(axis=1)
    return np.where(near.numbers[:, 0] >= 0, 1 - alike, np.nan)


def share_among(near: Neighbours, marked: npt.NDArray[np.bool_]) -> Floats:
    """The share of marked records among each record and its neighbours; a missing one is not."""
    among = (marked[near.numbers] & (near.numbers >= 0)).sum(axis=1) + marked
    return np.asarray(among / (NEAREST + 1), dtype=np.float64)


def _bags(texts: pl.Series) -> _Compared:
    """The sequences of texts, without letter case and with white space made even."""
    even = (
        texts.fill_null("").str.slice(0, LOOKED_AT).str.to_lowercase()
        .str.replace_all(r"\s+", " ").str.strip_chars(" ")
    )  # fmt: skip
    framed = pl.select(pl.format(" {} ", even)).to_series()
    letters = np.frombuffer("".join(framed).encode("utf-32-le"), np.uint32)
    offsets = np.concatenate([[0], np.cumsum(framed.str.len_chars().to_numpy().astype(np.int64))])
    terms, bounds = _sequences(letters, offsets)
    holding = np.bincount(terms, minlength=BUCKETS)
    rarity = np.log((len(texts) + 1) / (holding + 1)) + LEAST
    owner = np.repeat(np.arange(len(texts)), np.diff(bounds))
    length = np.sqrt(np.bincount(owner, rarity[terms] ** 2, minlength=len(texts)))
    return _Compared(terms, bounds, rarity, holding, length)


@compiled
def _sequences(letters: npt.NDArray[np.uint32], offsets: Longs) -> tuple[Ints, Longs]:
    """The distinct buckets of every text's sequences, sorted, and their bounds."""
    size = len(offsets) - 1
    found = np.empty(len(letters), np.int32)
    bounds = np.zeros(size + 1, np.int64)
    filled = 0
    for text in range(size):
        first = filled
        for at in range(offsets[text], offsets[text + 1] - 2):
            mixed = np.uint64(letters[at])
            mixed = (mixed << np.uint64(21)) ^ np.uint64(letters[at + 1])
            mixed = (mixed << np.uint64(21)) ^ np.uint64(letters[at + 2])
            mixed *= STEP
            mixed ^= mixed >> np.uint64(29)
            found[filled] = np.int32((mixed * STEP) >> SHIFT)
            filled += 1
        ordered = np.sort(found[first:filled])
        filled = first
        for bucket in ordered:
            if filled == first or found[filled - 1] != bucket:
                found[filled] = bucket
                filled += 1
        bounds[text + 1] = filled
    return found[:filled].copy(), bounds


@compiled
def _cosine(bags: _Compared, one: int, other: int) -> float:
    """How like two texts are, 0 to 1."""
    a, a_end = bags.bounds[one], bags.bounds[one + 1]
    b, b_end = bags.bounds[other], bags.bounds[other + 1]
    total = 0.0
    while a < a_end and b < b_end:
        left, right = bags.terms[a], bags.terms[b]
        if left == right:
            total += bags.rarity[left] ** 2
        a += left <= right
        b += right <= left
    whole = bags.length[one] * bags.length[other]
    return total / whole if whole > 0 else 0.0


@compiled
def _gather(
    own: Ints, text: int, bags: _Compared, owner: Ints, starts: Longs, shared: Floats, met: Ints
) -> int:
    """Add up in `shared` what other texts share with this one; who they are in `met`, how many."""
    count = looked = 0
    for at in np.argsort(bags.holding[own], kind="mergesort"):
        term = own[at]
        if looked == RAREST or bags.holding[term] > COMMON:
            break
        looked += 1
        for other in owner[starts[term] : starts[term + 1]]:
            if other == text:
                continue
            if shared[other] == 0.0:
                met[count] = other
                count += 1
            shared[other] += bags.rarity[term] ** 2 / bags.length[other]
    return count


@compiled
def _keep(first: Ints, height: Floats, other: int, value: float) -> None:
    """Put a text among the highest, in order; of equal ones the smaller number is in front."""
    at = len(first)
    while at > 0 and (
        first[at - 1] < 0
        or value > height[at - 1]
        or (value == height[at - 1] and other < first[at - 1])
    ):
        if at < len(first):
            first[at], height[at] = first[at - 1], height[at - 1]
        at -= 1
    if at < len(first):
        first[at], height[at] = other, value


@compiled
def _nearest(bags: _Compared, owner: Ints, starts: Longs) -> tuple[Ints, Floats]:
    """Numbers and likeness of every text's neighbours."""
    size = len(bags.bounds) - 1
    numbers = np.full((size, NEAREST), -1, np.int32)
    likeness = np.zeros((size, NEAREST))
    shared, met = np.zeros(size), np.empty(size, np.int32)
    first, height = np.empty(CLOSER * NEAREST, np.int32), np.empty(CLOSER * NEAREST)
    for text in range(size):
        own = bags.terms[bags.bounds[text] : bags.bounds[text + 1]]
        count = _gather(own, text, bags, owner, starts, shared, met)
        first[:] = -1
        for other in met[:count]:
            _keep(first, height, int(other), shared[other])
            shared[other] = 0.0
        for other in first:
            if other >= 0:
                like = _cosine(bags, text, int(other))
                _keep(numbers[text], likeness[text], int(other), like)
    return numbers, likeness


@compiled
def _alike(bags: _Compared, numbers: Ints) -> Floats:
    """How like every text is to those with these numbers."""
    found = np.zeros(numbers.shape)
    for text in range(numbers.shape[0]):
        for nth in range(numbers.shape[1]):
            if numbers[text, nth] >= 0:
                found[text, nth] = _cosine(bags, text, int(numbers[text, nth]))
    return found
