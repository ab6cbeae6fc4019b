"""Pulls: a record that others contradict lies above those that others confirm."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from curate.trace import pulls
from curate.trace.reading import Traces

Sketch = npt.NDArray[np.int8]
WIDTH = 4_096


def drawn(count: int, seed: int) -> npt.NDArray[np.float64]:
    return np.random.default_rng(seed).normal(0, 40, (count, WIDTH))


def whole(rows: npt.NDArray[np.float64]) -> Sketch:
    return np.clip(rows.round(), -127, 127).astype(np.int8)


def facts(seed: int) -> Sketch:
    """Of twenty facts three records each that pull one way; the last of the first two pulls back."""
    base = drawn(20, seed)
    rows = np.repeat(base, 3, axis=0) + 0.3 * drawn(60, seed + 1)
    rows[2] = -base[0] + 0.3 * drawn(1, seed + 2)[0]
    rows[5] = -base[1] + 0.3 * drawn(1, seed + 3)[0]
    return whole(rows)


def test_those_that_stand_against_their_like_come_first() -> None:
    found = pulls.between([facts(0), facts(10), facts(20)])
    assert set(np.argsort(-found)[:2]) == {2, 5}
    assert found[2] > 0.5  # pulled against, and nothing pulls its way
    assert found[30] < -0.5  # the other way round


@pytest.mark.parametrize("seed", range(3))
def test_a_first_look_at_folded_gradients_finds_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sketches = [facts(seed), facts(seed + 10)]
    exact = pulls.between(sketches)
    monkeypatch.setattr(pulls, "EXACT", 10)
    assert pulls.between(sketches) == pytest.approx(exact, abs=0.05)


def test_length_says_nothing_and_neither_does_the_order() -> None:
    sketches = facts(0)
    small = whole(sketches / 2.0)
    assert pulls.between([small]) == pytest.approx(pulls.between([sketches]), abs=0.05)
    turned = pulls.between([sketches[::-1]])
    assert turned[::-1] == pytest.approx(pulls.between([sketches]), abs=1e-5)


def test_two_records_of_one_fact_are_near_and_two_facts_are_not() -> None:
    class Kept:
        checkpoints = (1, 2)

        def sketches(self, number: int) -> Sketch:
            return facts(10 * number)

    found = pulls.among(cast("Traces", Kept()), np.array([30, 31, 33]))
    assert found.diagonal() == pytest.approx([1, 1, 1], abs=1e-5)
    assert found[0, 1] == found[1, 0] > 0.8
    assert abs(found[0, 2]) < 0.1


def test_copies_confirm_each_other() -> None:
    found = pulls.between([whole(np.vstack([drawn(1, 0), drawn(1, 0), drawn(1, 5)]))])
    assert found[0] == found[1] == pytest.approx(-1, abs=0.1)
    assert found[2] == pytest.approx(0, abs=0.1)


def test_what_was_not_captured_is_not_a_number() -> None:
    sketches = facts(0)
    sketches[7] = 0
    found = pulls.between([sketches])
    assert np.flatnonzero(np.isnan(found)).tolist() == [7]
    assert np.isnan(pulls.between([sketches[7:8]])).all()
    assert np.isnan(pulls.between([sketches[:1]])).all()
    assert pulls.between([]).shape == (0,)
