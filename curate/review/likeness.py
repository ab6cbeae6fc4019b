"""Likeness: how close two people's edits of one text are, and how sure a kappa is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import combinations

import numpy as np
import numpy.typing as npt

from curate.content.agreement import Labels
from curate.store.decision import Decision

RESAMPLES = 1000
SEED = 0
TAIL = 2.5  # per cent at each end outside the interval

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Mean chrF, 0 to 100, over pairs of edits of one text, with its 95 % bootstrap interval.

    Null where there are no such pairs, or where sacrebleu, which computes it, is not installed.
    """

    edits: int
    chrf: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a figure lies 95 times in 100; null where nothing varies."""

    low: float | None
    high: float | None


def likeness(edited: Iterable[tuple[str, str]]) -> Likeness:
    """How like the texts of each pair are."""
    both = list(edited)
    if not both or find_spec("sacrebleu") is None:
        return Likeness(len(both))
    scores = np.array([alike(one, other) for one, other in both])
    drawn = np.random.default_rng(SEED).choice(scores, (RESAMPLES, len(scores))).mean(axis=1)
    low, high = np.percentile(drawn, [TAIL, 100 - TAIL])
    return Likeness(len(both), float(scores.mean()), float(low), float(high))


def alike(one: str, other: str) -> float:
    """chrF of two texts (Popović 2015), whichever comes first: the mean of both directions."""
    from sacrebleu.metrics.chrf import CHRF

    if one == other:
        return 100.0  # two empty texts, too
    measure = CHRF()
    there, back = measure.sentence_score(one, [other]), measure.sentence_score(other, [one])
    return float(there.score + back.score) / 2


def edited_twice(given: Mapping[str, Decision]) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Every two people who edited the same field of one record, and what each made of it."""
    edits = [one for _, one in sorted(given.items()) if one.kind == "edit"]
    for one, other in combinations(edits, 2):
        mine, yours = one.payload["changes"], other.payload["changes"]
        for name in sorted(mine.keys() & yours.keys()):
            yield one.reviewer, other.reviewer, (mine[name]["new"], yours[name]["new"])


def kappa_interval(items: Sequence[Labels]) -> Interval:
    """Cohen's kappa of two people on as many items drawn with replacement, many times.

    Expects exactly two labels, of the same two people, on each item.
    """
    met = Counter(tuple(labels[name] for name in sorted(labels)) for labels in items)
    names = sorted({label for pair in met for label in pair})
    place = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(names), len(names)))
    for (one, other), n in met.items():
        table[place[one], place[other]] = n
    total = int(table.sum())
    if not total:
        return Interval(None, None)
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(total, table.ravel() / total, size=RESAMPLES) / total
    kappas = _kappas(drawn.reshape(RESAMPLES, len(names), len(names)))
    known = kappas[~np.isnan(kappas)]
    if not len(known) or len(names) < 2:
        return Interval(None, None)
    low, high = np.percentile(known, [TAIL, 100 - TAIL])
    return Interval(float(low), float(high))


def _kappas(tables: Floats) -> Floats:
    """One kappa for each table of shares; not a number where chance alone gives 1."""
    same = np.trace(tables, axis1=1, axis2=2)
    chance: Floats = (tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        values: Floats = (same - chance) / (1 - chance)
    return np.where(chance < 1 - 1e-12, values, np.nan)
