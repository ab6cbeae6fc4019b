"""Scan: read one chunk, keep its records, and ask every check what it can say of them alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl

from curate.check import Check, Params
from curate.content.signs import MOST, shown
from curate.errors import Unaccounted
from curate.finding import Hit
from curate.hits import HITS, Count, framed, passing, sorted_out
from curate.plan import Plan
from curate.private import private_values
from curate.reading import Chunk, Reject, decode
from curate.record import with_prompt
from curate.rulebook.lane import run_in
from curate.snapshot import Part, write_part
from curate.turns import PLACE, counted, earlier_answers, of_turns


@dataclass
class Scanned:
    """What came of one chunk."""

    number: int
    read: int
    bytes: int
    part: Part
    rejects: list[Reject]
    notes: dict[str, int]
    hits: pl.DataFrame
    private: set[str]
    counts: dict[str, Count]
    keys: dict[str, pl.Series]
    facts: dict[str, pl.DataFrame]
    past: dict[str, pl.DataFrame]  # facts of earlier answers


def scan(numbered: tuple[int, Chunk], plan: Plan, folder: Path) -> Scanned:
    """Everything that can be done with one chunk alone; runs on any worker."""
    number, chunk = numbered
    decoded = decode(chunk, plan.reading)
    if decoded.read != len(decoded.records) + len(decoded.rejects):
        raise Unaccounted(f"{chunk.source}: a record was lost while reading; this is our fault")
    records = with_prompt(decoded.records)
    checks = plan.checks()
    counts = {check.name: Count() for check in checks}
    judging = [check for check in checks if check.suspects is not None]
    last = looked(records, number, judging, plan, counts)
    turns = earlier_answers(records)
    hits = last
    if turns is not None:
        back = looked_back(records, turns, number, judging, plan, counts)
        told = ["row", "check", "field", "start"]  # by what a check reads of the history itself
        hits = pl.concat([last, back.join(last, on=told, how="anti")])
    return Scanned(
        number=number,
        read=decoded.read,
        bytes=chunk.size,
        part=write_part(decoded.records, folder, number),
        rejects=decoded.rejects,
        notes=decoded.notes,
        hits=hits,
        private=private_values(hits, records, checks),
        counts=counts,
        keys=keyed(records, checks, plan, counts),
        facts=measured(records, last, checks, plan, counts),
        past={} if turns is None else measured_back(turns, number, checks, plan, counts),
    )


def looked(
    records: pl.DataFrame,
    number: int,
    checks: Sequence[Check],
    plan: Plan,
    counts: dict[str, Count],
) -> pl.DataFrame:
    """What each check finds in single records, asked in a lane of its own."""
    frames = [pl.DataFrame(schema=HITS)]
    worth = worth_asking(records, checks, plan)
    for check in checks:
        params, count = plan.params[check.name], counts[check.name]
        started = time.process_time()
        rows = worth.get(check.name)
        frames.append(run_in(check.name, alone, check, params, records, rows, number, count))
        count.seconds += time.process_time() - started
    return pl.concat(frames)


def looked_back(
    records: pl.DataFrame,
    turns: pl.DataFrame,
    number: int,
    checks: Sequence[Check],
    plan: Plan,
    counts: dict[str, Count],
) -> pl.DataFrame:
    """What each check that judges answers finds in the earlier ones."""
    asked = [of_turns(check, records) for check in checks if check.each_answer]
    past = {check.name: Count() for check in asked}
    hits = looked(turns, number, asked, plan, past)
    for check in asked:
        count = counts[check.name]
        if check.applies is not None:
            applies = records.select(check.applies(plan.params[check.name])).to_series()
            count.checked = int(applies.scatter(turns["row"], values=True).sum())
        counted(count, past[check.name])
    return hits


def worth_asking(
    records: pl.DataFrame, checks: Sequence[Check], plan: Plan
) -> dict[str, pl.Series]:
    """The records that show a sign of a check, by the checks that have signs."""
    said = ((check.name, check.signs(plan.params[check.name])) for check in checks if check.signs)
    known = dict(islice(((name, signs) for name, signs in said if signs is not None), MOST))
    found = shown(records, list(known.values()))
    return {
        name: pl.Series(np.flatnonzero(found & np.uint64(1 << bit)), dtype=pl.UInt32)
        for bit, name in enumerate(known)
    }


def alone(
    check: Check,
    params: Params,
    records: pl.DataFrame,
    worth: pl.Series | None,
    number: int,
    count: Count,
) -> pl.DataFrame:
    """The hits of one check: a fast search for suspects, then a closer look at those."""
    assert check.suspects is not None
    applies = None if check.applies is None else flagged(records, check.applies(params), count)
    count.checked = len(records) if applies is None else int(applies.sum())
    asked = records if worth is None else records[worth]
    if asked.is_empty():
        return pl.DataFrame(schema=HITS)
    suspects = flagged(asked, check.suspects(params), count)
    if suspects is None:
        return pl.DataFrame(schema=HITS)
    unsure, rows = suspects.null_count(), suspects.arg_true()
    if unsure:
        count.unsure(check.says, unsure)
    if rows.is_empty():
        return pl.DataFrame(schema=HITS)
    rows = rows if worth is None else worth.gather(rows)
    return closer(check, params, records, rows, number, count)


def flagged(records: pl.DataFrame, expression: pl.Expr, count: Count) -> pl.Series | None:
    """Of each record whether it is so; null where the expression fails: nobody could tell."""
    try:
        return records.select_seq(expression).to_series()
    except pl.exceptions.PolarsError as error:
        count.unsure(f"the check failed: {error}", len(records))
        return None


def closer(
    check: Check,
    params: Params,
    records: pl.DataFrame,
    rows: pl.Series,
    number: int,
    count: Count,
) -> pl.DataFrame:
    """The hits of one check on its suspects."""
    if check.look is None:
        return framed(
            check, [(i, Hit(check.says)) for i in range(len(rows))], records, rows, number
        )
    try:
        said = sorted_out(check.look(records[rows], params), count)
    except Exception as error:  # noqa: BLE001 - a fault in one check must not hide the others
        count.unsure(f"the check failed: {type(error).__name__}: {error}", len(rows))
        said = []
    return framed(check, said, records, rows, number)


def keyed(
    records: pl.DataFrame, checks: Sequence[Check], plan: Plan, counts: dict[str, Count]
) -> dict[str, pl.Series]:
    """The keys by which records will meet."""
    keys = {}
    for check in checks:
        if check.key is None:
            continue
        started = time.process_time()
        series = records.select(check.key(plan.params[check.name]).alias("key"))["key"]
        keys[check.name] = series
        count = counts[check.name]
        count.checked = max(count.checked, len(series) - series.null_count())
        count.seconds += time.process_time() - started
    return keys


def measured(
    records: pl.DataFrame,
    hits: pl.DataFrame,
    checks: Sequence[Check],
    plan: Plan,
    counts: dict[str, Count],
) -> dict[str, pl.DataFrame]:
    """The facts that each whole-data-set check keeps of these records."""
    verdicts = {name for check in checks for name in check.needs}
    findings = passing(hits, checks, plan)
    found = {n: findings.filter(pl.col("check") == n)["row"].implode() for n in verdicts}
    numbers = pl.int_range(len(records), dtype=pl.UInt32, eager=True)
    judged = records.with_columns(numbers.is_in(rows).alias(n) for n, rows in found.items())
    facts = {}
    for check in checks:
        if check.measure is None:
            continue
        started = time.process_time()
        params = plan.params[check.name]
        facts[check.name] = run_in(check.name, check.measure, judged, params)
        count = counts[check.name]
        count.checked = max(count.checked, len(records))
        count.seconds += time.process_time() - started
    return facts


def measured_back(
    turns: pl.DataFrame,
    number: int,
    checks: Sequence[Check],
    plan: Plan,
    counts: dict[str, Count],
) -> dict[str, pl.DataFrame]:
    """The facts that checks of single answers keep of the earlier ones, each with its place."""
    places = turns.select(pl.lit(number, pl.UInt32).alias("part"), *PLACE)
    facts = {}
    for check in checks:
        if check.measure is not None and check.each_answer:
            started = time.process_time()
            found = run_in(check.name, check.measure, turns, plan.params[check.name])
            facts[check.name] = found.hstack(places)
            counts[check.name].seconds += time.process_time() - started
    return facts
