"""A pair that a language model had a part in, and that only a decision lets into training.

What a model writes is a guess, however good it reads; trained on unseen, its slips become the next
model's habits. So every such pair is an error until a person, or a policy that a person switched
on, has decided on it. The numbers that were taken of it say where the guess is weak; each number
has a check of its own, so that people look there first.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
import polars as pl

from curate.check import Check, Params, Row, Said, Weighed, by_record
from curate.finding import Hit, Unsure

COLUMN = "synthetic"
"""The name under which a record carries who made it, from what, and its numbers."""
PARTS: Mapping[str, type] = {"authors": list, "numbers": dict, "unmeasured": dict}
SHOWN = ("kind", "parent", "before", "authors", "numbers", "unmeasured")  # to a reviewer

SAYS = "a language model wrote part of this record ({model}): a decision lets it into training"
NOT_MEASURED = "the number was not measured: {why}"
NOBODY = "no language model had a part in any record"
NO_NUMBER = "no record brings this number"


def told_of(row: Row) -> dict[str, Any] | None:
    """What stands beside a pair that a model had a part in; None of any other record."""
    told = orjson.loads(row["meta"] or "{}").get(COLUMN)
    if isinstance(told, str):  # as a table holds it
        try:
            told = orjson.loads(told)
        except orjson.JSONDecodeError:
            return None
    if not isinstance(told, dict):
        return None
    return told if all(isinstance(told.get(name), kind) for name, kind in PARTS.items()) else None


def made(row: Row, _: Params) -> Iterator[Said]:
    """Every pair that a model had a part in."""
    told = told_of(row)
    if told is not None:
        models = {str(author.get("model")): None for author in told["authors"]}
        seen = {COLUMN: {name: told.get(name) for name in SHOWN}}
        yield Hit(SAYS, {"model": ", ".join(models)}, evidence=seen)


def doubt(
    *,
    name: str,
    says: str,
    why: str,
    number: str,
    found: str,
    limit: float | None = None,
    wrong: Callable[[float, float], bool] = operator.lt,
    beside: Sequence[str] = (),
) -> Check:
    """The check of one number against its limit; without a limit it is yes or no, and no is wrong.

    `found` is said of a record: {value}, {limit}, and other numbers that stand `beside`.
    """

    def judged(row: Row, params: Params) -> Iterator[Said]:
        told = told_of(row)
        if told is None:
            return
        value = told["numbers"].get(number)
        if not isinstance(value, int | float):
            if number in told["unmeasured"]:
                yield Unsure(NOT_MEASURED.format(why=told["unmeasured"][number]))
            return
        least = params.get("limit", 1)
        if wrong(value, least):
            others = {other: told["numbers"].get(other) for other in beside}
            args = {"value": value, "limit": least, **others}
            seen = {COLUMN: {"numbers": told["numbers"]}}
            yield Hit(found, args, score=float(value), field="prompt", evidence=seen)

    params = {} if limit is None else {"limit": limit}
    return check(name, says, why, number, by_record(judged), params)


def check(
    name: str,
    says: str,
    why: str,
    part: str,
    look: Callable[[pl.DataFrame, Params], Iterator[tuple[int, Said]]],
    params: Params,
) -> Check:
    """A check of the records that carry this part; where there are none, it says so."""

    def carries(_: Params) -> pl.Expr:
        found = pl.col("meta").str.contains(f'"{COLUMN}":.*"{part}')  # a literal start: fast
        return found.fill_null(value=False)

    return Check(
        name=name, says=says, group="pairs", severity="error", why=why, params=params,
        fields=("prompt", "answer", "meta"), applies=carries, suspects=carries, look=look,
        measure=partial(counted, carries), weigh=weigh,
    )  # fmt: skip


def marked() -> pl.Expr:
    """Records that have something under our name beside them."""
    return pl.col("meta").str.contains(f'"{COLUMN}":', literal=True).fill_null(value=False)


def counted(
    carries: Callable[[Params], pl.Expr], records: pl.DataFrame, params: Params
) -> pl.DataFrame:
    """Of each record that a model had a part in, whether it carries what is asked about."""
    return records.lazy().filter(marked()).select(carries=carries(params)).collect()


def weigh(facts: pl.DataFrame, _: Params) -> Weighed:
    """How many records are asked; where there are none, why."""
    if not len(facts):
        return Weighed(skipped=NOBODY)
    records = int(facts["carries"].sum())
    return Weighed({"records": records}) if records else Weighed(skipped=NO_NUMBER)


CHECK = check(
    COLUMN, "a language model wrote part of it, and only a decision lets it into training",
    __doc__, "authors", by_record(made), {},
)  # fmt: skip
