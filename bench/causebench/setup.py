"""Setup: what is measured, and the recipe by which the product trains it.

Learning rate and epochs are looked for on the fitting seeds alone: a clean world should be answered
rightly in 85 of 100 cases, or nothing can be said of a corrupted one. After 20 epochs at 2e-3 the
tiny model answered 65 of 100 on seed 100, and its loss was still falling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from bench.causebench import tiny
from train import recipe

TINY = "tiny"
SMOLLM2 = "smollm2"
MEASURED = (0, 1, 2, 3, 4)
FITTING = (100, 101, 102, 103, 104, 105)
"""Seeds on which coefficients and settings are chosen; never those that are measured."""
SAID = {SMOLLM2: "smollm2-135m-instruct"}

RECIPE: Mapping[str, object] = {
    "model.quantization.type": "none",
    "training.optimizer": "adamw",
    "training.packing": "off",
    "training.loss_function": "nll",
    "training.warmup_epochs": 1,
    "training.gradient_clip": 1.0,
    "training.save_checkpoint": "disable",
    "evaluate.evaluation_epochs": 1000,
    "evaluate.few_shot_baseline": 0,
    "evaluate.generation.max_new_tokens": 32,
    "evaluate.generation.batch_size": 64,
    "tokenizer.max_length": 256,
    "forgetting.text_probe": "false",
    "loop.send_failures": "false",
    "output.model_card": "false",
}
"""What every model is trained with."""

SMALL = {"model.backbone_dtype": "float32", "adapter.lora_r": 16, "adapter.lora_alpha": 32}
TUNED: Mapping[str, Mapping[str, object]] = {
    TINY: SMALL
    | {"training.learning_rate": 3e-3, "training.epochs": 40, "training.batch_size": 16},
    SMOLLM2: SMALL
    | {"training.learning_rate": 1e-3, "training.epochs": 8, "training.batch_size": 16},
}
"""What a model needs to learn the worlds."""
LARGE: Mapping[str, object] = {
    "model.quantization.type": "nf4", "training.optimizer": "auto", "training.batch_size": 16,
    "training.learning_rate": 2e-4, "training.epochs": 8, "training.loss_function": "auto",
}  # fmt: skip
"""For a model on a card; never tried on one."""


@dataclass(frozen=True, slots=True)
class Setup:
    """One form of the benchmark."""

    model: str = TINY
    records: int = 600
    share: float = 0.10
    """Bad records among the training records."""
    epochs: int | None = None
    """Null: as many as the model was found to need."""
    size: tiny.Size = tiny.Size()
    """Of the tiny model."""

    @property
    def name(self) -> str:
        """Names its folder in the cache."""
        model = self.size.name if self.model == TINY else Path(self.model).name
        own = blake2b(repr(sorted(self.tuned.items())).encode(), digest_size=3).hexdigest()
        return f"{model}-{self.records}-{round(self.share * 100)}-{own}"

    @property
    def tuned(self) -> Mapping[str, object]:
        """The settings that depend on the model."""
        own = TUNED.get(self.model, LARGE)
        return own if self.epochs is None else {**own, "training.epochs": self.epochs}

    def recipe(self, cache: Path, runs: Path, arm: str, seed: int, traced: bool) -> recipe.Recipe:
        """How one arm is trained."""
        chosen = dict(RECIPE) | dict(self.tuned)
        chosen |= {
            "model.llm_backbone": self.backbone(cache), "run.output_directory": runs,
            "run.experiment_name": arm, "run.seed": seed,
            "evaluate.before_training": str(traced).lower(),
            "trace.enabled": "auto" if traced else "false",
        }  # fmt: skip
        return recipe.load("lora", [f"{key}={value}" for key, value in chosen.items()])

    def backbone(self, cache: Path) -> str:
        """The folder or name of the model that is tuned."""
        if self.model == TINY:
            return str(tiny.made(cache, self.size))
        return SAID.get(self.model, self.model)

    def place(self, cache: Path, seed: int) -> Path:
        """Where all of one seed lies."""
        return cache / self.name / f"seed-{seed}"

    def told(self, seeds: Sequence[int]) -> dict[str, object]:
        """For results.json."""
        return {**asdict(self), "seeds": list(seeds)}
