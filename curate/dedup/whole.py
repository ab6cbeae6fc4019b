"""The records of a whole snapshot compared, wherever the work runs.

Three passes over the parts of the snapshot, each a `map` of the engine: the passages of the
prompts, the sketches, and the texts of those records alone that are candidates. Between them this
process holds, for each record, its band keys (8 bytes each) and the number of its id.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np

from curate.dedup.alike import Compared
from curate.dedup.candidates import Pairs
from curate.dedup.clusters import Similarities
from curate.dedup.passages import COMMON, apart_of_all
from curate.dedup.records import ANSWERS, COLUMNS, PROMPT, Texts, less, prompt_passages, texts_of
from curate.dedup.resemblance import FLOOR, compared, paired
from curate.dedup.shingles import Numbers, Offsets, Sets, sets
from curate.dedup.sides import side_by_side
from curate.dedup.sketch import Sketcher
from curate.engines import Engine
from curate.snapshot import Snapshot

NO_PASSAGES: Numbers = np.empty(0, np.uint64)


class Alike(NamedTuple):
    """Pairs of records that are alike, by their number in the snapshot, the smaller first."""

    pairs: Pairs
    similarity: Similarities


class Question(NamedTuple):
    """What is asked of every part of a snapshot."""

    snapshot: Snapshot
    sketcher: Sketcher
    common: Numbers
    answers: tuple[str, ...]  # columns compared too; none, and prompts alone are


def alike(
    snapshot: Snapshot, engine: Engine, sketcher: Sketcher, answers: tuple[str, ...] = ANSWERS
) -> Alike:
    """All pairs of a snapshot's records that are alike; of equal ones one stands for all.

    Where prompts alone are compared, records with one prompt are equal.
    """
    threads = os.cpu_count() or 1
    parts = range(len(snapshot.parts))
    common = common_passages(engine.map(partial(passages_in, snapshot), parts))
    question = Question(snapshot, sketcher, common, answers)
    ids, keys = zip(*engine.map(partial(sketched, question), parts), strict=True)
    numbers = np.concatenate(ids)
    rank = np.empty(len(numbers), np.int64)
    rank[np.argsort(numbers, kind="stable")] = np.arange(len(numbers))
    silence(keys, numbers, rank)
    ends = np.cumsum([len(part) for part in ids], dtype=np.int64)
    texts: list[tuple[Texts, Texts]] = []

    def sets_of(wanted: Offsets) -> Sequence[Sets]:
        full = texts_at(question, engine, ends, wanted)
        left = less(full, common)
        texts.append((full, left))
        return sets_in(left, threads)

    pairs = paired(keys, rank, threads)
    del keys, numbers, rank  # the largest of all that is held
    found = compared(pairs, sets_of, threads)
    similarity = own(*texts[0], found.compared, found.pairs, threads)
    near = similarity >= FLOOR
    return Alike(found.pairs[near], similarity[near])


def passages_in(snapshot: Snapshot, number: int, *, as_they_stand: bool = False) -> Numbers:
    """The passages of the prompts of one part."""
    return prompt_passages(snapshot.frame(number, PROMPT), as_they_stand=as_they_stand)


def common_passages(parts: Iterable[Numbers]) -> Numbers:
    """The passages that many prompts hold, sorted."""
    passages, prompts = np.unique(
        np.concatenate([np.empty(0, np.uint64), *parts]), return_counts=True
    )
    return passages[prompts >= COMMON]


def sketched(question: Question, number: int) -> tuple[Numbers, Numbers]:
    """The numbers of the ids of one part's records (or prompts), and their band keys."""
    name = "record_id" if question.answers else "prompt_id"
    records = question.snapshot.frame(number, (name, *COLUMNS))
    ids = records[name].str.slice(0, 15).str.to_integer(base=16)
    texts = texts_of(records, question.common, question.answers)
    return ids.to_numpy().astype(np.uint64), question.sketcher(texts.data, texts.offsets)


def silence(keys: Sequence[Numbers], ids: Numbers, rank: Offsets) -> None:
    """Leave only the first of records with one id among the keys: the others are its copies."""
    order = np.argsort(rank)
    copies = np.zeros(len(ids), np.bool_)
    copies[order[1:]] = ids[order[1:]] == ids[order[:-1]]
    first = 0
    for part in keys:
        size = part.shape[1]
        part[:, copies[first : first + size]] = 0
        first += size


def texts_at(question: Question, engine: Engine, ends: Offsets, wanted: Offsets) -> Texts:
    """The texts of the records with these sorted numbers."""
    cuts = [0, *np.searchsorted(wanted, ends)]
    starts = [0, *ends[:-1]]
    asked = [
        (number, wanted[cuts[number] : cuts[number + 1]] - starts[number])
        for number in range(len(ends))
        if cuts[number] < cuts[number + 1]
    ]
    return together(list(engine.map(partial(texts_in, question), asked)))


def texts_in(question: Question, asked: tuple[int, Offsets]) -> Texts:
    """The texts of some records of one part, in full."""
    number, rows = asked
    records = question.snapshot.frame(number, COLUMNS)[rows]
    return texts_of(records, NO_PASSAGES, question.answers)


def together(parts: Sequence[Texts]) -> Texts:
    """Texts of several parts, end to end."""
    data = [np.empty(0, np.uint8), *(part.data for part in parts)]
    starts = np.cumsum([0, *(len(part.data) for part in parts)])
    shifted = list(zip(parts, starts, strict=False))
    offsets = [np.zeros(1, np.int64), *(part.offsets[1:] + start for part, start in shifted)]
    ends = [np.empty(0, np.int64), *(part.ends + start for part, start in shifted)]
    return Texts(np.concatenate(data), np.concatenate(offsets), np.concatenate(ends))


def sets_in(texts: Texts, threads: int) -> Sequence[Sets]:
    """The sets of shingles of these texts."""
    cuts = np.linspace(0, len(texts.ends), threads + 1).astype(np.int64)
    spans = [texts.offsets[a : b + 1] for a, b in zip(cuts[:-1], cuts[1:], strict=True)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda span: sets(texts.data, span), spans))


def own(full: Texts, left: Texts, sets: Compared, pairs: Pairs, threads: int = 1) -> Similarities:
    """How alike pairs are in all that counts; `left` are the texts without common passages.

    With a paragraph in common, what is their own must be alike too; with all that many prompts
    hold left out, so must the whole be, prompt with prompt and answer with answer.
    """
    places = np.searchsorted(sets.texts, pairs)
    apart = apart_of_all(left.data, left.offsets, left.ends, places)
    sided = side_by_side(full, places, threads)
    return np.minimum(sets.similarity(pairs, threads), np.minimum(apart, sided))
