"""Fitting: what is found again, the same every time, and figures that were not seen in fitting."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from curate.errors import BadSetting
from curate.trace.fitting import (
    OF_BIAS,
    RIDGE,
    auroc,
    calibration_error,
    fit,
    fitted,
    softmax,
)
from curate.trace.triage import CLASSES, FEATURES, Logistic, read

Floats = npt.NDArray[np.float64]
NONE = np.zeros(len(FEATURES))
NOTHING = Logistic(NONE, NONE + 1, np.zeros((4, len(FEATURES))), np.zeros(4), 1.0, {})
FAR = replace(NOTHING, weights=np.tile([[3.0], [-3.0], [3.0], [-3.0]], len(FEATURES)))
"""Priors: one that knows nothing, and one from which a whole step overshoots."""


def failures(count: int = 240, seed: int = 0) -> tuple[Floats, list[str], list[int]]:
    """Failures of four seeds whose class raises one feature of its own."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, len(CLASSES), count)
    features = chance.normal(size=(count, len(FEATURES)))
    features[range(count), truth] += 3.0
    features[chance.random(features.shape) < 0.05] = np.nan
    return features, [CLASSES[n] for n in truth], [n % 4 for n in range(count)]


def test_what_raises_a_class_is_found() -> None:
    features, classes, groups = failures()
    told = fit(features, classes, groups, NOTHING, "drawn", "2026-01-01")
    found = read(told)
    assert (found.weights.argmax(axis=1) == np.arange(len(CLASSES))).all()
    assert told["fitted"]["auroc"] > 0.95
    assert told["fitted"]["accuracy"] > 0.85
    assert told["fitted"]["calibration_error"] < 0.1
    assert told["fitted"]["counts"] == {name: classes.count(name) for name in set(classes)}
    assert (told["fitted"]["on"], told["fitted"]["when"]) == ("drawn", "2026-01-01")
    json.dumps(told, allow_nan=False)


def test_the_same_failures_give_the_same_whatever_their_order() -> None:
    features, classes, groups = failures()
    order = np.random.default_rng(1).permutation(len(classes))
    turned = fit(
        features[order], [classes[n] for n in order], [groups[n] for n in order], NOTHING, "x", None
    )
    told = fit(features, classes, groups, NOTHING, "x", None)
    assert turned["classes"] == told["classes"]
    assert turned["features"] == told["features"]
    assert turned["temperature"] == told["temperature"]


def test_figures_are_of_failures_that_were_held_out() -> None:
    """Of labels that mean nothing, a fit that saw them all would claim to know something."""
    chance = np.random.default_rng(3)
    features = chance.normal(size=(60, len(FEATURES)))
    classes = [CLASSES[n] for n in chance.integers(0, 4, 60)]
    told = fit(features, classes, [n % 3 for n in range(60)], NOTHING, "noise", None)
    assert told["fitted"]["auroc"] < 0.7
    assert told["temperature"] > 1.5  # so it has learnt to be modest


def test_the_step_ends_where_the_slope_is_level() -> None:
    features, classes, _ = failures(80)
    ones = np.hstack([np.nan_to_num(features), np.ones((80, 1))])
    truth = np.array([CLASSES.index(one) for one in classes])
    wanted = np.eye(len(CLASSES))[truth]
    found = fitted(features, truth, FAR)
    at = np.hstack([found.weights, found.bias[:, None]])
    there = np.hstack([FAR.weights, FAR.bias[:, None]])
    slope = (softmax(ones @ at.T) - wanted).T @ ones
    slope += np.array([*[RIDGE] * len(FEATURES), OF_BIAS]) * (at - there)
    assert np.abs(slope).max() < 1e-4


def test_what_the_failures_do_not_show_stays_as_it_was() -> None:
    features, classes, groups = failures()
    features[:, 9] = np.nan
    found = read(fit(features, classes, groups, FAR, "x", None))
    assert found.weights[:, 9].tolist() == [3.0, -3.0, 3.0, -3.0]


def test_a_feature_that_was_never_measured_weighs_nothing() -> None:
    features, classes, groups = failures()
    features[:, 5] = np.nan
    found = read(fit(features, classes, groups, NOTHING, "x", None))
    assert np.abs(found.weights[:, 5]).max() == 0


@pytest.mark.parametrize(("groups", "classes"), [([0, 0], CLASSES[:2]), ([0, 1], [CLASSES[0]] * 2)])
def test_one_group_or_one_class_is_too_little(groups: list[int], classes: list[str]) -> None:
    with pytest.raises(BadSetting, match="two groups and two classes"):
        fit(np.zeros((2, len(FEATURES))), classes, groups, NOTHING, "x", None)


def test_a_class_that_never_came_is_no_fault() -> None:
    features, classes, groups = failures()
    kept = [n for n, one in enumerate(classes) if one in CLASSES[1:3]]
    told = fit(
        features[kept], [classes[n] for n in kept], [groups[n] for n in kept], NOTHING, "x", None
    )
    assert told["fitted"]["auroc"] is None
    json.dumps(told, allow_nan=False)


def test_auroc_counts_pairs_and_halves_ties() -> None:
    positive = np.array([True, True, False, False])
    assert auroc(np.array([3.0, 2.0, 1.0, 0.0]), positive) == 1
    assert auroc(np.array([1.0, 1.0, 1.0, 1.0]), positive) == 0.5
    assert auroc(np.array([3.0, 0.0, 1.0, 0.0]), positive) == pytest.approx(0.625)


def test_what_is_said_as_often_as_it_is_right_is_calibrated() -> None:
    chances = np.array([[0.75, 0.25, 0, 0]] * 4)
    assert calibration_error(chances, np.array([0, 0, 0, 1])) == pytest.approx(0)
    assert calibration_error(chances, np.array([1, 1, 1, 1])) == pytest.approx(0.75)
