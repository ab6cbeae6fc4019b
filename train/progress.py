"""Progress: a line now and then while a run trains, so that a long one is not silent."""

from __future__ import annotations

import time
from typing import Any

from transformers import TrainerCallback

from train.telling import Telling

SECONDS = 10.0  # between lines


class Progress(TrainerCallback):
    """Says the step, its loss, and how long the rest will take."""

    def __init__(self, tell: Telling, steps: int) -> None:
        self.tell, self.steps = tell, steps
        self.first, self.began, self.spoke = 0, 0.0, 0.0
        self.loss: float | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """The clock of this sitting."""
        self.first, self.began = state.global_step, time.monotonic()
        self.spoke = self.began

    def on_log(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Remember the newest loss."""
        self.loss = given["logs"].get("loss", self.loss)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """A line, where the last one is a while ago."""
        now, done = time.monotonic(), state.global_step - self.first
        if now - self.spoke < SECONDS or state.global_step == self.steps or self.loss is None:
            return
        self.spoke = now
        left = (now - self.began) / done * (self.steps - state.global_step)
        self.tell(
            "step {step} of {steps}, loss {loss}, about {left} s left",
            step=state.global_step, steps=self.steps, loss=f"{float(self.loss):.3g}",
            left=f"{left:.0f}",
        )  # fmt: skip
