"""Intervals: how far counts of a few failures can be trusted; all at 95 %."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, sqrt

Z = 1.959964  # of the normal distribution, two-sided 95 %
Interval = tuple[float, float]


def share(hits: int, of: int) -> Interval:
    """The interval of a share (Wilson 1927); all of it where nothing was counted."""
    if not of:
        return 0.0, 1.0
    middle = (hits + Z**2 / 2) / (of + Z**2)
    reach = Z * sqrt(hits * (of - hits) / of + Z**2 / 4) / (of + Z**2)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def difference(changes: Sequence[float]) -> Interval:
    """The interval of the mean of paired differences, each from -1 to 1.

    One pair for and one against are added first, so that few pairs that all agree do not look sure
    (for differences of 0 and 1 this is Bonett and Price 2012); a plain bootstrap would.
    """
    pairs = len(changes) + 2
    middle = sum(changes) / pairs
    spread = (sum(one**2 for one in changes) + 2) / pairs - middle**2
    reach = Z * sqrt(spread / pairs)
    return max(-1.0, middle - reach), min(1.0, middle + reach)


def by_chance(only_one: int, only_other: int) -> float:
    """How likely pairs that differ fall apart so unevenly by chance (McNemar, exact, two-sided)."""
    pairs = only_one + only_other
    fewer = min(only_one, only_other)
    tail = sum(comb(pairs, n) for n in range(fewer + 1)) / 2**pairs
    return float(min(1.0, 2 * tail))
