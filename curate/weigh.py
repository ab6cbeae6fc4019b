"""Weigh and survey: what can be said only of all records together.

*Weigh* hands each check the facts it kept of every record, *survey* the snapshot itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from curate.check import Check
from curate.engines import Engine
from curate.errors import BadSetting
from curate.finding import Hit
from curate.hits import HITS, Count, framed
from curate.plan import Plan
from curate.snapshot import Snapshot
from curate.turns import weighed

Told = tuple[Check, Sequence[tuple[int, Hit]]]
"""A check, and its hits by the numbers of their records."""


@dataclass
class Whole:
    """By check its measures and its table; the hits of all."""

    measures: dict[str, Any] = field(default_factory=dict)
    hits: list[pl.DataFrame] = field(default_factory=list)
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)


def weigh(
    facts: dict[str, list[pl.DataFrame]],
    past: dict[str, list[pl.DataFrame]],
    snapshot: Snapshot,
    plan: Plan,
    counts: dict[str, Count],
) -> Whole:
    """What the checks of the whole data set measure, and their hits; empties `facts` as it goes."""
    whole = Whole()
    told: list[Told] = []
    for check in plan.checks():
        if check.name not in facts or check.weigh is None:
            continue
        started = time.process_time()
        count, params = counts[check.name], plan.params[check.name]
        together = pl.concat(facts.pop(check.name))
        try:
            said = check.weigh(together, params)
            if check.name in past:
                whole.hits.append(weighed(check, together, past[check.name], params, snapshot))
        except Exception as error:  # noqa: BLE001 - a fault in one check must not hide the others
            count.unsure(f"the check failed: {type(error).__name__}: {error}", len(together))
            continue
        whole.measures[check.name] = dict(said.measures)
        if said.skipped is not None:
            whole.measures[check.name]["skipped"] = said.skipped
        told.append((check, said.on_records))
        whole.hits.append(on_dataset(check, said.on_dataset))
        count.seconds += time.process_time() - started
    whole.hits += on_records(told, snapshot)
    return whole


def survey(snapshot: Snapshot, plan: Plan, engine: Engine, counts: dict[str, Count]) -> Whole:
    """What the checks say that look at the snapshot as a whole."""
    whole = Whole()
    told: list[Told] = []
    for check in plan.checks():
        if check.survey is None:
            continue
        started = time.process_time()
        count = counts[check.name]
        try:
            said = check.survey(snapshot, engine, plan.params[check.name])
        except BadSetting:  # a column that is named and not there: for the user to mend
            raise
        except Exception as error:  # noqa: BLE001 - a fault in one check must not hide the others
            count.unsure(f"the check failed: {type(error).__name__}: {error}", len(snapshot))
            continue
        count.checked = max(count.checked, said.checked)
        whole.measures[check.name] = dict(said.measures)
        told.append((check, said.on_records))
        if said.table is not None:
            whole.tables[check.name] = said.table
        count.seconds += time.process_time() - started
    whole.hits += on_records(told, snapshot)
    return whole


def together(*measures: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What was measured in several places, by check."""
    whole: dict[str, dict[str, Any]] = {}
    for some in measures:
        for check, found in some.items():
            whole.setdefault(check, {}).update(found)
    return whole


def on_records(told: Iterable[Told], snapshot: Snapshot) -> Iterator[pl.DataFrame]:
    """Hits on single records, found by their number in the whole; each part is opened once."""
    some = [(check, said) for check, said in told if said]
    numbers = [number for _, said in some for number, _ in said]
    places = snapshot.places(pl.Series(numbers, dtype=pl.UInt32))
    records = snapshot.take(places, ["record_id", "source", "line"]).hstack(places)
    first = 0
    for check, said in some:
        hits = [(first + at, hit) for at, (_, hit) in enumerate(said)]
        yield framed(check, hits, records)
        first += len(said)


def on_dataset(check: Check, said: Sequence[Any]) -> pl.DataFrame:
    """Hits on the data set as a whole: findings without a record."""
    empty = {"part": None, "row": None, "record_id": None, "source": None, "line": None}
    nowhere = pl.DataFrame([empty], schema={name: HITS[name] for name in empty})
    return framed(check, [(0, hit) for hit in said], nowhere)
