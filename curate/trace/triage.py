"""Triage: what a failure most likely comes from, with a probability; tracing comes after it.

A trace of a failure that the data did not cause names innocent records. So each failure is first
told apart by what the model says when it is asked again and by what the training records teach: a
multinomial logistic whose coefficients are data (triage.json: where and on what they were fitted).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from curate.errors import BadSetting
from curate.trace.evidence import Evidence
from curate.trace.likeness import Floats, alike, same
from curate.trace.reading import TracedRun

FORMAT = "curate-triage/1"
CLASSES = ("data-caused", "not-covered", "under-trained", "reference-doubtful")
DATA_CAUSED = CLASSES[0]
COULD_NOT_TELL = "could-not-tell"
SURE = 0.6  # probability from which a failure is told apart although something was not measured
AROUND = 5  # training records with the nearest prompts that are heard
CLEARLY = 0.1  # likeness by which an answer is rather one than another
LEAST_LEARNT = 0.01  # nats a token; where training took off less, nothing is measured by it

FEATURES = {
    "base_right": "1 where the base model, adapter off, answers rightly",
    "base_says_wrong": "likeness of the base model's answer to the wrong answer, 0 to 1",
    "same_wrong": "share of the paraphrases that get the same wrong answer",
    "variation": "how unlike each other the sampled answers are, 0 to 1",
    "sure": "how sure it is of the wrong answer: 0 as of a record before training, 1 as after",
    "preference": "by how much it prefers the wrong answer to the reference, on the same scale",
    "nearest": "likeness of the nearest training prompt, 0 to 1",
    "teaches_wrong": "most of likeness of prompt x likeness of answer to the wrong answer",
    "teaches_right": "the same to the reference",
    "wrong_said": "most of likeness of a training answer to the wrong answer, whatever was asked",
    "right_said": "the same to the reference",
    "contradiction": "how unlike each other the answers of the nearest records are, 0 to 1",
    "agreeing": "share of the nearest records whose answer is clearly rather the wrong one",
    "pushed": "highest cosine of a record's gradient with that of the wrong answer",
    "stands_out": "the same in standard deviations of the cosines of all records",
    "opposed": "how far the record that pulls most against the wrong answer does so, 0 to 1",
    "pusher_near": "likeness of the prompt of the record that pushes most, the nearest's being 1",
    "pusher_says": "likeness of that record's answer to the wrong answer, 0 to 1",
}
"""Feature -> what it measures. NaN: not measured."""


@dataclass(frozen=True, slots=True)
class Triage:
    """What a failure most likely comes from."""

    said: str  # one of CLASSES, or COULD_NOT_TELL
    probabilities: Mapping[str, float]
    features: Mapping[str, float]  # without those that were not measured

    @property
    def probability(self) -> float:
        """Of what is said; where it could not be told, of the likeliest."""
        return self.probabilities.get(self.said, max(self.probabilities.values()))

    @property
    def traceable(self) -> bool:
        """Whether a trace may be believed."""
        return self.said in (DATA_CAUSED, COULD_NOT_TELL)

    @property
    def missing(self) -> list[str]:
        """What was not measured."""
        return [name for name in FEATURES if name not in self.features]


@dataclass(frozen=True)
class Logistic:
    """The coefficients: features are centred and scaled, then weighed; what is missing is 0."""

    center: Floats
    scale: Floats
    weights: Floats  # a row for each class, a column for each feature
    bias: Floats
    temperature: float
    fitted: Mapping[str, Any]

    def probabilities(self, features: Floats) -> Floats:
        """Of each class (columns) for each failure (rows)."""
        known = np.nan_to_num((features - self.center) / self.scale)
        raised = (known @ self.weights.T + self.bias) / self.temperature
        powers = np.exp(raised - raised.max(axis=1, keepdims=True))
        found: Floats = powers / powers.sum(axis=1, keepdims=True)
        return found


@cache
def shipped() -> Logistic:
    """The coefficients that come with this version."""
    return read(json.loads((files("curate.trace") / "triage.json").read_bytes()))


def read(told: Mapping[str, Any]) -> Logistic:
    """Coefficients from their file; BadSetting where it is of another format or lacks one."""
    if told.get("format") != FORMAT:
        raise BadSetting(f"triage coefficients of format {told.get('format')!r}; needed: {FORMAT}")
    if lacking := set(FEATURES) - set(told["features"]) or set(CLASSES) - set(told["classes"]):
        raise BadSetting(f"triage coefficients without {', '.join(sorted(lacking))}; fit them anew")
    scales = [told["features"][name] for name in FEATURES]
    classes = [told["classes"][name] for name in CLASSES]
    return Logistic(
        np.array([one["center"] for one in scales], float),
        np.array([one["scale"] for one in scales], float),
        np.array([[one[name] for name in FEATURES] for one in classes], float),
        np.array([one["bias"] for one in classes], float),
        float(told["temperature"]),
        told["fitted"],
    )


def triaged(
    run: TracedRun, failures: pl.DataFrame, evidence: Evidence, by: Logistic | None = None
) -> list[Triage]:
    """What each failure most likely comes from."""
    measured = features(run, failures, evidence)
    found = (by or shipped()).probabilities(measured)
    return [told_apart(row, chances) for row, chances in zip(measured, found, strict=True)]


def told_apart(measured: Floats, chances: Floats) -> Triage:
    """The likeliest class; where something is missing, only one that is likely enough."""
    known = {n: float(v) for n, v in zip(FEATURES, measured, strict=True) if not np.isnan(v)}
    likeliest = int(np.argmax(chances))
    sure = len(known) == len(FEATURES) or chances[likeliest] >= SURE
    said = CLASSES[likeliest] if sure else COULD_NOT_TELL
    return Triage(said, dict(zip(CLASSES, map(float, chances), strict=True)), known)


def features(run: TracedRun, failures: pl.DataFrame, evidence: Evidence) -> Floats:
    """FEATURES (columns) of each failure (rows); NaN where one was not measured."""
    asked = {} if run.traces is None else dict(
        zip(run.traces.asked["record_id"], run.traces.asked.iter_rows(named=True), strict=True)
    )  # fmt: skip
    answers = run.records["answer"].to_list()
    scale = learnt(run.traces.signals) if run.traces else None
    rows = [
        {
            **taught(evidence, n, answers),
            **pushing(evidence, n),
            **said_again(failure["answer"] or "", asked.get(failure["record_id"], {}), scale),
        }
        for n, failure in enumerate(failures.iter_rows(named=True))
    ]
    return np.array([[row.get(name, np.nan) for name in FEATURES] for row in rows], float).reshape(
        -1, len(FEATURES)
    )


def taught(evidence: Evidence, n: int, answers: Sequence[str]) -> dict[str, float]:
    """What the training records say to failure number n."""
    prompts, wrong, right = evidence.prompts[n], evidence.wrong[n], evidence.right[n]
    if not len(prompts):
        return {}
    near = np.argsort(-prompts, kind="stable")[:AROUND]
    near = near[prompts[near] > 0]
    heard = [answers[at] for at in near]
    return {
        "nearest": float(prompts.max()),
        "teaches_wrong": float((prompts * wrong).max()),
        "teaches_right": float((prompts * right).max()),
        "wrong_said": float(wrong.max()),
        "right_said": float(right.max()),
        "contradiction": unlike(heard),
        "agreeing": float((wrong[near] - right[near] >= CLEARLY).mean()) if len(near) else 0.0,
    }


def pushing(evidence: Evidence, n: int) -> dict[str, float]:
    """What the gradients of the training records say of failure number n."""
    cosines = evidence.gradient[n]
    if np.isnan(cosines).all():
        return {}
    first, prompts = int(np.nanargmax(cosines)), evidence.prompts[n]
    spread, nearest = float(np.nanstd(cosines)), float(prompts.max())
    return {
        "pushed": float(cosines[first]),
        "stands_out": float(cosines[first]) / spread if spread > 0 else 0.0,
        "opposed": max(0.0, -float(np.nanmin(cosines))),
        "pusher_near": float(prompts[first]) / nearest if nearest > 0 else 0.0,
        "pusher_says": float(evidence.wrong[n, first]),
    }


def learnt(signals: pl.DataFrame) -> tuple[float, float] | None:
    """Loss of a usual record before training and after it, nats a token; None where it is known of
    none, or hardly fell. Losses of models differ too much to be compared as they are.
    """
    losses = pl.col("losses").list
    before = pl.coalesce(pl.col("base_loss").fill_nan(None), losses.first())
    first, last = signals.select(before.median(), last=losses.last().median()).row(0)
    return None if first is None or last is None or first - last < LEAST_LEARNT else (first, last)


def said_again(
    answer: str, asked: Mapping[str, Any], scale: tuple[float, float] | None
) -> dict[str, float]:
    """What the model says when it is asked again, and how sure it is of its wrong answer."""
    found = dict[str, float]()
    if asked.get("base_right") is not None:
        found["base_right"] = float(asked["base_right"])
    if asked.get("base_answer") is not None:
        found["base_says_wrong"] = alike(asked["base_answer"], answer)
    if asked.get("answers"):
        others = asked["answers"]
        found["same_wrong"] = sum(same(answer, one) for one in others) / len(others)
    if asked.get("sampled"):
        found["variation"] = unlike([answer, *asked["sampled"]])
    losses = asked.get("wrong_loss"), asked.get("reference_loss")
    if scale is not None and losses[0] is not None:
        before, after = scale
        found["sure"] = (before - losses[0]) / (before - after)
        if losses[1] is not None:
            found["preference"] = (losses[1] - losses[0]) / (before - after)
    return found


def unlike(texts: Sequence[str]) -> float:
    """1 less the mean likeness of each two texts; 0 where there are fewer than two."""
    pairs = list(combinations(texts, 2))
    return 1 - sum(alike(*pair) for pair in pairs) / len(pairs) if pairs else 0.0
