"""Watch: what is told of a run while it goes on, and when it must stop."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from curate.errors import CurateError
from train.meter import Meter
from train.recipe import Recipe

METRICS = "metrics.jsonl"
TOLD = ("loss", "grad_norm", "learning_rate", "rewards/margins", "rewards/accuracies")


class Diverged(CurateError):
    """The loss is no number any more."""

    exit_code = 1


def must_be_finite(loss: float, step: int) -> None:
    """Diverged, with what to do, where a loss is no number."""
    if not math.isfinite(loss):
        raise Diverged(
            f"the loss became {loss} at step {step}; lower training.learning_rate, or set "
            "training.gradient_clip=1.0"
        )


class Watch(TrainerCallback):
    """Writes metrics.jsonl, measures dev loss, keeps the best state, ends a run in order."""

    def __init__(
        self,
        run: Path,
        recipe: Recipe,
        every: int,
        steps: int,
        dev_loss: Callable[[], float] | None,
    ) -> None:
        self.run, self.every, self.steps, self.dev_loss = run, every, steps, dev_loss
        self.epochs, self.seconds = recipe.training.epochs, recipe.training.max_seconds
        self.keep_best = recipe.training.save_checkpoint == "best"
        self.began = time.monotonic()
        self.best: float = math.inf
        self.stopped: str | None = None
        self.meter = Meter()

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Forget what was told of steps that the resumed state does not have."""
        self.began = time.monotonic()
        if state.is_world_process_zero:
            trim(self.run / METRICS, state.global_step)
            kept = best_states(self.run, state.global_step)
            self.best = min((loss for _, loss in kept), default=math.inf)

    def on_log(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """One line of metrics."""
        logs = given["logs"]
        told = {name: float(logs[name]) for name in TOLD if name in logs}
        must_be_finite(told.get("loss", 0.0), state.global_step)
        if told and (busy := self.meter.busy()) is not None:
            told["card_utilisation"] = busy
        if told and state.is_world_process_zero:
            self.tell(state.global_step, told)

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Dev loss at the end of each evaluation epoch, the meter, and the clock."""
        self.meter.read()
        if control.should_save:
            # A loss that is told is the mean since the last one told. A state does not hold what
            # has gone into that mean so far, so it must begin anew with the state.
            control.should_log = True
        last = state.global_step == self.steps
        if self.dev_loss and (state.global_step % self.every == 0 or last):
            loss = self.dev_loss()
            if state.is_world_process_zero:
                self.tell(state.global_step, {"dev_loss": loss})
                self.keep(given["model"], state.global_step, loss)
        if self.seconds and time.monotonic() - self.began > self.seconds and not last:
            self.stopped = f"training.max_seconds of {self.seconds:g} were over"
            control.should_training_stop = control.should_save = True

    def tell(self, step: int, values: dict[str, float]) -> None:
        """Append a line."""
        epoch = round(step * self.epochs / self.steps, 4)
        line = json.dumps({"step": step, "epoch": epoch, **values})
        with (self.run / METRICS).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def keep(self, model: Any, step: int, loss: float) -> None:
        """Keep the adapter with the lowest dev loss so far."""
        if self.keep_best and loss < self.best:
            self.best = loss
            folder = self.run / "checkpoints" / f"best-{step}"
            model.save_pretrained(folder)
            (folder / "dev_loss.json").write_text(json.dumps(loss), encoding="utf-8")


def best_states(run: Path, up_to: float = math.inf) -> list[tuple[Path, float]]:
    """States kept as the best so far, with their dev loss, lowest first; none after `up_to`."""
    found = []
    for folder in (run / "checkpoints").glob("best-*"):
        told = folder / "dev_loss.json"
        if int(folder.name.removeprefix("best-")) <= up_to and told.exists():
            found.append((folder, float(json.loads(told.read_text(encoding="utf-8")))))
    return sorted(found, key=lambda each: each[1])


def trim(file: Path, step: int) -> None:
    """Drop the lines after a step, and a line that a kill cut short."""
    if not file.exists():
        return
    kept = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if said["step"] <= step:
            kept.append(line + "\n")
    file.write_text("".join(kept), encoding="utf-8")
