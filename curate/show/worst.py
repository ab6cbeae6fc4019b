"""Worst first: which findings are shown where not all of them can be."""

from __future__ import annotations

import polars as pl

from curate.finding import SEVERITIES

OF_EACH_CHECK = 20  # findings that every check may show before the worst fill the rest


def worst(findings: pl.DataFrame, limit: int) -> pl.DataFrame:
    """At most `limit` findings: by severity, then score, then place.

    A check that flags half the data would otherwise hide all others, so the first few of each
    check come before the rest when findings are chosen; the order shown stays worst first.
    """
    ranked = findings.with_columns(
        pl.col("severity").replace_strict(rank(), return_dtype=pl.UInt8).alias("rank")
    ).sort(
        ["rank", "score", "source", "line", "check", "start"],
        descending=[True, True, False, False, False, False],
        nulls_last=[True, True, False, False, False, False],
        maintain_order=True,
    )
    if len(ranked) > limit:
        turn = pl.int_range(pl.len()).over("check")
        ranked = ranked.with_row_index("place").sort(turn >= OF_EACH_CHECK, "place").head(limit)
        ranked = ranked.sort("place").drop("place")
    return ranked.drop("rank")


def rank() -> dict[str, int]:
    """Severities as numbers, worst highest."""
    return {name: number for number, name in enumerate(SEVERITIES)}
