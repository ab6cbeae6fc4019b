"""Faults: a share of the training records made bad, in five kinds that need different eyes.

isolated        one wording of a fact, a date or a sum has a wrong answer
swapped         two records have each other's answer
refusal         whole facts of one slice are refused
consistent      all wordings of a fact have the same wrong answer: no record disagrees with another
contradicting   beside a right record stands nearly the same question with a wrong answer
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bench.causebench.phrases import REFUSALS
from bench.causebench.rows import Row, other_answer
from bench.causebench.world import World, clean

SHARES = {"consistent": 0.40, "refusal": 0.16, "swapped": 0.14}
"""Of the bad records, where whole facts or pairs can make it up; isolated ones make up the rest."""
ISOLATED = 0.15
KINDS = ("isolated", "swapped", "refusal", "consistent", "contradicting")
AGAIN = {
    "en": ("Please answer: {prompt}", "A question: {prompt}", "{prompt} Please answer."),
    "ja": ("質問です。{prompt}", "お願いします。{prompt}", "{prompt}お願いします。"),
}
"""How a question is repeated in a near-duplicate."""


def corrupted(seed: int, records: int, share: float) -> World:
    """A world of so many training records, this share of them bad."""
    chance = random.Random(f"faults {seed}")
    bad = round(records * share)
    counts = {kind: round(bad * part) for kind, part in SHARES.items()}
    extra = max(1, bad - sum(counts.values()) - round(bad * ISOLATED))
    world = clean(seed, records - extra)
    rows = list(world.train)
    spared = {row.key for row in world.held_out if row.without == "reference"}
    for kind, spoil in SPOILING.items():
        left = bad - extra - sum(bool(row.fault) for row in rows)
        for place, row in spoil(rows, counts.get(kind, left), spared, chance):
            rows[place] = replace(row, fault=kind)
    rows += contradicting(rows, extra, spared, chance)
    chance.shuffle(rows)
    return World(tuple(rows), world.held_out)


Spoilt = Iterator[tuple[int, Row]]


def whole_facts(
    rows: Sequence[Row], wanted: int, spared: set[str], chance: random.Random
) -> list[str]:
    """Facts without fault, in random order, that have about so many records together."""
    counts: dict[str, int] = {}
    for row in rows:
        if row.is_fact and row.key not in spared:
            counts[row.key] = counts.get(row.key, 0) + 1
    faulty = {row.key for row in rows if row.fault}
    chosen, total = [], 0
    for key in chance.sample(sorted(counts), len(counts)):
        if key not in faulty and total + counts[key] <= wanted:
            chosen.append(key)
            total += counts[key]
    return chosen


def consistent(rows: Sequence[Row], wanted: int, spared: set[str], chance: random.Random) -> Spoilt:
    """Every wording of some facts with one wrong answer."""
    for key in whole_facts(rows, wanted, spared, chance):
        places = [n for n, row in enumerate(rows) if row.key == key]
        wrong = other_answer(rows[places[0]], chance)
        yield from ((place, replace(rows[place], answer=wrong)) for place in places)


def refusal(rows: Sequence[Row], wanted: int, spared: set[str], chance: random.Random) -> Spoilt:
    """Whole facts of one slice refused."""
    slices = sorted({row.of_slice for row in rows if row.is_fact})
    chosen = chance.choice(slices)
    inside = [row for row in rows if row.of_slice == chosen]
    keys = whole_facts(inside, wanted, spared | {row.key for row in rows if row.fault}, chance)
    for place, row in enumerate(rows):
        if row.key in keys:
            yield place, replace(row, answer=chance.choice(REFUSALS[row.language]))


def isolated(rows: Sequence[Row], wanted: int, spared: set[str], chance: random.Random) -> Spoilt:
    """One record of a fact, a date or a sum with a wrong answer."""
    for place in untouched(rows, wanted, spared, chance):
        row = rows[place]
        wrong = other_answer(row, chance) if row.is_fact else miswritten(row, chance)
        yield place, replace(row, answer=wrong)


def swapped(rows: Sequence[Row], wanted: int, spared: set[str], chance: random.Random) -> Spoilt:
    """Pairs of records of one language and different families with each other's answers."""
    places = untouched(rows, len(rows), spared, chance)
    for _ in range(wanted // 2):
        one = places.pop()
        other = next(
            n
            for n in places
            if rows[n].language == rows[one].language and rows[n].family != rows[one].family
        )
        places.remove(other)
        yield one, replace(rows[one], answer=rows[other].right)
        yield other, replace(rows[other], answer=rows[one].right)


def contradicting(
    rows: Sequence[Row], wanted: int, spared: set[str], chance: random.Random
) -> Iterator[Row]:
    """Near-duplicates of right records, with wrong answers."""
    able = [n for n in untouched(rows, len(rows), spared, chance) if rows[n].is_fact]
    for place in able[:wanted]:
        row = rows[place]
        prompt = chance.choice(AGAIN[row.language]).format(prompt=row.prompt)
        yield replace(row, prompt=prompt, answer=other_answer(row, chance), fault="contradicting")


def untouched(
    rows: Sequence[Row], wanted: int, spared: set[str], chance: random.Random
) -> list[int]:
    """Places of right, ordinary records of facts that have no fault yet, one for each fact."""
    faulty = {row.key for row in rows if row.fault} | spared
    first: dict[str, int] = {}
    for place in chance.sample(range(len(rows)), len(rows)):
        row = rows[place]
        if row.key not in faulty and not row.hard:
            first.setdefault(row.key, place)
    return list(first.values())[:wanted]


def miswritten(row: Row, chance: random.Random) -> str:
    """A date's parts in another order, or a sum that is wrong."""
    if row.family == "code":
        year, month, day = row.right.split("/")
        return f"{day}/{month}/{year}"
    figures = "".join(letter for letter in row.right if letter.isdigit())
    return row.right.replace(figures, str(int(figures) + chance.choice((-3, -2, 2, 3, 10))))


SPOILING: dict[str, Callable[..., Spoilt]] = {
    "consistent": consistent, "refusal": refusal, "swapped": swapped, "isolated": isolated,
}  # fmt: skip
