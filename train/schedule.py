"""Schedule: steps, tokens and time of a run, as far as its records tell.

Time is arithmetic: 2 operations a weight and token forwards, 2 backwards for activations and 2 more
for weights that are trained, over a share of what a card computes in 16 bits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from train.intent import Intent

REACHED = 0.3
"""Share of a card's arithmetic that training reaches."""
NF4_COST = 1.4
"""How much slower 4-bit weights are: H2O LLM Studio needs 34:06 where bfloat16 takes 23:36."""
SPEED = {"16": 65e12, "24": 125e12, "40": 312e12, "80": 312e12, "141": 989e12, "cpu": 0.33e12}
"""16-bit operations a second: T4, A10, A100, A100, H200; two cores of a server's CPU."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What will pass through the model."""

    records: int
    steps: int
    steps_per_epoch: int
    tokens_per_epoch: int
    trained_per_epoch: int
    """Tokens that the loss sees."""
    padding: float
    """Share of what is computed for nothing, where a batch is as long as its longest record."""
    longest: int
    median: int
    seconds: Mapping[str, float]
    """By card, about."""

    def document(self) -> dict[str, Any]:
        """As JSON."""
        names = ("records", "steps", "steps_per_epoch", "tokens_per_epoch", "trained_per_epoch")
        return {
            **{name: getattr(self, name) for name in names},
            "padding": round(self.padding, 4),
            "longest": self.longest,
            "median": self.median,
            "seconds": {card: round(value, 1) for card, value in self.seconds.items()},
        }


def of(intent: Intent) -> Schedule | None:
    """The schedule of an intent with a template; None where no record is left to train."""
    training, wanted = intent.recipe.training, intent.recipe.dataset.sample
    kept = [each for each in intent.encoded if each.cut in (None, "prompt") and any(each.trained)]
    kept = kept[: wanted.n] if wanted else kept
    if not kept:
        return None
    lengths = sorted(len(each.ids) for each in kept)
    size = training.batch_size
    groups = [lengths[n : n + size] for n in range(0, len(lengths), size)]
    padded = sum(len(group) * group[-1] for group in groups)
    batches = len(lengths) // size if training.drop_last_batch else math.ceil(len(lengths) / size)
    per_epoch = math.ceil(batches / training.grad_accumulation)
    tokens = sum(lengths)
    return Schedule(
        records=len(kept),
        steps=math.ceil(per_epoch * training.epochs),
        steps_per_epoch=per_epoch,
        tokens_per_epoch=tokens,
        trained_per_epoch=sum(sum(each.trained) for each in kept),
        padding=1 - tokens / padded,
        longest=lengths[-1],
        median=lengths[len(lengths) // 2],
        seconds=seconds(intent, tokens * training.epochs),
    )


def seconds(intent: Intent, tokens: float) -> dict[str, float]:
    """About how long so many tokens take on each card."""
    assert intent.layout is not None
    full = intent.recipe.adapter.type == "none"
    slower = NF4_COST if intent.recipe.method == "qlora" else 1.0
    work = (6 if full else 4) * intent.layout.total * tokens * slower
    return {card: work / (speed * REACHED) for card, speed in SPEED.items()}
