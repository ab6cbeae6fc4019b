"""The records of a snapshot that mean the same, by the vectors of their texts.

Two passes over the parts of the snapshot, each a `map` of the engine: the passages of the prompts,
and the vectors. This process holds two vectors for each record, as float16. Pairs come from the
nearest vectors; what a pair shares letter by letter is then looked at in the texts themselves.
"""

from __future__ import annotations

import os
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.dedup.alike import Compared
from curate.dedup.candidates import Pairs
from curate.dedup.clusters import Similarities
from curate.dedup.passages import in_both, own_bytes
from curate.dedup.records import COLUMNS, Texts, less, texts_of
from curate.dedup.shingles import Numbers, Offsets
from curate.dedup.whole import NO_PASSAGES, common_passages, own, passages_in, sets_in
from curate.engines import Engine
from curate.meaning.model import Model, Vectors, cosines
from curate.meaning.nearest import nearest
from curate.snapshot import Snapshot

Flags = npt.NDArray[np.bool_]


class Question(NamedTuple):
    """What is asked of every part of a snapshot."""

    snapshot: Snapshot
    model: Model
    common: Numbers  # passages that many prompts hold, as they stand
    plain: Numbers  # the same in the form that is compared letter by letter


class Embedded(NamedTuple):
    """The numbers of records' ids, and the vectors of their prompts and of their whole texts."""

    ids: Numbers
    prompts: Vectors
    wholes: Vectors


class Meant(NamedTuple):
    """Pairs of records that mean the same, by their number in the snapshot, the smaller first."""

    pairs: Pairs
    similarity: Similarities
    without: int  # records of which the model knows no word


def meant_alike(
    snapshot: Snapshot, engine: Engine, model: Model, threshold: float, surface: float
) -> Meant:
    """All pairs whose cosine is at least `threshold`: of prompts, of answers and of both together.

    Pairs that are alike letter by letter, to `surface` or more, are left out; of equal records one
    stands for all.
    """
    parts = range(len(snapshot.parts))
    common, plain = (
        common_passages(engine.map(partial(passages_in, snapshot, as_they_stand=form), parts))
        for form in (True, False)
    )
    question = Question(snapshot, model, common, plain)
    ids, prompts, wholes = map(
        np.concatenate, zip(*engine.map(partial(embedded, question), parts), strict=True)
    )
    known: Flags = np.logical_and(prompts.any(axis=1), wholes.any(axis=1))
    stand = first_of_each(ids, known)
    pairs = np.sort(stand[nearest(wholes[stand], threshold)], axis=1)
    similarity = np.minimum(
        cosines(prompts[pairs[:, 0]], prompts[pairs[:, 1]]),
        cosines(wholes[pairs[:, 0]], wholes[pairs[:, 1]]),
    )
    near = similarity >= threshold
    checked = read(question, pairs[near], similarity[near], surface)
    same = checked.similarity >= threshold
    return Meant(checked.pairs[same], checked.similarity[same], int((~known).sum()))


def embedded(question: Question, number: int) -> Embedded:
    """The vectors of one part."""
    records = question.snapshot.frame(number, ("record_id", *COLUMNS))
    ids = records["record_id"].str.slice(0, 15).str.to_integer(base=16)
    prompts, wholes = spoken(texts_of(records, question.common, as_they_stand=True))
    vectors = question.model.vectors
    return Embedded(ids.to_numpy().astype(np.uint64), vectors(prompts), vectors(wholes))


def spoken(texts: Texts) -> tuple[list[str], list[str]]:
    """The prompts, and the whole texts; without a prompt the whole stands for it."""
    data = texts.data.tobytes()
    starts, stops = texts.offsets[:-1].tolist(), texts.offsets[1:].tolist()
    bounds = list(zip(starts, texts.ends.tolist(), stops, strict=True))
    wholes = [data[start:stop].decode() for start, _, stop in bounds]
    prompts = [data[start:end].decode() for start, end, _ in bounds]
    either = [p if p.strip() else whole for p, whole in zip(prompts, wholes, strict=True)]
    return either, wholes


