"""World: training records without fault, held-out wordings of the same facts, and a proof set.

Half of it is English and half Japanese. Every fact is trained in two or three wordings; one other
wording is a dev record, two more are test records, which only the proof asks.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bench.causebench.phrases import CODE, OURS
from bench.causebench.rows import Row, dates, facts, odd, other_answer, products, sums

FACTS, RULES = 0.78, 0.09  # share of facts, and of dates and of sums, among training records
ABSENT, DOUBTFUL = 0.05, 0.04  # of the facts: never trained; with a wrong dev reference
FEWEST = 2  # of anything that must be there


@dataclass(frozen=True)
class World:
    """The records of all splits; a training record keeps its place whatever is done to it."""

    train: tuple[Row, ...]
    held_out: tuple[Row, ...]

    @property
    def dev(self) -> list[Row]:
        """The records whose failures are traced."""
        return [row for row in self.held_out if row.split == "dev"]

    @property
    def bad(self) -> list[bool]:
        """Which training records are corrupted."""
        return [bool(row.fault) for row in self.train]

    def repaired(self, places: Iterable[int]) -> World:
        """With the right answers in these places of train, as a reviewer who knows gives them."""
        chosen = set(places)
        rows = [
            replace(row, answer=row.right, fault="") if n in chosen else row
            for n, row in enumerate(self.train)
        ]
        return World(tuple(rows), self.held_out)


def clean(seed: int, records: int) -> World:
    """So many training records without fault, and what is held out."""
    chance = random.Random(f"world {seed}")
    train: list[Row] = []
    held_out: list[Row] = []
    for language, wanted in (("en", records // 2), ("ja", records - records // 2)):
        some = [*of_language(language, wanted, chance)]
        train += [row for row in some if row.split == "train"]
        held_out += [row for row in some if row.split != "train"]
    chance.shuffle(train)
    return World(tuple(train), tuple(held_out))


def of_language(language: str, wanted: int, chance: random.Random) -> Iterator[Row]:
    """The records of one language, `wanted` of them to train."""
    every = facts(language, OURS, chance)
    known: list[list[Row]] = []
    trained = 0
    while trained < int(wanted * FACTS):
        known.append(next(every))
        trained += sum(row.split == "train" for row in known[-1])
    unknown = list(islice(every, max(FEWEST, round(len(known) * ABSENT))))
    rules = [*ruled(language, int(wanted * RULES), chance), *products(language, chance)]
    made = [row for rows in known for row in rows]
    trained += sum(row.split == "train" for row in rules)
    yield from with_doubtful(made, max(FEWEST, round(len(known) * DOUBTFUL)), chance)
    yield from (
        replace(row, without="absent") for rows in unknown for row in rows if row.split != "train"
    )
    yield from rules
    train = [row for row in made if row.split == "train"]
    yield from islice(odd(language, train, chance), max(0, wanted - trained))


def ruled(language: str, wanted: int, chance: random.Random) -> Iterator[Row]:
    """Dates and sums, about so many records of each to train."""
    for kind in (dates(language, CODE, False, chance), sums(language, False, chance)):
        trained = 0
        while trained < wanted:
            rows = next(kind)
            trained += sum(row.split == "train" for row in rows)
            yield from rows


def with_doubtful(made: Sequence[Row], wanted: int, chance: random.Random) -> Iterator[Row]:
    """The facts, some of whose dev references are made wrong: no training record is to blame."""
    keys = sorted({row.key for row in made})
    few = set(chance.sample(keys, wanted))
    for row in made:
        if row.split == "dev" and row.key in few:
            yield replace(row, answer=other_answer(row, chance), without="reference")
        else:
            yield row
