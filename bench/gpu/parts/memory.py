"""Is the memory that `train plan` predicts the memory that training takes?

Random weights in the shape of Llama-2-7b, records of one length, so that every step is as large as
the largest. Measured is the most that torch had allocated at once while training, plus what else of
the card was in use at the last step: driver, libraries, states outside torch. A row holds where the
prediction is within 10 % of that.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.gpu.records import prepared
from bench.gpu.setting import MINIATURE, Row, Setting
from bench.gpu.trial import beside_torch, trial
from bench.gpu.weights import random_model
from train import shapes
from train.hardware import here
from train.memory import GB, Work
from train.memory import load as memory_of
from train.parameters import layout

WITHIN = 0.10
LENGTH, ROWS, STEPS = 512, 4, 4
CASES = (
    ("qlora-all-linear", False),
    ("qlora-all-linear", True),
    ("lora8", False),
    ("lora", False),
    ("lora", True),
    ("full", False),
    ("full", True),
)
"""(preset, activations recomputed), smallest first."""


def measure(setting: Setting) -> Iterator[Row]:
    """Predicted and measured, case by case."""
    shape = setting.either(MINIATURE, "llama-2-7b")
    length, rows = setting.either(32, LENGTH), setting.either(2, ROWS)
    made = layout(shapes.shape(shape))
    records = prepared([length] * rows * STEPS, made.vocabulary)
    on_card = here().device == "cuda"
    with random_model(shape, setting.scratch) as folder:
        for preset, recompute in setting.either(CASES[::3], CASES):
            recipe = setting.recipe(
                folder,
                f"model.gradient_checkpointing={str(recompute).lower()}",
                f"training.batch_size={rows}",
                f"tokenizer.max_length={length}",
                "training.optimizer=adamw_8bit",  # its states are torch's; paged ones are not
                "training.packing=off",
                "training.epochs=1",
                preset=preset,
            )
            beside: list[int] = []
            said = memory_of(made, recipe, recipe.method, Work(rows, length, recompute)).total

            def look(beside: list[int] = beside) -> float:
                beside.append(beside_torch() if on_card else 0)
                return 0.0

            done = trial(recipe, records, setting.scratch / f"memory-{preset}-{recompute}", look)
            took = done.peak + max(beside) if on_card else None
            yield {
                "method": recipe.method,
                "recomputed": recompute,
                "loss code": done.chosen["loss"],
                "predicted GB": said / GB,
                "measured GB": took / GB if took else None,
                "off by, %": 100 * (said / took - 1) if took else None,
                "holds": abs(said / took - 1) <= WITHIN if took else None,
            }
