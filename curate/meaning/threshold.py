"""Calibration: from which cosine on two texts mean the same to a model.

Each model has a scale of its own, so the threshold is measured: of the pairs that people labelled,
how many does each threshold find, and how many of those are right?
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.errors import BadSetting
from curate.meaning.model import Model, cosines

THRESHOLDS = tuple(round(0.5 + 0.01 * step, 2) for step in range(50))
PRECISION = 0.9  # a wrong pair costs a person a decision: one in ten is borne
FOUND = 50  # pairs that a threshold must find, or its precision is chance

Pairs = Sequence[tuple[str, str]]


def similarities(pairs: Pairs, model: Model) -> npt.NDArray[np.float64]:
    """The cosine of each pair of texts."""
    ones, others = ([pair[side] for pair in pairs] for side in (0, 1))
    return cosines(model.vectors(ones), model.vectors(others))


def calibrated(
    similarity: npt.ArrayLike,
    labels: npt.ArrayLike,
    thresholds: Sequence[float] = THRESHOLDS,
) -> pl.DataFrame:
    """For each `threshold` how many pairs are `found`, how many `right`, `precision`, `recall`.

    Precision is null where nothing is found, recall where no label is true. BadSetting where the
    similarities are not as many as the labels.
    """
    scores, same = np.asarray(similarity, np.float64), np.asarray(labels, np.bool_)
    if scores.shape != same.shape:
        raise BadSetting(f"{len(scores)} similarities and {len(same)} labels; one label a pair")
    found = [int((scores >= at).sum()) for at in thresholds]
    right = [int(same[scores >= at].sum()) for at in thresholds]
    table = pl.DataFrame({"threshold": thresholds, "found": found, "right": right})
    return table.with_columns(
        precision=pl.when(pl.col("found") > 0).then(pl.col("right") / pl.col("found")),
        recall=pl.col("right") / (int(same.sum()) or None),
    )


def recommended(
    table: pl.DataFrame, precision: float = PRECISION, found: int = FOUND
) -> float | None:
    """The lowest threshold from which on the precision is reached; null where none reaches it.

    From which on: a threshold below a worse one is luck. Thresholds that find too few do not tell.
    """
    told = table.filter(pl.col("found") >= found).sort("threshold", descending=True)
    good = told.filter((pl.col("precision") >= precision).cum_min())
    return good["threshold"].min() if len(good) else None  # type: ignore[return-value]
