"""Fitting: the coefficients of triage, from failures whose cause is known, and how good they are.

Multinomial logistic regression around coefficients that there were before (a ridge, so that a few
hundred failures of one kind of data do not make forget what is known of others), by Newton's
method, so that the same failures give the same coefficients. Temperature and figures come from
failures that were held out, group by group (a group is a seed, or a data set): Guo and others 2017.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from curate.errors import BadSetting
from curate.trace.likeness import Floats, Ints
from curate.trace.triage import CLASSES, DATA_CAUSED, FEATURES, FORMAT, Logistic, read

RIDGE = 30.0  # pull of every coefficient to where it was, in failures
OF_BIAS = 1.0  # the same of a class's own share
STEPS = 100  # Newton's; it ends long before
HALVES = 30  # of one step, until it leads down
CLOSE = 1e-9  # what a step takes off, below which nothing moves any more
TEMPERATURES = np.exp(np.linspace(-1.5, 2.5, 81))
TINIEST = 1e-12
BINS = 10  # of the calibration error
DIGITS = 4


def fit(
    features: Floats, classes: Sequence[str], groups: Sequence[int | str], prior: Logistic,
    on: str, when: str | None,
) -> dict[str, Any]:  # fmt: skip
    """The document of triage.json; BadSetting where the failures are of one group or one class.

    `features` has FEATURES as columns, NaN where one is missing; `on` and `when` say of the fit
    what it was made from.
    """
    if len(set(groups)) < 2 or len(set(classes)) < 2:
        raise BadSetting("triage is fitted on failures of two groups and two classes at least")
    truth = np.array([CLASSES.index(one) for one in classes])
    held = held_out(features, truth, np.array(groups), prior)
    temperature = calmest(held, truth)
    chances = softmax(held / temperature)
    caused = CLASSES.index(DATA_CAUSED)
    figures = {
        "auroc": auroc(chances[:, caused], truth == caused),
        "accuracy": round(float((chances.argmax(1) == truth).mean()), DIGITS),
        "calibration_error": round(calibration_error(chances, truth), DIGITS),
    }
    return document(fitted(features, truth, prior), temperature, {
        "on": on, "when": when, "failures": len(truth), "groups": len(set(groups)),
        "counts": dict(sorted(Counter(classes).items())), **figures,
    })  # fmt: skip


def fitted(features: Floats, truth: Ints, prior: Logistic) -> Logistic:
    """The coefficients, at temperature 1; features are centred and scaled as the prior's are."""
    known = np.nan_to_num((features - prior.center) / prior.scale)
    ones = np.hstack([known, np.ones((len(known), 1))])
    there = np.hstack([prior.weights, prior.bias[:, None]])
    found, before = there, unlikely(there, ones, truth, there)
    for _ in range(STEPS):
        step = newton(found, ones, truth, there)
        for half in range(HALVES):
            tried = found - step / 2**half
            after = unlikely(tried, ones, truth, there)
            if after < before:
                break
        if before - after < CLOSE:
            break
        found, before = tried, after
    return Logistic(prior.center, prior.scale, found[:, :-1], found[:, -1], 1.0, {})


def pulls(at: Floats) -> Floats:
    """How strongly each coefficient is held; the last of a class is its bias."""
    return np.tile([*[RIDGE] * (at.shape[1] - 1), OF_BIAS], (len(at), 1))


def unlikely(at: Floats, ones: Floats, truth: Ints, there: Floats) -> float:
    """What is minimised: minus the log of the truth's likelihood, and the pull to the prior."""
    logits = ones @ at.T
    wholes = np.logaddexp.reduce(logits, axis=1) - logits[range(len(truth)), truth]
    return float(wholes.sum() + (pulls(at) * (at - there) ** 2).sum() / 2)


def newton(at: Floats, ones: Floats, truth: Ints, there: Floats) -> Floats:
    """The step from these coefficients towards the best ones."""
    chances = softmax(ones @ at.T)
    slope = (chances - np.eye(len(CLASSES))[truth]).T @ ones + pulls(at) * (at - there)
    size = at.size
    shared = np.einsum("nk,nl->nkl", chances, -chances)
    shared[:, range(len(CLASSES)), range(len(CLASSES))] += chances
    bent = np.einsum("nkl,ni,nj->kilj", shared, ones, ones).reshape(size, size)
    curve = bent + np.diag(pulls(at).ravel())
    found: Floats = np.linalg.solve(curve, slope.ravel()).reshape(at.shape)
    return found


def held_out(features: Floats, truth: Ints, groups: Any, prior: Logistic) -> Floats:
    """The logits of every failure by coefficients that have not seen its group."""
    found = np.zeros((len(truth), len(CLASSES)))
    for group in np.unique(groups):
        mine = groups == group
        chances = fitted(features[~mine], truth[~mine], prior).probabilities(features[mine])
        found[mine] = np.log(np.maximum(chances, TINIEST))
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
