"""Weigh and survey: what can be said only of all records together.

*Weigh* hands each check the facts it kept of every record, *survey* the snapshot itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from curate.check import Check
from curate.engines import Engine
from curate.finding import Hit
from curate.hits import HITS, Count, framed
from curate.plan import Plan
from curate.snapshot import Snapshot


@dataclass
class Whole:
    """By check its measures and its table; the hits of all."""

    measures: dict[str, Any] = field(default_factory=dict)
    hits: list[pl.DataFrame] = field(default_factory=list)
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)


def weigh(
    facts: dict[str, list[pl.DataFrame]],
    snapshot: Snapshot,
    plan: Plan,
    counts: dict[str, Count],
) -> Whole:
    """What the checks of the whole data set measure, and their hits; empties `facts` as it goes."""
    whole = Whole()
    for check in plan.checks():
        if check.name not in facts or check.weigh is None:
            continue
        started = time.process_time()
        count = counts[check.name]
        together = pl.concat(facts.pop(check.name))
        try:
            said = check.weigh(together, plan.params[check.name])
        except Exception as error:  # noqa: BLE001 - a fault in one check must not hide the others
            count.unsure(f"the check failed: {type(error).__name__}: {error}", len(together))
            continue
        whole.measures[check.name] = dict(said.measures)
        if said.skipped is not None:
            whole.measures[check.name]["skipped"] = said.skipped
        whole.hits.append(on_records(check, said.on_records, snapshot))
        whole.hits.append(on_dataset(check, said.on_dataset))
        count.seconds += time.process_time() - started
    return whole


def survey(snapshot: Snapshot, plan: Plan, engine: Engine, counts: dict[str, Count]) -> Whole:
    """What the checks say that look at the snapshot as a whole."""
    whole = Whole()
    for check in plan.checks():
        if check.survey is None:
            continue
        started = time.process_time()
        count = counts[check.name]
        try:
            said = check.survey(snapshot, engine, plan.params[check.name])
        except Exception as error:  # noqa: BLE001 - a fault in one check must not hide the others
            count.unsure(f"the check failed: {type(error).__name__}: {error}", len(snapshot))
            continue
        count.checked = max(count.checked, said.checked)
        whole.measures[check.name] = dict(said.measures)
        whole.hits.append(on_records(check, said.on_records, snapshot))
        if said.table is not None:
            whole.tables[check.name] = said.table
        count.seconds += time.process_time() - started
    return whole


def together(*measures: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What was measured in several places, by check."""
    whole: dict[str, dict[str, Any]] = {}
    for some in measures:
        for check, found in some.items():
            whole.setdefault(check, {}).update(found)
    return whole


def on_records(check: Check, said: Sequence[tuple[int, Hit]], snapshot: Snapshot) -> pl.DataFrame:
    """Hits on single records, found by their number in the whole."""
    if not said:
        return pl.DataFrame(schema=HITS)
    places = snapshot.places(pl.Series([number for number, _ in said]))
    records = snapshot.take(places, ["record_id", "source", "line"]).hstack(places)
    return framed(check, [(i, hit) for i, (_, hit) in enumerate(said)], records)


def on_dataset(check: Check, said: Sequence[Any]) -> pl.DataFrame:
    """Hits on the data set as a whole: findings without a record."""
    empty = {"part": None, "row": None, "record_id": None, "source": None, "line": None}
    nowhere = pl.DataFrame([empty], schema={name: HITS[name] for name in empty})
    return framed(check, [(0, hit) for hit in said], nowhere)
