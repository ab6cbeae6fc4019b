"""Poison: a check that kills the process which asks it, and a plan that carries it to workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import polars as pl

from curate.check import Check, Params
from curate.plan import Plan, every_check

MARK = "this record kills"
NAME = "role-order"  # whose place it takes


def die(*_: Any) -> Iterator[Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield from ()


def die_together(records: pl.DataFrame, *_: Any) -> Iterator[Any]:
    if records["answer"].str.contains(MARK, literal=True).any():
        os.kill(os.getpid(), signal.SIGKILL)
    yield from ()


ALONE = Check(
    name=NAME,
    says="the record kills its reader",
    why="A fault in native code ends the process.",
    group="structure",
    severity="error",
    suspects=lambda _: pl.col("answer").str.contains(MARK, literal=True),
    look=die,
)
TOGETHER = Check(
    name=NAME,
    says="the group kills its reader",
    why="A fault in native code ends the process.",
    group="structure",
    severity="error",
    fields=("answer",),
    key=lambda _: pl.col("line").cast(pl.UInt64) * 0,
    settle=die_together,
)


def die_once(suspects: pl.DataFrame, params: Params) -> Iterator[Any]:
    """Die at each of these records, the first time that anybody reads it."""
    for line in suspects["line"]:
        mark = Path(params["folder"]) / str(line)
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    yield from ()


ONCE = replace(ALONE, suspects=lambda p: pl.col("line").is_in(p["lines"]), look=die_once)


class Poisoned(Plan):
    """A plan in which one check kills; it travels to any worker that can import this module."""

    poison = ALONE

    def checks(self) -> list[Check]:
        known = {**every_check(self.rule_files), NAME: self.poison}
        return [known[name] for name in self.asked]


class PoisonedTogether(Poisoned):
    """The same, where the records meet."""

    poison = TOGETHER


class PoisonedOnce(Poisoned):
    """The same, and each record kills but once."""

    poison = ONCE


def poisoned(plan: Plan, kind: type[Poisoned] = Poisoned) -> Poisoned:
    """The same plan with the check that kills."""
    return kind(**{part.name: getattr(plan, part.name) for part in fields(plan)})
