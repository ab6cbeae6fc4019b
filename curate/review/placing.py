"""Placing: every record of a snapshot in the order `best`, those without a finding too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from curate.report import Report
from curate.review.best import SIGNALS, Weights, beginning, in_order, scores, with_reserved
from curate.review.signals import Signals
from curate.store.failures import AGAIN


@dataclass(frozen=True)
class Best:
    """What the order goes by."""

    signals: Signals
    weights: Weights
    lessons: int = 0  # verdicts that the weights were fitted to


def untaught(report: Report) -> Best:
    """The order by what the audit knows, before anybody has decided anything."""
    from curate.review.audited import of_audit  # compiled, which only this order needs

    return Best(of_audit(report), beginning())


def placed(judged: pl.DataFrame, best: Best) -> pl.DataFrame:
    """The lines of `judged` and one for each other record, with `score` and `place`.

    A failure is worth reading as likely as data caused it: its records are what can be repaired.
    What else a trained model brings has no signals but the weight of its finding.
    """
    whole = pl.concat([judged, without_findings(judged, best.signals)])
    letters = best.signals.frame.select("record_id", "letters")
    told = (
        whole.select("record_id", "of", "size", "weight")
        .join(letters, left_on="of", right_on="record_id", how="left", maintain_order="left")
        .join(best.signals.frame.select("record_id", *SIGNALS), on="record_id", how="left",
              maintain_order="left")
        .with_columns(pl.col("severity").fill_null(pl.col("weight")),
                      pl.col("letters").fill_null(pl.col("letters").median()).fill_null(0.0))
    )  # fmt: skip
    told = told.with_columns(scores(told, best.weights)).with_columns(
        score=pl.coalesce(
            pl.col("record_id")
            .str.replace(rf"{AGAIN}\d+$", "")
            .replace_strict(dict(best.signals.failing), default=None, return_dtype=pl.Float64),
            "score",
        )
    )
    ids = list(with_reserved(in_order(told), best.signals.reserved))
    place = pl.DataFrame({"record_id": ids, "place": range(len(ids))})
    scored = whole.with_columns(told["score"])
    return scored.join(place, on="record_id", how="left", maintain_order="left")


def without_findings(judged: pl.DataFrame, signals: Signals) -> pl.DataFrame:
    """A line for each record that no check found anything on."""
    others = signals.frame.join(judged, on="record_id", how="anti", maintain_order="left")
    empty: dict[str, Any] = {
        "checks": [], "check": None, "weight": 0.0, "margin": None, "size": 1, "differing": 0.0,
        "linked": 0,
    }  # fmt: skip
    values = [pl.lit(value, judged.schema[name]).alias(name) for name, value in empty.items()]
    return others.with_columns(*values, pl.col("record_id").alias("of")).select(judged.columns)
