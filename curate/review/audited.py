"""Audited: the signals that the audit alone gives, of every record of its snapshot."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl

from curate.content.sameness import widths
from curate.publish import write_whole
from curate.report import Report
from curate.review.best import SIGNALS
from curate.review.frames import named_in
from curate.review.neighbours import (
    NEAREST,
    Neighbours,
    disagreement,
    neighbours,
    share_among,
)
from curate.review.signals import FOLDER, Signals
from curate.snapshot import digest
from curate.top import WEIGHTS
from curate.workspace import Workspace

VERSION = 2  # counts up when a signal of the audit is computed otherwise

Floats = npt.NDArray[np.float64]


def kept_of_audit(report: Report, where: Workspace) -> Signals:
    """The same from the workspace, where it is put when it is first asked for."""
    found = digest(report.folder / "findings.parquet")
    name = f"audit-{report.snapshot.id}-{found}-{VERSION}.parquet"
    file = where.path / FOLDER / name
    if not file.is_file():
        out = io.BytesIO()
        of_audit(report).frame.write_parquet(out)
        write_whole(file, out.getvalue())
    return Signals(pl.read_parquet(file))


def of_audit(report: Report) -> Signals:
    """What the audit alone knows."""
    columns = ["record_id", "source", "line", "category", "prompt", "answer"]
    whole = pl.concat(list(report.snapshot.frames(columns)))
    # Copies share one id and one text; the first place stands for all.
    records = whole.sort("record_id", "source", "line").unique(
        "record_id", keep="first", maintain_order=True
    )
    asked = {one["name"] for one in report.document["checks"] if not one["skipped"]}
    near = neighbours(records["prompt"])
    weighed = records["record_id"].replace_strict(
        severities(report), default=0.0, return_dtype=pl.Float64
    )
    found = {
        "disagreement": disagreement(near, records["answer"]),
        "severity": weighed.to_numpy(),
    }
    if "contradiction" in asked:
        found["contradiction"] = marked(records, contradicting(report)).astype(np.float64)
    if "refusal" in asked:
        refusing = report.findings.filter(pl.col("check") == "refusal")["record_id"]
        found["refusal"] = refusals(records["category"], near, marked(records, refusing))
    letters = widths(pl.concat_str(pl.col("prompt", "answer").fill_null("")))
    places = records.select("record_id", "source", "line", letters=letters)
    nothing = pl.lit(None, dtype=pl.Float64)
    return Signals(
        places.with_columns(
            pl.Series(found[name], nan_to_null=True).alias(name)
            if name in found
            else nothing.alias(name)
            for name in SIGNALS
        )
    )


def severities(report: Report) -> dict[str, float]:
    """Records with findings -> what the findings of all checks weigh together."""
    weight = pl.col("severity").replace_strict(WEIGHTS, return_dtype=pl.Float64)
    by_check = (
        report.findings.filter(pl.col("record_id").is_not_null())
        .group_by("record_id", "check")
        .agg(weight.max())
    )
    summed = by_check.group_by("record_id").agg(pl.col("severity").sum())
    return dict(summed.iter_rows())


def contradicting(report: Report) -> Iterator[str]:
    """Every record of a contradiction: nobody knows yet which of them is wrong."""
    found = report.findings.filter(pl.col("check") == "contradiction")
    for record_id, evidence in found.select("record_id", "evidence").iter_rows():
        yield record_id
        yield from named_in(orjson.loads(evidence))


def marked(records: pl.DataFrame, ids: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Which of the records are among these."""
    return records["record_id"].is_in(list(ids)).to_numpy()


def refusals(categories: pl.Series, near: Neighbours, refuses: npt.NDArray[np.bool_]) -> Floats:
    """Of a record that refuses, the share that do among its neighbours, or in its category if more.

    One refusal among answers is disagreement; a cluster of them teaches a model to refuse a topic.
    """
    told = pl.DataFrame({"category": categories, "refuses": refuses})
    share = told.select(
        pl.when(pl.col("category").is_not_null())
        .then((pl.col("refuses").sum() / pl.len().clip(NEAREST + 1)).over("category"))
        .otherwise(0.0)
    )
    return np.where(refuses, np.maximum(share_among(near, refuses), share.to_series()), 0.0)
