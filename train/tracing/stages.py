"""Stages: where tracing has its place in a run, before training and after evaluation."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from train import folder
from train.answers import Answers
from train.approved import Approved
from train.errors import BadModel
from train.failures import read_failures
from train.fit import Fitted
from train.model import Loaded
from train.prepared import Prepared
from train.recipe import Recipe
from train.telling import Telling
from train.tracing import unlearnt, written
from train.tracing.asking import Model, look_into
from train.tracing.capture import why_not

UNMEASURED = "evaluate.before_training is false, so no loss of the base model is known"


def before_training(
    place: Path, recipe: Recipe, loaded: Loaded, prepared: Prepared, tell: Telling
) -> None:
    """What the base knows of the records, or why nothing is traced."""
    why = why_not(recipe, loaded.model)
    if why:
        untraced(place, why, tell)
    elif recipe.evaluate.before_training and not (place / unlearnt.FILE).exists():
        began = time.monotonic()
        unlearnt.measure(place, recipe, loaded, prepared.encoded, tell)
        folder.tell(place, trace={"seconds": {"before": round(time.monotonic() - began, 2)}})


def after_evaluation(
    place: Path,
    approved: Approved,
    model: Model,
    prepared: Prepared,
    fitted: Fitted,
    answers: Answers,
    tell: Telling,
) -> None:
    """traces/: what leads from each wrong answer back to the records, and its part in run.json."""
    captured = fitted.captured
    if captured is None:
        return
    if not captured.moments:
        says = "the run stopped before a third of its epochs"
        untraced(place, says, tell)
        return
    began, found = time.monotonic(), read_failures(place / "failures.parquet")
    tell("looking into {n} wrong answers", n=min(len(found), model.recipe.trace.failures))
    try:
        looked = look_into(place, model, approved, captured, found, answers.baseline)
    except BadModel as error:  # the run is what it is, traced or not
        untraced(place, str(error), tell)
        return
    known = unlearnt.measured(place, len(prepared.encoded))
    said = written.write(place, approved, prepared, fitted, known, looked)
    seconds = {
        **folder.told(place).get("trace", {}).get("seconds", {}),
        "capturing": round(captured.seconds, 2),
        "asking": round(time.monotonic() - began, 2),
    }
    notes = [] if (place / unlearnt.FILE).exists() else [UNMEASURED]
    folder.tell(place, trace={"enabled": True, **said, "seconds": seconds, "notes": notes})
    tell(
        "traced {n} records at {moments} checkpoints while they were trained, in packed rows each "
        "by its own tokens, for {share} of the time of training",
        n=len(np.unique(captured.visits["record"])), moments=len(captured.moments),
        share=f"{said['share_of_time']:.1%}",
    )  # fmt: skip


def untraced(place: Path, why: str, tell: Telling) -> None:
    """Say that there will be no traces."""
    tell("nothing is traced: {why}", why=tell.t(why))
    folder.tell(place, trace={"enabled": False, "why": why})
