"""What tracing costs: the same recipe trained with and without it, in turns, in CPU seconds.

usage: python -m bench.tracing [--model MODEL] [--records N] [--tokens N] [--epochs N] [--rounds N]

The model is smollm2-135m-instruct where its weights are here, else tiny. Of three epochs all are
kept, which is the dearest case: of thirty it is a tenth of them. One JSON line; `aim` is the most
that training may take with tracing, times what it takes without. `before` is the pass over all
records by the base model, which a run that answers before training makes once.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.gpu.records import prepared
from train.backbones import SMOLLM2, TINY, backbone
from train.errors import BadModel
from train.fit import Fitted, fit, further_choices, schedule
from train.model import load
from train.quiet import quiet
from train.recipe import load as recipe_of
from train.telling import Telling, silent
from train.tracing import unlearnt

AIM = 1.2
SEED = 11


def usable(named: str | None) -> str:
    """The model, or the tiny one where no other is here."""
    try:
        backbone(named or SMOLLM2)
    except BadModel:
        if named:
            raise
        return TINY
    return named or SMOLLM2


def trained(asked: argparse.Namespace, model: str, traced: bool) -> dict[str, Any]:
    """CPU seconds of one training, and what its trace took."""
    changes = (
        f"model.llm_backbone={model}", f"trace.enabled={'auto' if traced else 'false'}",
        f"training.epochs={asked.epochs}", "training.packing=off",
        "training.save_checkpoint=disable",
    )  # fmt: skip
    recipe = recipe_of("lora", changes)
    loaded = load(recipe)
    lengths = [asked.tokens + n % 8 for n in range(asked.records)]
    records = prepared(lengths, len(loaded.tokenizer), SEED)
    values = {each.setting: each.value for each in further_choices(loaded, records, recipe)}
    chosen = {each.setting: each.value for each in loaded.choices} | values
    with tempfile.TemporaryDirectory() as folder:
        place, before = Path(folder), 0.0
        if traced:
            telling = Telling(silent, str)
            before, _ = timed(
                lambda: unlearnt.measure(place, recipe, loaded, records.encoded, telling)
            )
        plan = schedule(records, recipe, packed=False)
        cpu, fitted = timed(lambda: fit(loaded, records, recipe, chosen.__getitem__, plan, place))
    return {"cpu": cpu, "before": before, "share": share(fitted), "steps": fitted.steps}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process, all threads together, and what the work made."""
    began = time.process_time()
    made = work()
    return time.process_time() - began, made


def share(fitted: Fitted) -> float | None:
    """The part of the time of training that capturing took by its own clock."""
    return fitted.captured.seconds / fitted.seconds if fitted.captured else None


def main() -> int:
    """1 where it costs more than the aim."""
    words = argparse.ArgumentParser("bench.tracing", description=__doc__)
    words.add_argument("--model", help="a folder or a name; smollm2 where it is here, else tiny")
    words.add_argument("--records", type=int, default=32)
    words.add_argument("--tokens", type=int, default=96, help="of the shortest record")
    words.add_argument("--epochs", type=int, default=3)
    words.add_argument("--rounds", type=int, default=3)
    asked = words.parse_args()
    with quiet():
        model = usable(asked.model)
        turns = [
            {kind: trained(asked, model, kind == "with") for kind in ("without", "with")}
            for _ in range(asked.rounds)
        ]
    means = {kind: fmean(turn[kind]["cpu"] for turn in turns) for kind in ("without", "with")}
    said = {
        "model": model, "records": asked.records, "tokens": asked.tokens, "epochs": asked.epochs,
        "steps": turns[0]["with"]["steps"],
        "without_s": [round(turn["without"]["cpu"], 2) for turn in turns],
        "with_s": [round(turn["with"]["cpu"], 2) for turn in turns],
        "ratio": round(means["with"] / means["without"], 3), "aim": AIM,
        "share_of_time": round(fmean(turn["with"]["share"] for turn in turns), 3),
        "before_s": [round(turn["with"]["before"], 2) for turn in turns],
    }  # fmt: skip
    sys.stdout.write(json.dumps(said) + "\n")
    return 0 if said["ratio"] <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
