"""Measures: how well an order finds bad records and a trace names them, and how sure that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093,
)  # fmt: skip
"""Student's t at 97.5 %, from one degree of freedom on."""
FOREMOST, SHOWN = 3, 10
"""Places of a trace that count."""
BINS = 5
"""Of the calibration error; ten would be empty with so few failures."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds and its 95 % interval by Student's t; no interval from one seed."""

    mean: float
    low: float | None
    high: float | None
    seeds: int


def interval(values: Sequence[float]) -> Interval | None:
    """Of one figure per seed; None where no seed has it."""
    known = [value for value in values if not np.isnan(value)]
    if not known:
        return None
    mean, count = fmean(known), len(known)
    if count == 1:
        return Interval(mean, None, None, 1)
    quantile = QUANTILES[min(count - 1, len(QUANTILES)) - 1]
    reach = quantile * stdev(known) / count**0.5
    return Interval(mean, mean - reach, mean + reach, count)


def auroc(scores: Sequence[float] | Floats, positive: Sequence[bool]) -> float:
    """How often a positive one scores above another, ties half; NaN where there are not both."""
    values, marked = np.asarray(scores, float), np.asarray(positive, bool)
    above, below = values[marked], values[~marked]
    if not len(above) or not len(below):
        return float("nan")
    wins = (above[:, None] > below).mean() + (above[:, None] == below).mean() / 2
    return float(wins)


def recall(order: Sequence[int], bad: Sequence[bool], share: float) -> float:
    """Share of the bad records among this share of all, read in this order."""
    read = order[: round(share * len(bad))]
    total = sum(bad)
    return sum(bad[place] for place in read) / total if total else float("nan")


def falling(scores: Sequence[float] | Floats) -> list[int]:
    """Places by score, the highest first; what is not known comes last."""
    values = np.nan_to_num(np.asarray(scores, float), nan=-np.inf)
    return [int(place) for place in np.argsort(-values, kind="stable")]


@dataclass(frozen=True, slots=True)
class Found:
    """How well one trace names the records that are responsible."""

    recall10: float
    recall3: float
    hit1: float
    reciprocal: float
    """1 over the place of the first responsible record."""


def found(order: Sequence[int], responsible: Collection[int]) -> Found:
    """Of a trace in this order. Recall is of as many as the places could hold."""
    places = [place for place, number in enumerate(order) if number in responsible]
    first = min(places, default=None)
    return Found(
        sum(place < SHOWN for place in places) / min(SHOWN, len(responsible)),
        sum(place < FOREMOST for place in places) / min(FOREMOST, len(responsible)),
        float(first == 0),
        0.0 if first is None else 1 / (first + 1),
    )


def calibration_error(chances: Sequence[float], truth: Sequence[bool]) -> float:
    """Mean distance of said probability and share that is true, over equal bins (ECE)."""
    said, true = np.asarray(chances, float), np.asarray(truth, bool)
    if not len(said):
        return float("nan")
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    return float(
        sum(
            (bins == one).mean() * abs(said[bins == one].mean() - true[bins == one].mean())
            for one in np.unique(bins)
        )
    )
