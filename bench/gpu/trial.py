"""A trial: one training, by the functions that `train run` trains with, and what it cost."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from train.fit import Fitted, fit, further_choices, schedule
from train.hardware import peak_bytes
from train.model import Loaded, load
from train.prepared import Prepared
from train.recipe import Recipe
from train.watch import METRICS

WARM_STEPS = 4
"""Steps in which libraries choose and compile their kernels."""


@dataclass(frozen=True)
class Trial:
    """What a training chose, did and took; its model is gone."""

    losses: tuple[float, ...]
    """Of every step."""
    fitted: Fitted
    peak: int
    """Most bytes held; of the card, or of the process where there is none."""
    chosen: Mapping[str, str]
    seen: Any
    """What was asked of the trained model."""

    @property
    def speed(self) -> float:
        """Tokens a second, padding left out."""
        return self.fitted.tokens / self.fitted.seconds


def trial(
    recipe: Recipe,
    prepared: Prepared,
    run: Path,
    at_evaluation: Callable[[], float] | None = None,
    look: Callable[[Loaded], Any] = lambda _: None,
    warm: bool = False,
) -> Trial:
    """Train, after a few untimed steps if `warm`; `look` at the model before it goes."""
    run.mkdir(parents=True, exist_ok=True)
    forget()
    loaded = load(recipe)
    found = [*loaded.choices, *further_choices(loaded, prepared, recipe)]
    chosen = {choice.setting: choice.value for choice in found}
    plan = schedule(prepared, recipe, chosen["packing"] == "on")
    if warm:
        few = replace(plan, order=plan.order[:WARM_STEPS], steps=WARM_STEPS)
        fit(loaded, prepared, recipe, chosen.__getitem__, few, warming(run))
    forget()
    fitted = fit(loaded, prepared, recipe, chosen.__getitem__, plan, run, at_evaluation)
    peak = peak_bytes(loaded.device)
    return Trial(losses(run), fitted, peak, chosen, look(loaded))


def warming(run: Path) -> Path:
    """The folder of the untimed steps."""
    made = run / "warm"
    made.mkdir()
    return made


def losses(run: Path) -> tuple[float, ...]:
    """The training losses of a run's metrics."""
    lines = (run / METRICS).read_text(encoding="utf-8").splitlines()
    said = [json.loads(line) for line in lines]
    return tuple(line["loss"] for line in said if "loss" in line)


def forget() -> None:
    """Give back what earlier trials held, and begin to measure the peak anew."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def beside_torch() -> int:
    """Bytes of the card that are in use and not torch's: driver, libraries, paged states."""
    import torch

    free, total = torch.cuda.mem_get_info()
    return int(total - free - torch.cuda.memory_reserved())
