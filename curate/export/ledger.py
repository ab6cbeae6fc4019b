"""Ledger: every record of the parent snapshot, what became of it, and by whose word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from curate.errors import Unaccounted
from curate.export.outcome import KINDS, PLAIN, Outcome

FILE = "ledger.parquet"
PLACE = ("record_id", "source", "line")
LEDGER: dict[str, Any] = {
    "record_id": pl.String,
    "source": pl.String,
    "line": pl.UInt32,
    "outcome": pl.String,  # kept, changed, dropped, held-back
    "reason": pl.String,
    "note": pl.String,  # the reviewer's own words
    "decisions": pl.List(pl.String),  # request ids, as in decisions.jsonl
    "reviewers": pl.List(pl.String),
    "policy": pl.String,
    "undecided": pl.List(pl.String),  # checks whose errors nobody has answered
    "split": pl.String,  # null: it is in none
    "split_reason": pl.String,
    "new_id": pl.String,  # its id in the approved snapshot; null: it is not there
}


def entries(places: pl.DataFrame, outcomes: Mapping[int, Outcome]) -> pl.DataFrame:
    """The ledger of one part, before the splits are known."""
    columns = {
        "at": list(outcomes),
        "outcome": [one.kind for one in outcomes.values()],
        "reason": [one.reason for one in outcomes.values()],
        "note": [one.note for one in outcomes.values()],
        "decisions": [one.decisions for one in outcomes.values()],
        "reviewers": [one.reviewers for one in outcomes.values()],
        "policy": [one.policy for one in outcomes.values()],
        "undecided": [one.undecided for one in outcomes.values()],
    }
    told = pl.DataFrame(columns, schema={name: LEDGER.get(name, pl.UInt32) for name in columns})
    nobody = pl.lit([], pl.List(pl.String))
    return (
        places.select(PLACE)
        .with_row_index("at")
        .join(told, on="at", how="left", maintain_order="left")
        .drop("at")
        .with_columns(
            pl.col("outcome").fill_null(PLAIN.kind),
            pl.col("reason").fill_null(PLAIN.reason),
            pl.col("decisions", "reviewers", "undecided").fill_null(nobody),
        )
    )


def closed(ledger: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """The ledger with the split of every record that stays; `placed` has those, in its order.

    A record that is held back from training is in no split and says why.
    """
    stays = (ledger["outcome"] != "dropped").arg_true()
    if len(stays) != len(placed):
        raise Unaccounted(f"{len(stays)} records were to stay and {len(placed)} were placed")
    here = placed.rename({"record_id": "new_id"}).with_columns(stays.alias("at"))
    held = pl.col("held").is_not_null()
    return (
        ledger.with_row_index("at")
        .join(here, on="at", how="left", maintain_order="left")
        .with_columns(
            outcome=pl.when(held).then(pl.lit("held-back")).otherwise("outcome"),
            reason=pl.when(held).then("held").otherwise("reason"),
            new_id=pl.when(held).then(None).otherwise("new_id"),
        )
        .select(list(LEDGER))
    )


def outcomes(ledger: pl.DataFrame) -> dict[str, int]:
    """How many records came to each outcome."""
    counted = dict(ledger["outcome"].value_counts().iter_rows())
    return {kind: counted.get(kind, 0) for kind in KINDS}


def balanced(ledger: pl.DataFrame, parent: int, approved: int) -> dict[str, int]:
    """The outcomes; Unaccounted unless they add up to the parent, and those that stay to what is
    approved."""
    counted = outcomes(ledger)
    total = sum(counted.values())
    stays = counted["kept"] + counted["changed"]
    placed = ledger.filter(pl.col("split").is_not_null() & pl.col("new_id").is_not_null())
    if total != parent or stays != approved or len(placed) != approved:
        raise Unaccounted(
            f"the parent has {parent} records and the ledger {total}; {stays} were to stay, "
            f"{approved} were written, {len(placed)} are in a split"
        )
    return counted
