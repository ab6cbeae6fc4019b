"""Prompts and answers that are far longer or shorter than the rest.

One answer a hundred times the usual length takes the memory and the gradient of a hundred, and is
often several records stuck together or a whole page copied in. A far shorter one is often cut off.
Lengths are compared on a logarithmic scale by median and median deviation, which a few giants do
not move. At most 50 records a field are named, the farthest first; the report has the distribution.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.check import Check, Params, Weighed
from curate.finding import Hit

FIELDS = ("prompt", "answer")
NORMAL = 1.4826  # median deviation times this is the standard deviation of a normal distribution
SPREAD_LEAST = 0.25  # of log length; where nearly all are equal, a quarter more is no outlier
FLOOR = 4.0  # deviations from which scores are kept
FEWEST = 30  # with fewer lengths there is no "usual"
EDGES = [0, *(round(10 ** (step / 5)) for step in range(31))]  # characters, five bins a decade
QUANTILES = {"p05": 0.05, "median": 0.5, "p95": 0.95, "p99": 0.99}

SAYS = {
    "prompt": "the prompt has {chars} characters; nine in ten have {low} to {high}",
    "answer": "the answer has {chars} characters; nine in ten have {low} to {high}",
}

Numbers = npt.NDArray[Any]


def measure(records: pl.DataFrame, _: Params) -> pl.DataFrame:
    lengths = (pl.col(name).str.len_chars().fill_null(0).alias(name) for name in FIELDS)
    return records.select(*lengths, tie=pl.col("record_id").hash())


def weigh(facts: pl.DataFrame, params: Params) -> Weighed:
    """The farthest records of each field; `tie` makes their choice free of the input's order."""
    measures: dict[str, Any] = {}
    hits: list[tuple[int, Hit]] = []
    for name in FIELDS:
        lengths = facts[name].to_numpy()
        far = deviations(lengths)
        outlying = np.flatnonzero(far >= min(FLOOR, params["deviations"]))
        order = np.lexsort((facts["tie"].to_numpy()[outlying], -far[outlying]))
        usual = distribution(facts[name])
        for row in outlying[order][: params["most"]]:
            hits.append((int(row), _hit(name, int(lengths[row]), float(far[row]), usual)))
        measures[name] = {**usual, "outliers": int((far >= params["deviations"]).sum())}
    return Weighed(measures, on_records=tuple(hits))


def deviations(lengths: Numbers) -> Numbers:
    """How many robust standard deviations each log length is from the median; empty texts: 0."""
    far = np.zeros(len(lengths))
    said = lengths > 0
    if said.sum() < FEWEST:
        return far
    logs = np.log(lengths[said])  # in place from here on: there may be millions
    logs -= np.median(logs)
    np.abs(logs, out=logs)
    logs /= max(NORMAL * float(np.median(logs)), SPREAD_LEAST)
    far[said] = logs
    return far


def distribution(lengths: pl.Series) -> dict[str, Any]:
    """A histogram over fixed edges (the last bin is open) and usual quantiles, in characters."""
    counts, _ = np.histogram(lengths.to_numpy(), bins=[*EDGES, math.inf])
    quantiles = {
        name: lengths.quantile(share, interpolation="nearest") for name, share in QUANTILES.items()
    }
    return {
        "edges": EDGES,
        "counts": counts.tolist(),
        **{name: int(value or 0) for name, value in quantiles.items()},
        "max": int(lengths.to_numpy().max(initial=0)),
    }


def _hit(name: str, length: int, far: float, usual: dict[str, Any]) -> Hit:
    return Hit(
        SAYS[name],
        {"chars": length, "low": usual["p05"], "high": usual["p95"]},
        field=name,
        start=0,
        end=length,
        score=round(far, 3),
    )


CHECK = Check(
    name="length-outliers",
    says="its prompt or answer is far longer or shorter than the others",
    group="dataset",
    severity="info",
    why=__doc__,
    threshold="deviations",
    floor=FLOOR,
    params={"deviations": 5.0, "most": 50},
    measure=measure,
    weigh=weigh,
)
