"""How far annotators agree on labels: per cent, Cohen's kappa and Krippendorff's alpha (nominal).

Alpha is computed from how often each combination of labels occurs, so that a bootstrap over items
is one multiplication of matrices; it equals that of the `krippendorff` package, kappa that of
scikit-learn (their tests hold us to it).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
SEED = 0
BATCH = 100  # resamples in memory at once
TAIL = 2.5  # per cent at each end outside the interval

Labels = Mapping[str, str]
"""Annotator -> label, of one item."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """Two annotators and the items that both labelled."""

    one: str
    other: str
    items: int
    percent: float
    kappa: float | None  # null: both gave one and the same label throughout


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha with its 95 % bootstrap interval; null where nothing varies."""

    value: float | None
    low: float | None
    high: float | None


def percent(items: Iterable[Labels]) -> float:
    """The share of pairs of labels on one item that are equal, 0 to 1."""
    same = pairs = 0
    for labels in items:
        given = Counter(labels.values())
        size = len(labels)
        pairs += size * (size - 1) // 2
        same += sum(n * (n - 1) // 2 for n in given.values())
    return same / pairs if pairs else float("nan")


def pairs(items: Iterable[Labels], fewest: int = 1) -> list[Pair]:
    """Every two annotators with `fewest` items in common or more, those with the most first."""
    met: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for labels in items:
        for one, other in combinations(sorted(labels), 2):
            met[one, other][labels[one], labels[other]] += 1
    found = [
        Pair(one, other, table.total(), _same(table), cohen(table))
        for (one, other), table in met.items()
        if table.total() >= fewest
    ]
    return sorted(found, key=lambda pair: (-pair.items, pair.one, pair.other))


def cohen(table: Mapping[tuple[str, str], int]) -> float | None:
    """Cohen's kappa from how often each two labels met; None where chance alone gives 1."""
    total = sum(table.values())
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for (one, other), n in table.items():
        rows[one] += n
        columns[other] += n
    chance = sum(rows[label] * columns[label] for label in rows) / total**2
    return None if chance == 1 else (_same(table) - chance) / (1 - chance)


def alpha(items: Sequence[Labels]) -> Alpha:
    """Krippendorff's alpha over items of two labels or more; the order of items does not matter."""
    met = Counter(tuple(sorted(labels.values())) for labels in items if len(labels) > 1)
    combined = sorted(met)
    names = sorted({label for labels in combined for label in labels})
    place = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(combined), len(names)))
    for row, labels in enumerate(combined):
        for label in labels:
            counts[row, place[label]] += 1
    times = np.array([met[labels] for labels in combined], dtype=np.float64)
    value = _alphas(times[None, :], counts)[0] if len(combined) else np.nan
    if np.isnan(value):
        return Alpha(None, None, None)
    drawn = _resampled(times, counts)
    low, high = np.percentile(drawn[~np.isnan(drawn)], [TAIL, 100 - TAIL])
    return Alpha(float(value), float(low), float(high))


def _resampled(times: Floats, counts: Floats) -> Floats:
    """Alpha of as many items drawn with replacement, many times."""
    random = np.random.default_rng(SEED)
    total = int(times.sum())
    batches = [
        _alphas(random.multinomial(total, times / total, size=BATCH).astype(np.float64), counts)
        for _ in range(RESAMPLES // BATCH)
    ]
    return np.concatenate(batches)


def _alphas(times: Floats, counts: Floats) -> Floats:
    """One alpha for each row of `times`: how often each combination of labels (`counts`) occurs."""
    sizes = counts.sum(axis=1)
    differing = (sizes**2 - (counts**2).sum(axis=1)) / (sizes - 1)
    marginal = times @ counts
    total = marginal.sum(axis=1)
    expected = total**2 - (marginal**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        values: Any = 1 - (total - 1) * (times @ differing) / expected
    return np.where(expected > 0, values, np.nan)


def _same(table: Mapping[tuple[str, str], int]) -> float:
    return sum(n for (one, other), n in table.items() if one == other) / sum(table.values())
