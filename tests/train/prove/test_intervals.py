"""Intervals: they hold the truth as often as they say, and few pairs never look sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.prove.intervals import by_chance, difference, share

CHANGES = st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)  # the third as in Newcombe 1998, table I
def test_shares(hits: int, of: int, low: float, high: float) -> None:
    assert share(hits, of) == pytest.approx((low, high), abs=1e-4)


@given(CHANGES)
def test_a_difference_turns_with_its_sign_and_ignores_the_order(changes: list[float]) -> None:
    low, high = difference(changes)
    assert -1 <= low <= high <= 1
    turned = difference([-one for one in reversed(changes)])
    assert turned == pytest.approx((-high, -low), abs=1e-12)


@given(CHANGES)
def test_one_more_that_is_fixed_never_speaks_against_the_repair(changes: list[float]) -> None:
    assert difference([*changes, 1.0])[0] >= difference([*changes, -1.0])[0]


@pytest.mark.parametrize(("pairs", "sure"), [(1, False), (2, False), (3, False), (4, True)])
def test_few_pairs_that_all_agree_are_not_sure(pairs: int, sure: bool) -> None:
    assert (difference([1.0] * pairs)[0] > 0) == sure


@pytest.mark.parametrize(("fixes", "control"), [(0.2, 0.2), (0.9, 0.1), (0.95, 0.05), (0.5, 0.3)])
def test_the_difference_is_held_about_nineteen_times_in_twenty(
    fixes: float, control: float
) -> None:
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        changes = (draw.random(12) < fixes).astype(float) - (draw.random(12) < control)
        low, high = difference(list(changes))
        held += low <= fixes - control <= high
    assert held >= 372


@given(st.integers(0, 30), st.integers(0, 30))
def test_mcnemar_is_a_likelihood_and_does_not_care_which_is_which(one: int, other: int) -> None:
    assert 0 < by_chance(one, other) <= 1
    assert by_chance(one, other) == by_chance(other, one)


def test_mcnemar() -> None:
    assert by_chance(0, 0) == 1
    assert by_chance(6, 0) == pytest.approx(2 / 64)
    assert by_chance(1, 7) == pytest.approx(2 * 9 / 256)
