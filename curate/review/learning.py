"""Learning: what people's verdicts say about the weights of the order `best`.

After every EACH verdicts the weights are fitted anew, always from those the product came with, so
the same decisions give the same order. A record that was drawn at random is never learnt from:
such records judge the order, and say how much it has left unfound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from curate.review.best import Weights, beginning, fit, ranks
from curate.review.queue import CONTROL
from curate.review.signals import Signals
from curate.store.decision import CHANGING, Decision
from curate.store.standing import Standing

EACH = 50  # verdicts from one fit to the next
CHANGED = ("drop", *CHANGING)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Records with what people said of them, as many as the weights are fitted to."""

    bad: Mapping[str, bool]  # record -> whether it was dropped or changed

    def __len__(self) -> int:
        return len(self.bad)


def is_bad(verdict: Decision) -> bool:
    """Whether the record does not stay as it is."""
    if verdict.kind == "choose":
        return Standing((verdict,)).drops({"record_id": verdict.record_id})
    return verdict.kind in CHANGED


def by_chance(standing: Standing) -> bool:
    """Whether somebody decided on the record because it was drawn at random."""
    return any(one.ordered_by == CONTROL for one in standing.blind.values())


def lessons(known: Mapping[str, Standing], records: pl.Series) -> Lessons:
    """The verdicts of persons on these records, the oldest first, in whole portions of EACH."""
    spoken = {
        record_id: standing.verdict
        for record_id, standing in known.items()
        if standing.verdict is not None and not by_chance(standing)
    }
    there = records.filter(records.is_in(list(spoken))).unique()
    verdicts = [spoken[record_id] for record_id in there]
    ordered = sorted(verdicts, key=lambda one: (one.decided_at or 0, one.record_id))
    whole = len(ordered) // EACH * EACH
    return Lessons({one.record_id: is_bad(one) for one in ordered[:whole]})


def learnt(signals: Signals, taught: Lessons, prior: Weights | None = None) -> Weights:
    """The weights after these lessons; the prior itself where there are none."""
    start = prior or beginning()
    if not taught:
        return start
    names = signals.frame.select("record_id")
    placed = pl.concat([names, ranks(signals.frame)], how="horizontal")
    seen = placed.filter(pl.col("record_id").is_in(list(taught.bad))).sort("record_id")
    return fit(seen.drop("record_id"), [taught.bad[one] for one in seen["record_id"]], start)
