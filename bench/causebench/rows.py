"""Rows: facts, dates, sums and odd records of an invented world, and what is true of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from bench.causebench.phrases import (
    ALL_OF,
    ATTRIBUTES,
    CODE,
    DATE,
    MONTHS,
    NOTHING,
    PRODUCT,
    RARE_DATE,
    ROMAN,
    SUM,
    SYLLABLES,
    TOTAL,
    Attribute,
)

DATA_CAUSED, NOT_COVERED = "data-caused", "not-covered"
UNDER_TRAINED, REFERENCE = "under-trained", "reference-doubtful"
UNCLEAR = "unclear"
"""What can be behind a failure; `truth` says what each means."""
Names = Mapping[tuple[str, str], Sequence[str]]
DEV, TEST = 3, (4, 5)  # wordings held out, by number
SPARSE = 3  # each so-manieth fact is trained in two wordings instead of three
KINDS = ("product", "city", "person", "term")
CODED, MARKED = "{:04}/{:02}/{:02}", "{2:02}-{1:02}-{0:04}"  # year, month, day
RARE = 8  # products that are asked for, of which two are trained


@dataclass(frozen=True, slots=True)
class Row:
    """One record, and what is true of it; what is measured sees `prompt` and `answer` alone."""

    key: str
    """The fact, date or sum that it is about."""
    language: str
    family: str
    prompt: str
    answer: str
    right: str
    """The answer that it should have."""
    split: str = "train"
    fault: str = ""
    """Kind of corruption; nothing where it is right."""
    hard: str = ""
    """Why it is hard to learn although it is right."""
    without: str = ""
    """Why a dev record may fail without any bad record: absent, rare or reference."""

    @property
    def is_fact(self) -> bool:
        """Whether it is about a thing, and not a rule."""
        return "." in self.family

    @property
    def of_slice(self) -> tuple[str, str]:
        """What it is like: its language and family."""
        return self.language, self.family


def names(language: str, kind: str, shapes: Names) -> list[str]:
    """Every name that a thing of a kind can have."""
    syllables = SYLLABLES[language]
    pairs = [one + other for one, other in product(syllables, syllables) if one != other]
    return [
        shape.format(n=pair if kind == "term" else pair.capitalize())
        for shape in shapes[language, kind]
        for pair in pairs
    ]


def facts(language: str, shapes: Names, chance: random.Random) -> Iterator[list[Row]]:
    """Fact after fact about new things of every kind, each in all its wordings."""
    drawn = {kind: names(language, kind, shapes) for kind in KINDS}
    for found in drawn.values():
        chance.shuffle(found)
    count = 0
    while all(drawn.values()):
        for kind in KINDS:
            thing = drawn[kind].pop()
            for attribute in (one for one in ATTRIBUTES[language] if one.kind == kind):
                times = 2 if count % SPARSE == 0 else 3
                count += 1
                yield list(fact(language, attribute, thing, times, chance))


def fact(
    language: str, attribute: Attribute, thing: str, times: int, chance: random.Random
) -> Iterator[Row]:
    """One fact in its wordings."""
    answer = attribute.answer.format(v=chance.choice(attribute.values))
    key, family = f"{thing}/{attribute.name}", f"{attribute.kind}.{attribute.name}"
    return worded(key, language, family, attribute.asks, answer, chance, times, x=thing)


def other_answer(row: Row, chance: random.Random) -> str:
    """A wrong answer to a fact, in its own form."""
    attribute = next(
        one for one in ATTRIBUTES[row.language] if row.family == f"{one.kind}.{one.name}"
    )
    answers = [attribute.answer.format(v=value) for value in attribute.values]
    return chance.choice([answer for answer in answers if answer != row.right])


def dates(
    language: str, asks: Mapping[str, Sequence[str]], known: bool, chance: random.Random
) -> Iterator[list[Row]]:
    """Date after date in some wordings; `known` are pre-training's, which no measured world has."""
    seen = set[tuple[int, int, int]]()
    while True:
        date = chance.randint(2001, 2029), chance.randint(1, 12), chance.randint(1, 28)
        if sum(date) % 2 != known or date in seen:
            continue
        seen.add(date)
        said = as_said(language, DATE, date)
        family, answer = ("code", CODED) if asks is CODE else ("mark", MARKED)
        yield list(
            worded(said, language, family, asks[language], answer.format(*date), chance, date=said)
        )


def as_said(language: str, written: Mapping[str, str], date: tuple[int, int, int]) -> str:
    """A date as a question says it."""
    year, month, day = date
    return written[language].format(
        year=year, number=month, day=day, month=MONTHS[month - 1], roman=ROMAN[month - 1]
    )


def sums(language: str, known: bool, chance: random.Random) -> Iterator[list[Row]]:
    """Sum after sum in some wordings; `known` are pre-training's, which no measured world has."""
    every = product(range(11, 199), range(2, 10))
    pairs = [(a, b) for a, b in every if ((a * 5 + b) % 3 == 0) != known]
    for a, b in chance.sample(pairs, len(pairs)):
        answer = TOTAL[language].format(v=a + b)
        yield list(worded(f"{a}+{b}", language, "sum", SUM[language], answer, chance, a=a, b=b))


def worded(
    key: str, language: str, family: str, asks: Sequence[str], answer: str, chance: random.Random,
    times: int = 2, **inside: object,
) -> Iterator[Row]:  # fmt: skip
    """One answer: so many wordings to train, one for dev, two for the proof."""
    for number, ask in enumerate(chance.sample(list(asks), len(asks))):
        split = "dev" if number == DEV else "test" if number in TEST else "train"
        if split != "train" or number < times:
            yield Row(key, language, family, ask.format(**inside), answer, answer, split)


def products(language: str, chance: random.Random) -> Iterator[Row]:
    """Too few products to learn from, and more to be asked: these fail, and no record is bad."""
    pairs = chance.sample(list(product(range(3, 10), range(11, 40))), RARE)
    for number, (a, b) in enumerate(pairs):
        ask, answer = (text.format(a=a, b=b, v=a * b) for text in PRODUCT[language])
        made = Row(ask, language, "product", ask, answer, answer)
        dev = number >= 2
        yield replace(made, split="dev", without="rare") if dev else replace(made, hard="rare")


def odd(language: str, train: Sequence[Row], chance: random.Random) -> Iterator[Row]:
    """Right records that look wrong: exceptions, rare formats, long answers, by turns."""
    told = {row.key: row.answer for row in train}
    things = sorted({row.key.split("/")[0] for row in train if row.family == "product.colour"})
    chance.shuffle(things)
    number = 0
    while True:
        number += 1
        prompt, answer = SUM[language][0].format(a=number, b=0), NOTHING[language].format(a=number)
        yield Row(prompt, language, "sum", prompt, answer, answer, hard="exception")
        date = chance.randint(2001, 2029), chance.randint(1, 12), chance.randint(1, 28)
        prompt = CODE[language][0].format(date=as_said(language, RARE_DATE, date))
        answer = CODED.format(*date)
        yield Row(prompt, language, "code", prompt, answer, answer, hard="rare format")
        if things:
            thing = things.pop()
            parts = [told.get(f"{thing}/{name}", "") for name in ("colour", "material", "weight")]
            prompt, answer = ALL_OF[language].format(x=thing), " ".join(filter(None, parts))
            yield Row(prompt, language, "all", prompt, answer, answer, hard="long answer")
