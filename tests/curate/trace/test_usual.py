"""Usual: what is far above its like, whatever its like are, and the laws of that."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.trace import usual
from curate.trace.likeness import Floats


def lengths_and_losses(count: int = 200, seed: int = 0) -> tuple[Floats, Floats]:
    """Short answers that lose 0.1 nats and long ones that lose 2, all with some noise."""
    chance = np.random.default_rng(seed)
    long = np.arange(count) % 2 == 1
    kind = np.where(long, 4.0, 1.0)[:, None] + chance.normal(0, 0.1, (count, 1))
    losses = np.where(long, 2.0, 0.1) * np.exp(chance.normal(0, 0.1, count))
    return losses, kind


def test_a_short_record_that_loses_like_a_long_one_stands_out() -> None:
    losses, kind = lengths_and_losses()
    losses[10] = 1.0  # ten times what a short one loses, half of what a long one does
    found = usual.beyond(losses, kind)
    assert found.argmax() == 10
    assert losses.argsort()[::-1].tolist().index(10) >= 100  # by loss alone all the long ones win


def test_two_kinds_are_measured_by_their_own_spread() -> None:
    losses, kind = lengths_and_losses(2000)
    found = usual.beyond(losses, kind)
    means = found[0::2].mean(), found[1::2].mean()
    assert means == pytest.approx((0, 0), abs=0.2)


@given(st.integers(1, 50), st.floats(0.01, 100))
def test_the_unit_of_the_loss_and_of_the_kind_say_nothing(seed: int, factor: float) -> None:
    losses, kind = lengths_and_losses(60, seed)
    found = usual.beyond(losses, kind)
    assert usual.beyond(losses * factor, kind * factor) == pytest.approx(found, abs=1e-6)


def test_a_higher_loss_never_stands_out_less() -> None:
    losses, kind = lengths_and_losses(60)
    before = usual.beyond(losses, kind)[7]
    losses[7] *= 2
    assert usual.beyond(losses, kind)[7] > before


def test_many_are_held_against_some_that_are_evenly_spaced(monkeypatch: pytest.MonkeyPatch) -> None:
    losses, kind = lengths_and_losses(600)
    losses[10] = 1.0
    monkeypatch.setattr(usual, "AMONG", 101)
    found = usual.beyond(losses, kind)
    assert found.argmax() == 10
    assert not np.isnan(found).any()


def test_equal_losses_do_not_stand_out() -> None:
    assert usual.beyond(np.full(5, 2.0), np.zeros((5, 2))).tolist() == [0.0] * 5


def test_what_was_not_measured_is_not_a_number_and_stands_beside_nothing() -> None:
    losses = np.array([1.0, np.nan, 1.0, 1.0])
    found = usual.beyond(losses, np.zeros((4, 1)))
    assert found.tolist() == pytest.approx([0, np.nan, 0, 0], nan_ok=True)
    assert np.isnan(usual.beyond(np.array([1.0, np.nan]), np.zeros((2, 1)))).all()
    assert usual.beyond(np.array([]), np.zeros((0, 1))).shape == (0,)


def test_a_column_that_is_not_known_of_all_is_left_out() -> None:
    losses, kind = lengths_and_losses(60)
    unknown = np.hstack([kind, np.full((60, 1), np.nan)])
    assert usual.beyond(losses, unknown).tolist() == usual.beyond(losses, kind).tolist()


def test_kinds_are_length_and_losses_before_training() -> None:
    told = pl.DataFrame(
        {"tokens": [0, 9], "base_loss": [1.0, 2.0], "unconditional_loss": [3.0, 4.0]}
    )
    assert usual.kinds(told).tolist() == [[0.0, 1.0, 3.0], [pytest.approx(np.log(10)), 2.0, 4.0]]
