"""Fitting: the coefficients of triage, from failures whose cause is known, and how good they are.

Multinomial logistic regression with a ridge, by Newton's method, so that the same failures give the
same coefficients. Temperature and figures come from failures that were held out, group by group (a
group is a seed, or a data set): Guo and others 2017.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from curate.errors import BadSetting
from curate.trace.likeness import Floats, Ints
from curate.trace.triage import CLASSES, DATA_CAUSED, FEATURES, FORMAT, Logistic, read

RIDGE = 1.0  # pull of every coefficient towards 0, in failures
STEPS = 50  # Newton's; it ends long before
CLOSE = 1e-9  # the largest step after which nothing moves any more
TEMPERATURES = np.exp(np.linspace(-1.5, 2.5, 81))
BINS = 10  # of the calibration error
DIGITS = 4


def fit(
    features: Floats, classes: Sequence[str], groups: Sequence[int | str], on: str, when: str | None
) -> dict[str, Any]:
    """The document of triage.json; BadSetting where the failures are of one group or one class.

    `features` has FEATURES as columns, NaN where one is missing; `on` and `when` say of the fit
    what it was made from.
    """
    if len(set(groups)) < 2 or len(set(classes)) < 2:
        raise BadSetting("triage is fitted on failures of two groups and two classes at least")
    truth = np.array([CLASSES.index(one) for one in classes])
    held = held_out(features, truth, np.array(groups))
    temperature = calmest(held, truth)
    chances = softmax(held / temperature)
    caused = CLASSES.index(DATA_CAUSED)
    figures = {
        "auroc": auroc(chances[:, caused], truth == caused),
        "accuracy": round(float((chances.argmax(1) == truth).mean()), DIGITS),
        "calibration_error": round(calibration_error(chances, truth), DIGITS),
    }
    return document(fitted(features, truth), temperature, {
        "on": on, "when": when, "failures": len(truth), "groups": len(set(groups)),
        "counts": dict(sorted(Counter(classes).items())), **figures,
    })  # fmt: skip


def fitted(features: Floats, truth: Ints) -> Logistic:
    """The coefficients, at temperature 1."""
    measured = ~np.isnan(features).all(axis=0)
    center, scale = np.zeros(features.shape[1]), np.ones(features.shape[1])
    center[measured] = np.nanmean(features[:, measured], axis=0)
    scale[measured] = np.nanstd(features[:, measured], axis=0)
    scale[scale < CLOSE] = 1.0
    known = np.nan_to_num((features - center) / scale)
    ones = np.hstack([known, np.ones((len(known), 1))])
    wanted = np.eye(len(CLASSES))[truth]
    found = np.zeros((len(CLASSES), ones.shape[1]))
    for _ in range(STEPS):
        step = newton(found, ones, wanted)
        found -= step
        if np.abs(step).max() < CLOSE:
            break
    return Logistic(center, scale, found[:, :-1], found[:, -1], 1.0, {})


def newton(at: Floats, ones: Floats, wanted: Floats) -> Floats:
    """The step from these coefficients towards the best ones."""
    chances = softmax(ones @ at.T)
    slope = (chances - wanted).T @ ones + RIDGE * at
    size = at.size
    shared = np.einsum("nk,nl->nkl", chances, -chances)
    shared[:, range(len(CLASSES)), range(len(CLASSES))] += chances
    bent = np.einsum("nkl,ni,nj->kilj", shared, ones, ones).reshape(size, size)
    found: Floats = np.linalg.solve(bent + RIDGE * np.eye(size), slope.ravel()).reshape(at.shape)
    return found


def held_out(features: Floats, truth: Ints, groups: Any) -> Floats:
    """The logits of every failure by coefficients that have not seen its group."""
    found = np.zeros((len(truth), len(CLASSES)))
    for group in np.unique(groups):
        mine = groups == group
        chances = fitted(features[~mine], truth[~mine]).probabilities(features[mine])
        found[mine] = np.log(np.maximum(chances, 1e-12))
    return found


def calmest(logits: Floats, truth: Ints) -> float:
    """The temperature under which the truth is likeliest."""
    losses = [-np.log(softmax(logits / t)[range(len(truth)), truth]).mean() for t in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), DIGITS)


def softmax(logits: Floats) -> Floats:
    """Rows of logits as rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = powers / powers.sum(axis=1, keepdims=True)
    return found


def auroc(scores: Floats, positive: Any) -> float | None:
    """How often a positive one scores above a negative one, ties half; None without either."""
    above, below = scores[positive], scores[~positive]
    if not len(above) or not len(below):
        return None
    higher = (above[:, None] > below).mean() + (above[:, None] == below).mean() / 2
    return round(float(higher), DIGITS)


def calibration_error(chances: Floats, truth: Ints) -> float:
    """Expected calibration error of what is said: |probability - share right|, over ten bins."""
    top, right = chances.max(axis=1), chances.argmax(axis=1) == truth
    bins = np.minimum((top * BINS).astype(int), BINS - 1)
    each = [(bins == n).mean() * abs(top[bins == n].mean() - right[bins == n].mean())
            for n in np.unique(bins)]  # fmt: skip
    return float(sum(each))


def document(found: Logistic, temperature: float, told: dict[str, Any]) -> dict[str, Any]:
    """Coefficients as triage.json keeps them."""
    made = {
        "format": FORMAT,
        "fitted": told,
        "temperature": temperature,
        "features": {
            name: {"center": round(float(c), DIGITS), "scale": round(float(s), DIGITS)}
            for name, c, s in zip(FEATURES, found.center, found.scale, strict=True)
        },
        "classes": {
            name: {"bias": round(float(bias), DIGITS)}
            | {f: round(float(w), DIGITS) for f, w in zip(FEATURES, weights, strict=True)}
            for name, bias, weights in zip(CLASSES, found.bias, found.weights, strict=True)
        },
    }
    read(made)  # what cannot be read again is not handed out
    return made
