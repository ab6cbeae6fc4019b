"""Advice: worked examples in the prompt, retrieval, fine-tuning, or two of them.

Eight questions, each pulling towards some of the ways; the reasons are kept with the answers. The
figures of a run are stronger than any of them: what a few examples in the prompt already do, and
what training added.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from curate.errors import BadSetting, unknown
from train.errors import BadRecipe

Way = Literal["few-shot", "retrieval", "fine-tuning"]
WAYS: tuple[Way, ...] = ("few-shot", "retrieval", "fine-tuning")
SIMPLEST_FIRST = "the simplest way that does it comes first"
ENOUGH = 1.0
"""Points of chrF that count as a difference."""
HALF = 0.5
"""Share of exactly right answers below which little data has been seen to gain much: Meta's guide
to adapting models names 34 % to 85 %, and 48 % to 73 % with a hundred examples."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with yes and no; each answer pulls and says why."""

    name: str
    asks: str
    yes: Mapping[Way, int]
    no: Mapping[Way, int]
    why_yes: str
    why_no: str


QUESTIONS = (
    Question(
        "knowledge",
        "Must answers use knowledge that is in documents and not in the model?",
        {"retrieval": 2},
        {"fine-tuning": 1},
        "documents are looked up better than learnt: training teaches a manner, rarely facts",
        "nothing has to be looked up",
    ),
    Question(
        "tone",
        "Must answers keep a tone, a format or a vocabulary that prompts do not bring about?",
        {"fine-tuning": 2},
        {"few-shot": 1},
        "tone and format are what fine-tuning teaches best",
        "a prompt brings about the tone already",
    ),
    Question(
        "invention",
        "Would an invented fact do harm?",
        {"retrieval": 2},
        {"few-shot": 1},
        "an answer from a document can be checked against it",
        "a wrong detail does no harm",
    ),
    Question(
        "examples",
        "Are there at least 100 examples that people have approved?",
        {"fine-tuning": 2},
        {"few-shot": 2},
        "a hundred good examples can be enough to learn from",
        "too few to learn from; a handful fits into the prompt",
    ),
    Question(
        "changing",
        "Does what is true change within weeks?",
        {"retrieval": 2, "few-shot": 1},
        {"fine-tuning": 1},
        "documents can be replaced at once, a model must be trained again",
        "what is learnt stays true",
    ),
    Question(
        "sources",
        "Must an answer say where it comes from?",
        {"retrieval": 2},
        {},
        "only retrieval knows its source",
        "no source has to be named",
    ),
    Question(
        "cost",
        "Are there so many requests that long prompts cost too much or take too long?",
        {"fine-tuning": 2},
        {"few-shot": 1},
        "what is learnt need not stand in every prompt",
        "longer prompts can be paid",
    ),
    Question(
        "tasks",
        "Is it one narrow task, rather than many different ones?",
        {"fine-tuning": 1},
        {"few-shot": 1, "retrieval": 1},
        "a small model can learn one task well",
        "many tasks would each need examples and an adapter",
    ),
)


@dataclass(frozen=True, slots=True)
class Advice:
    """The way to go, the weight of each, and why."""

    answers: Mapping[str, bool]
    weights: Mapping[Way, int]
    ways: tuple[Way, ...]
    """One, or retrieval and another."""
    reasons: tuple[str, ...]
    figures: tuple[tuple[str, Mapping[str, Any]], ...]
    """(sentence, what fills it) about the run that was named."""

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "answers": dict(self.answers),
            "weights": dict(self.weights),
            "advice": list(self.ways),
            "reasons": list(self.reasons),
            "figures": [says.format(**args) for says, args in self.figures],
        }


def advise(answers: Mapping[str, bool], run: Path | None = None) -> Advice:
    """Weigh the answers; BadSetting where one is missing or is to no question."""
    names = [question.name for question in QUESTIONS]
    for name in answers:
        if name not in names:
            raise BadSetting(unknown("question", name, names))
    if missing := [name for name in names if name not in answers]:
        raise BadSetting(f"no answer to {', '.join(missing)}; say NAME=yes or NAME=no")
    weights: dict[Way, int] = dict.fromkeys(WAYS, 0)
    reasons = []
    for question in QUESTIONS:
        said = answers[question.name]
        for way, weight in (question.yes if said else question.no).items():
            weights[way] += weight
        reasons.append(question.why_yes if said else question.why_no)
    return Advice(
        answers, weights, chosen(weights, answers), tuple(reasons), figures(run) if run else ()
    )


def chosen(weights: Mapping[Way, int], answers: Mapping[str, bool]) -> tuple[Way, ...]:
    """The heaviest way, of equals the simplest; retrieval always where only it can do something."""
    first = min(WAYS, key=lambda way: (-weights[way], WAYS.index(way)))
    if first == "retrieval" or not (answers["knowledge"] or answers["sources"]):
        return (first,)
    return ("retrieval", first)


def figures(run: Path) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """What a run measured: a few examples in the prompt against training."""
    file = run / "run.json"
    if not file.is_file():
        raise BadRecipe(f"{run} is no run: it holds no run.json")
    said = json.loads(file.read_bytes())
    scores = {kind: mean(said, kind, "chrf") for kind in ("baseline", "few_shot", "tuned")}
    shown = {kind: "?" if score is None else f"{score:.1f}" for kind, score in scores.items()}
    lines: list[tuple[str, Mapping[str, Any]]] = [
        (
            "chrF on dev: {baseline} without examples, {few_shot} with a few in the prompt, "
            "{tuned} after training",
            shown,
        )
    ]
    few, tuned = scores["few_shot"], scores["tuned"]
    if few is not None and tuned is not None:
        better = "training did better than a few examples in the prompt"
        same = "a few examples in the prompt did as well as training; they are simpler"
        lines.append((better if tuned > few + ENOUGH else same, {}))
    right = mean(said, "baseline", "exact_match")
    if right is not None:
        below = (
            "before training {share} % of the dev answers are exactly right; below one half, a few "
            "hundred good records often gain much"
        )
        above = (
            "before training {share} % of the dev answers are exactly right already; what is left "
            "is to be gained from the failures, not from more of the same"
        )
        lines.append((below if right < HALF else above, {"share": f"{right * 100:.0f}"}))
    return tuple(lines)


def mean(said: Mapping[str, Any], kind: str, metric: str) -> float | None:
    """The mean of a measure of one kind of answers on dev."""
    found = said.get("results", {}).get("dev", {}).get(kind, {}).get(metric)
    return float(found) if found is not None else None
