"""Doubts: what an audit will say of the numbers beside candidates, known before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
import polars as pl

from curate import checks
from curate.assist.candidate import Candidate
from curate.check import Params, ask
from curate.checks.synthetic import COLUMN
from curate.finding import Hit
from curate.parameters import valued

DOUBTS = {check.name: check for check in checks.found() if check.name.startswith(f"{COLUMN}-")}
"""Each check of one number, by its name."""
Limits = Mapping[str, Params]
"""Check -> its limit, where it is not the check's own; as an audit takes them."""


def doubts_of(candidates: Sequence[Candidate], limits: Limits) -> list[list[str]]:
    """Of each pair the names of the checks that speak against it."""
    told = [orjson.dumps({COLUMN: one.told()}).decode() for one in candidates]
    records = pl.DataFrame({"meta": told}, schema={"meta": pl.String})
    said: list[list[str]] = [[] for _ in candidates]
    for name, check in DOUBTS.items():
        for row, hit in ask(check, records, **limits.get(name, {})):
            if isinstance(hit, Hit):
                said[row].append(name)
    return said


def limits_of(changes: Sequence[str]) -> dict[str, Params]:
    """CHECK=LIMIT, or CHECK.limit=LIMIT as for an audit; BadSetting says what may be written."""
    limits: dict[str, Params] = {}
    for text in changes:
        name, _, value = text.partition("=")
        name = name.removesuffix(".limit")
        limits[name] = {"limit": valued(f"--set {text}", name, "limit", value, DOUBTS)}
    return limits