def first_of_each(ids: Numbers, known: Flags) -> Offsets:
    """The records to compare, one of each id, in the order of the ids: never of the input."""
    _, first = np.unique(ids, return_index=True)
    return first[known[first]]


def read(question: Question, pairs: Pairs, similarity: Similarities, surface: float) -> Meant:
    """The pairs again with their texts at hand: those that say it in other words."""
    if not len(pairs):
        return Meant(pairs, similarity, 0)
    numbers = np.unique(pairs)
    places = question.snapshot.places(pl.Series(numbers))
    records = question.snapshot.take(places, COLUMNS)
    threads = os.cpu_count() or 1
    full = texts_of(records, NO_PASSAGES)
    left = less(full, question.plain)
    sets = Compared.of(pairs, lambda _: sets_in(left, threads))
    other_words = own(full, left, sets, pairs, threads) < surface
    texts = texts_of(records, question.common, as_they_stand=True)
    pairs, similarity = pairs[other_words], similarity[other_words]
    at = np.searchsorted(numbers, pairs)
    for least in (answers_alike(texts, at, question.model), apart(texts, at, question.model)):
        similarity = np.minimum(similarity, least)
    return Meant(pairs, similarity, 0)


def answers_alike(texts: Texts, pairs: Pairs, model: Model) -> Similarities:
    """The cosine of the answers: a short one hardly moves the vector of a long whole."""
    data, stops = texts.data.tobytes(), texts.offsets[1:]
    answers = [data[a:b].decode() for a, b in zip(texts.ends, stops, strict=True)]
    vectors = model.vectors(answers)
    ones, others = pairs.T
    equal = [answers[one] == answers[other] for one, other in pairs.tolist()]
    return np.where(equal, 1, cosines(vectors[ones], vectors[others]))


def apart(texts: Texts, pairs: Pairs, model: Model) -> Similarities:
    """The cosine of what is a pair's own, without the passages that both prompts hold.

    1, which objects to nothing, where these passages are less than half of either text.
    """
    cosine = np.ones(len(pairs))
    asked = {at: own_of_both(texts, *pair) for at, pair in enumerate(pairs.tolist())}
    rows = [at for at, both in asked.items() if both]
    for kind in ("prompts", "wholes"):
        ones, others = ([getattr(asked[at][side], kind) for at in rows] for side in (0, 1))
        own_cosine = cosines(model.vectors(ones), model.vectors(others))
        equal = [one == other for one, other in zip(ones, others, strict=True)]
        cosine[rows] = np.minimum(cosine[rows], np.where(equal, 1, own_cosine))
    return cosine


class Own(NamedTuple):
    """What is left of one text without what its prompt shares."""

    prompts: str
    wholes: str


def own_of_both(texts: Texts, one: int, other: int) -> tuple[Own, ...]:
    """What is left of two texts; nothing where little of them is shared."""
    shared = in_both(texts.data, texts.offsets, texts.ends, one, other)
    if not len(shared):
        return ()
    left = tuple(own_of(texts, text, shared) for text in (one, other))
    sizes = [texts.offsets[text + 1] - texts.offsets[text] for text in (one, other)]
    mostly = (2 * len(o.wholes.encode()) <= size for o, size in zip(left, sizes, strict=True))
    return left if any(mostly) else ()


def own_of(texts: Texts, text: int, shared: Numbers) -> Own:
    """What is left of one text."""
    start, end, stop = texts.offsets[text], texts.ends[text], texts.offsets[text + 1]
    room = np.empty(stop - start, np.uint8)
    sizes = [own_bytes(texts.data, start, end, until, shared, room) for until in (end, stop)]
    prompt, whole = (room[:size].tobytes().decode().strip() for size in sizes)
    return Own(prompt, whole)
