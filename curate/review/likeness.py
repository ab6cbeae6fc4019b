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
    """Cohen's kappa on as many items drawn with replacement, many times; of several pairs the mean.

    The mean over pairs is Light's kappa (Light 1971); a pair that has none in a draw is left out.
    """
    met = Counter(tuple(sorted(labels.items())) for labels in items if len(labels) > 1)
    names = sorted({label for given in met for _, label in given})
    if len(names) < 2:
        return Interval(None, None)
    times = np.array([*met.values()], dtype=np.float64)
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(int(times.sum()), times / times.sum(), size=RESAMPLES)
    kappas = [_kappas(drawn[:, rows], both, names) for rows, both in _by_pair([*met])]
    known = np.ma.masked_invalid(kappas).mean(axis=0).compressed()
    if not len(known) or not np.ptp(known):  # one who never varies has no kappa but 0
        return Interval(None, None)
    low, high = np.percentile(known, [TAIL, 100 - TAIL])
    return Interval(float(low), float(high))


Both = list[tuple[str, str]]
"""The labels of two people, an item each."""


def _by_pair(given: Sequence[Sequence[tuple[str, str]]]) -> list[tuple[list[int], Both]]:
    """For every two people who met: the numbers of their items, and what each said of them."""
    found: dict[tuple[str, str], tuple[list[int], Both]] = {}
    for row, labels in enumerate(given):
        for (one, mine), (other, yours) in combinations(labels, 2):
            rows, both = found.setdefault((one, other), ([], []))
            rows.append(row)
            both.append((mine, yours))
    return [*found.values()]


def _kappas(times: npt.NDArray[np.int64], both: Both, names: Sequence[str]) -> Floats:
    """One kappa for each row of `times` (draws, items); not a number where chance alone gives 1."""
    mine, yours = (np.array(said)[:, None] == np.array(names) for said in zip(*both, strict=True))
    totals = times.sum(axis=1).astype(np.float64)
    same = (times @ (mine & yours).any(axis=1)) * totals
    chance: Floats = ((times @ mine).astype(np.float64) * (times @ yours)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        values: Floats = (same - chance) / (totals**2 - chance)
    return np.where(chance < totals**2, values, np.nan)
