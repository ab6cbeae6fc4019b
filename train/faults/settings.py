"""Settings that contradict one another, or that cannot do what they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from curate.errors import CurateError
from train.intent import Intent
from train.parameters import PROMPTS
from train.problem import Problem, error, warn
from train.recipe import Recipe

SUBJECT = "settings"
NEEDS: tuple[str, ...] = ()

TRACKERS = ("mlflow", "tensorboard", "trackio", "wandb")
HIGHEST = {"full": 1e-4, "lora": 3e-3}
LOWEST = {"full": 1e-7, "lora": 1e-6}
HIGHEST_DPO = 5e-5
"""Learning rates outside of these have not been seen to work; a warning, since some do. Our own
demo's model of 135 million weights learns with the highest for lora."""


def find(intent: Intent) -> Iterator[Problem]:
    """What a recipe alone shows."""
    recipe = intent.recipe
    yield from adapters(recipe)
    if not intent.from_nothing:
        yield from learning_rate(recipe)
    yield from lengths(recipe)
    yield from evaluation(recipe)
    yield from names(recipe)


def adapters(recipe: Recipe) -> Iterator[Problem]:
    """What is trained, and how it goes with the rest."""
    adapter, training = recipe.adapter, recipe.training
    beside = adapter.type in ("lora", "dora")
    targets = adapter.lora_target_modules
    on_head = beside and (targets == "all-linear+head" or "lm_head" in targets)
    if on_head and training.loss_function in ("chunked_nll", "liger"):
        yield error(
            "head-and-fast-loss",
            "training.loss_function={loss} goes past the output head, so an adapter on the head "
            "would never be trained; set nll or auto",
            loss=training.loss_function,
        )
    if beside and adapter.lora_alpha < adapter.lora_r and not adapter.rslora:
        yield warn(
            "alpha-below-rank",
            "adapter.lora_alpha {alpha} is below adapter.lora_r {r}: the adapter's output is "
            "scaled by {scale}",
            alpha=f"{adapter.lora_alpha:g}", r=adapter.lora_r,
            scale=f"{adapter.lora_alpha / adapter.lora_r:g}",
        )  # fmt: skip
    if adapter.type == "none" and recipe.model.quantization.type != "none":
        yield error(
            "quantised-and-full",
            "adapter.type=none trains every weight, and weights stored as {type} cannot be "
            "trained; set model.quantization.type=none or --recipe full",
            type=recipe.model.quantization.type,
        )
    if adapter.type in PROMPTS and training.packing == "on":
        yield error(
            "packing-and-virtual-tokens",
            "training.packing=on puts several records in one row, and {type} puts its tokens "
            "before the first of them only; set packing to off or auto",
            type=adapter.type,
        )
    if adapter.type == "prefix" and recipe.model.gradient_checkpointing is True:
        yield error(
            "prefix-and-checkpointing",
            "adapter.type=prefix trains a cache of keys and values, which "
            "model.gradient_checkpointing forbids; set it to auto",
        )


def learning_rate(recipe: Recipe) -> Iterator[Problem]:
    """Rates far from all that have worked."""
    rate = recipe.training.learning_rate
    kind = "full" if recipe.adapter.type == "none" else "lora"
    highest = HIGHEST_DPO if recipe.training.task == "dpo" else HIGHEST[kind]
    if recipe.adapter.type in PROMPTS:  # trained tokens want far higher ones
        return
    if rate > highest or rate < LOWEST[kind]:
        yield warn(
            "learning-rate",
            "training.learning_rate {rate} is outside {lowest} to {highest}, where {method} is "
            "known to learn",
            rate=f"{rate:g}", lowest=f"{LOWEST[kind]:g}", highest=f"{highest:g}",
            method=recipe.training.task if recipe.training.task == "dpo" else recipe.method,
        )  # fmt: skip


def lengths(recipe: Recipe) -> Iterator[Problem]:
    """Limits that contradict one another."""
    said = recipe.tokenizer
    both = (said.max_length_prompt or 0) + (said.max_length_answer or 0)
    if said.max_length_prompt and said.max_length_answer and both > said.max_length:
        yield warn(
            "lengths-disagree",
            "tokenizer.max_length_prompt and max_length_answer allow {both} tokens together, and "
            "max_length only {whole}",
            both=both, whole=said.max_length,
        )  # fmt: skip


def evaluation(recipe: Recipe) -> Iterator[Problem]:
    """Settings that take the comparison away."""
    said = recipe.evaluate
    if not said.before_training:
        yield warn(
            "no-baseline",
            "evaluate.before_training is false: nothing will show that training made anything "
            "better",
        )


def names(recipe: Recipe) -> Iterator[Problem]:
    """Names that nothing here bears."""
    from train.measures import chosen

    try:
        chosen(recipe.evaluate.metrics)
    except CurateError as failed:
        yield error("unknown-measure", "{why}", why=str(failed))
    for name in recipe.track.report_to:
        if name not in TRACKERS:
            yield error(
                "unknown-tracker",
                "track.report_to names {name}; allowed: {allowed}",
                name=name, allowed=", ".join(TRACKERS),
            )  # fmt: skip
