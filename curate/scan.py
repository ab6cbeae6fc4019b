"""Scan: read one chunk, keep its records, and ask every check what it can say of them alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.check import Check, Params
from curate.errors import Unaccounted
from curate.finding import Hit
from curate.hits import HITS, Count, framed, passing, sorted_out
from curate.plan import Plan
from curate.private import private_values
from curate.reading import Chunk, Reject, decode
from curate.record import with_prompt
from curate.snapshot import Part, write_part


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


def scan(numbered: tuple[int, Chunk], plan: Plan, folder: Path) -> Scanned:
    """Everything that can be done with one chunk alone; runs on any worker."""
    number, chunk = numbered
    decoded = decode(chunk, plan.reading)
    if decoded.read != len(decoded.records) + len(decoded.rejects):
        raise Unaccounted(f"{chunk.source}: a record was lost while reading; this is our fault")
    records = with_prompt(decoded.records)
    checks = plan.checks()
    counts = {check.name: Count() for check in checks}
    alone = [check for check in checks if check.suspects is not None]
    hits = looked(records, number, alone, plan, counts)
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
        facts=measured(records, hits, checks, plan, counts),
    )


def looked(
    records: pl.DataFrame,
    number: int,
    checks: Sequence[Check],
    plan: Plan,
    counts: dict[str, Count],
) -> pl.DataFrame:
    """One fused pass for the suspects of all checks, then each check's own closer look."""
    flags = suspected(records, checks, plan, counts)
    frames = [pl.DataFrame(schema=HITS)]
    for check in checks:
        if check.name not in flags:
            continue
        count = counts[check.name]
        started = time.process_time()
        flagged = flags[check.name]
        unsure = flagged.null_count()
        if unsure:
            count.unsure(check.says, unsure)
        rows = flagged.arg_true()
        if len(rows):
            frames.append(closer(check, plan.params[check.name], records, rows, number, count))
        count.seconds += time.process_time() - started
    return pl.concat(frames)


def suspected(
    records: pl.DataFrame, checks: Sequence[Check], plan: Plan, counts: dict[str, Count]
) -> dict[str, pl.Series]:
    """Each check's suspects; a check whose expression fails could not tell of any record."""
    expressions: dict[str, pl.Expr] = {}
    for check in checks:
        params = plan.params[check.name]
        assert check.suspects is not None
        expressions[check.name] = check.suspects(params)
        if check.applies is not None:
            expressions[f"{check.name} applies"] = check.applies(params)
    series = evaluated(records, expressions, counts)
    for check in checks:
        applies = series.get(f"{check.name} applies")
        counts[check.name].checked = len(records) if applies is None else int(applies.sum())
    return series


def evaluated(
    records: pl.DataFrame, expressions: dict[str, pl.Expr], counts: dict[str, Count]
) -> dict[str, pl.Series]:
    """All expressions in one pass; one by one where the pass fails, to find which one did."""
    named = [expression.alias(name) for name, expression in expressions.items()]
    try:
        return records.lazy().select(named).collect().to_dict()
    except pl.exceptions.PolarsError:
        series = {}
        for name, expression in expressions.items():
            try:
                series[name] = records.select(expression.alias(name))[name]
            except pl.exceptions.PolarsError as error:
                counts[name.split()[0]].unsure(f"the check failed: {error}", len(records))
        return series


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
        facts[check.name] = check.measure(judged, plan.params[check.name])
        count = counts[check.name]
        count.checked = max(count.checked, len(records))
        count.seconds += time.process_time() - started
    return facts
