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

from curate.kernel import library
from curate.kernel.library import COUNT, FACTORS, FLOATS, INTS, LONGS, NUMBERS, held, longest

NEAREST = 8  # neighbours of a record
LOOKED_AT = 400  # characters of each text
RAREST = 12  # sequences of a prompt that neighbours are looked for by
COMMON = 256  # prompts with one sequence, above which it is none of the rare ones
CLOSER = 3  # times as many candidates are compared in full
LEAST = 0.1  # what a sequence counts that every text has, so that two equal texts are alike
BUCKETS = 1 << 20  # numbers that the kernel spreads sequences over; two rarely share one

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

BAGS = (INTS, LONGS, FLOATS, LONGS, FLOATS)
TABLE, LIKENESS = library.array(np.int32, 2), library.array(np.float64, 2)
_sequences_of = library.function("sequences", FACTORS, LONGS, COUNT, NUMBERS, NUMBERS, INTS, LONGS)
_nearest_of = library.function(
    "nearest", *BAGS, COUNT, INTS, LONGS, COUNT, COUNT, COUNT, COUNT, FLOATS, INTS, INTS, INTS,
    FLOATS, TABLE, LIKENESS, gives=None,
)  # fmt: skip
_alike_of = library.function("alike", *BAGS, TABLE, COUNT, COUNT, LIKENESS, gives=None)


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


def _sequences(letters: npt.NDArray[np.uint32], offsets: Longs) -> tuple[Ints, Longs]:
    """The distinct buckets of every text's sequences, sorted, and their bounds."""
    held(offsets, len(letters))
    found, bounds = np.empty(len(letters), np.int32), np.empty(len(offsets), np.int64)
    room, slots = (np.empty(n * longest(offsets), np.uint64) for n in (1, 3))
    filled = _sequences_of(letters, offsets, len(offsets) - 1, room, slots, found, bounds)
    return found[:filled].copy(), bounds


def _nearest(bags: _Compared, owner: Ints, starts: Longs) -> tuple[Ints, Floats]:
    """Numbers and likeness of every text's neighbours."""
    size = len(bags.bounds) - 1
    numbers = np.full((size, NEAREST), -1, np.int32)
    likeness = np.zeros((size, NEAREST))
    room = np.zeros(size), np.empty(size, np.int32), np.empty(RAREST, np.int32)
    first, height = np.empty(CLOSER * NEAREST, np.int32), np.empty(CLOSER * NEAREST)
    limits = RAREST, COMMON, NEAREST, len(first)
    _nearest_of(*bags, size, owner, starts, *limits, *room, first, height, numbers, likeness)
    return numbers, likeness


def _alike(bags: _Compared, numbers: Ints) -> Floats:
    """How like every text is to those with these numbers."""
    size = len(bags.bounds) - 1
    if len(numbers) != size or numbers.max(initial=-1) >= size:
        raise ValueError(f"neighbours of {len(numbers)} texts; there are {size}")
    found = np.zeros(numbers.shape)
    _alike_of(*bags, numbers, *numbers.shape, found)
    return found
