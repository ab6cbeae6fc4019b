"""Doubts: the checks on pairs that a model had a part in; each reads one number beside the pair.

That a model wrote a pair is an error until somebody has decided on it, whatever its numbers say.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
import polars as pl

from curate.assist.candidate import COLUMN, Candidate
from curate.check import Check, Params, Row, Said, by_record
from curate.errors import BadSetting, unknown
from curate.finding import Hit, Unsure

WHY = """
A pair that a language model made is a guess. Its numbers say where the guess is weak, so that
people look there first; what passes them all is still no more than likely.
"""
NOT_MEASURED = "the number was not measured: {why}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One number, the limit beyond which it is a fault, and what is said then."""

    name: str
    number: str
    says: str  # finishes "this record is flagged because"
    found: str  # said of one record: {value}, {limit} and other numbers
    limit: float
    wrong: Callable[[float, float], bool]
    beside: tuple[str, ...] = field(default=())  # other numbers that the sentence names


DOUBTS = (
    Doubt(
        "synthetic-unhelped", "ifd_delta",
        says="the instruction does not make the answer likelier",
        found="the instruction changes the answer's log-likelihood by {value} a token; "
        "more than {limit} is wanted",
        limit=0.0, wrong=operator.le,
    ),
    Doubt(
        "synthetic-least-helped", "ifd_place",
        says="the instruction helps its answer less than nearly all others of its batch",
        found="of its batch only {value} are helped less by their instruction; "
        "at least {limit} is wanted",
        limit=0.1, wrong=operator.lt,
    ),
    Doubt(
        "synthetic-confusable", "rank",
        says="another instruction makes the answer likelier",
        found="among {of} near instructions this one comes {value} for its answer",
        limit=1, wrong=operator.gt, beside=("of",),
    ),
    Doubt(
        "synthetic-unlike", "likeness",
        says="the instruction alone leads to quite another answer",
        found="an answer to the instruction alone is {value} like this one (chrF); "
        "at least {limit} is wanted",
        limit=0.15, wrong=operator.lt,
    ),
    Doubt(
        "synthetic-copied", "copied",
        says="the instruction gives its answer away",
        found="{value} of the instruction stands in the answer; less than {limit} is wanted",
        limit=0.5, wrong=operator.ge,
    ),
    Doubt(
        "synthetic-repeated", "repeated",
        says="a nearly equal instruction is there already",
        found="the nearest instruction that is there is {value} like this one; "
        "less than {limit} is wanted",
        limit=0.8, wrong=operator.ge,
    ),
    Doubt(
        "synthetic-other-language", "same_language",
        says="instruction and answer are in different languages",
        found="instruction and answer are in different languages",
        limit=1, wrong=operator.lt,
    ),
    Doubt(
        "synthetic-meaning-changed", "kept_facts",
        says="a paraphrase lost or added a name, a number or a date",
        found="the paraphrase lost or added: {changed}",
        limit=1, wrong=operator.lt, beside=("changed",),
    ),
)  # fmt: skip


def told_of(row: Row) -> Mapping[str, Any] | None:
    """What stands beside a pair that a model had a part in; None of any other record."""
    meta = orjson.loads(row["meta"]) if row["meta"] else {}
    told = meta.get(COLUMN)
    told = orjson.loads(told) if isinstance(told, str) else told
    return told if isinstance(told, dict) and "numbers" in told else None


def doubted(doubt: Doubt, row: Row, params: Params) -> Iterator[Said]:
    """What one number says of one record."""
    told = told_of(row)
    if told is None or doubt.number not in {*told["numbers"], *told["unmeasured"]}:
        return
    value = told["numbers"].get(doubt.number)
    if value is None:
        yield Unsure(NOT_MEASURED.format(why=told["unmeasured"][doubt.number]))
        return
    limit = float(params["limit"])
    if doubt.wrong(float(value), limit):
        beside = {name: told["numbers"].get(name) for name in doubt.beside}
        args = {"value": value, "limit": limit, **beside}
        yield Hit(doubt.found, args, score=float(value), field="prompt", evidence=evidence(told))


def unreviewed(row: Row, _: Params) -> Iterator[Said]:
    """Every pair that a model had a part in."""
    told = told_of(row)
    if told is not None:
        says = "a language model wrote part of this record ({model}), and nobody has decided on it"
        yield Hit(says, {"model": told["authors"][0]["model"]}, evidence=evidence(told))


def evidence(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a reviewer needs to see beside the pair."""
    names = ("kind", "parent", "authors", "numbers", "answer_before")
    return {"synthetic": {name: told.get(name) for name in names}}


def marked(_: Params) -> pl.Expr:
    """Records that may have numbers beside them."""
    return pl.col("meta").fill_null("").str.contains(f'"{COLUMN}"', literal=True)


def made(doubt: Doubt) -> Check:
    """The check of one number."""
    return Check(
        name=doubt.name, says=doubt.says, group="pairs", severity="error", why=WHY,
        params={"limit": doubt.limit}, fields=("prompt", "answer", "meta"), applies=marked,
        suspects=marked, look=by_record(partial(doubted, doubt)),
    )  # fmt: skip


UNREVIEWED = Check(
    name="synthetic",
    says="a language model wrote part of it, and nobody has decided on it",
    group="pairs", severity="error", why=WHY, fields=("prompt", "answer", "meta"),
    applies=marked, suspects=marked, look=by_record(unreviewed),
)  # fmt: skip
CHECKS = (UNREVIEWED, *map(made, DOUBTS))


def doubts_of(one: Candidate, limits: Mapping[str, float]) -> list[str]:
    """The names of the doubts that a pair's numbers raise."""
    return [
        doubt.name
        for doubt in DOUBTS
        if (value := one.numbers.get(doubt.number)) is not None
        and doubt.wrong(float(value), limits.get(doubt.name, doubt.limit))
    ]


def limits_of(changes: Sequence[str]) -> dict[str, float]:
    """CHECK=LIMIT as written on the command line; BadSetting says what may be written."""
    known = {doubt.name: doubt.limit for doubt in DOUBTS}
    limits = {}
    for text in changes:
        name, _, value = text.partition("=")
        if name not in known:
            raise BadSetting(f"--set {text}: {unknown('check', name, known)}")
        try:
            limits[name] = float(value)
        except ValueError:
            raise BadSetting(
                f"--set {text}: write a number after =, as {name}={known[name]:g}"
            ) from None
    return limits
