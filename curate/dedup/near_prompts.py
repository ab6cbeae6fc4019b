"""Prompts that are nearly the same, with answers that contradict each other.

Where two prompts differ in a word and ask the same, a model learns two truths for one question.
Prompts that state different numbers or dates ask different things, and are not compared. Of the
records with one prompt the first stands for all: among themselves they meet elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from curate.content.claims import Kind, disagreement
from curate.content.quantities import agree, quantities
from curate.content.sameness import folded
from curate.dedup.sketch import Sketcher
from curate.dedup.whole import alike
from curate.engines import Engine
from curate.snapshot import Snapshot

COLUMNS = ("record_id", "source", "line", "prompt", "answer")


class Rivals(NamedTuple):
    """Two records (their numbers and their rows) whose prompts are alike and answers are not."""

    first: int
    second: int
    similarity: float
    kind: Kind
    one: dict[str, object]
    other: dict[str, object]


def rivals(snapshot: Snapshot, engine: Engine, threshold: float) -> Iterator[Rivals]:
    """Every such pair, the smaller id first, in the order of the ids."""
    pairs, similarity = alike(snapshot, engine, Sketcher(), ())
    close = similarity >= threshold
    numbers = pl.Series(pairs[close].ravel())
    rows = snapshot.take(snapshot.places(numbers), COLUMNS)
    prompts, answers = folded(rows["prompt"]).to_list(), folded(rows["answer"]).to_list()
    found = []
    for at, alike_by in enumerate(similarity[close].tolist()):
        a, b = 2 * at, 2 * at + 1
        kind = contradiction(prompts[a], prompts[b], answers[a], answers[b])
        if kind is not None:
            first, second = sorted((a, b), key=lambda row: str(rows["record_id"][row]))
            one, other = rows.row(first, named=True), rows.row(second, named=True)
            found.append(Rivals(numbers[first], numbers[second], alike_by, kind, one, other))
    yield from sorted(found, key=lambda pair: (pair.one["record_id"], pair.other["record_id"]))


def contradiction(prompt: str, other: str, answer: str, rival: str) -> Kind | None:
    """In what two answers contradict each other, where both prompts ask the same."""
    if prompt == other:  # records with one prompt meet as they are
        return None
    asked, also = quantities(prompt), quantities(other)
    if asked.numbers != also.numbers or not agree(asked.dates, also.dates):
        return None
    kind = disagreement([answer, rival])
    return kind if kind != "text" else None
