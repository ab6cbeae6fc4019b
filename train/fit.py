"""Fit: the training itself, from step 0 or from the newest whole state, to the last step."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import TrainingArguments

from train import choices
from train.batches import Batch, Order, by_epoch
from train.checkpoints import newest, remembered, step_of
from train.choices import BEFORE_THE_PROMPT, Choice
from train.ledger import Seen
from train.model import Loaded
from train.parity import parity
from train.prepared import Prepared
from train.progress import Progress
from train.recipe import Recipe
from train.telling import Telling
from train.tracing.capture import FOLDER as TRACE
from train.tracing.capture import Capture, Captured, why_not
from train.tracing.capture import remembered as visits_before
from train.tracing.moments import moments
from train.trackers import trackers
from train.trainers import trainer
from train.watch import Watch

CHECKPOINTING = "activation_checkpointing"
if CHECKPOINTING not in TrainingArguments.__dataclass_fields__:  # transformers before 5.20
    CHECKPOINTING = "gradient_checkpointing"
LOGGED = 200
"""Lines of metrics a run has, about."""


@dataclass(frozen=True)
class Schedule:
    """The batches of a run, and its steps."""

    order: tuple[Batch, ...]
    packed: bool
    steps: int
    steps_an_epoch: float
    sizes: tuple[int, ...] = ()
    """Batches of each epoch."""
    each: int = 1
    """Batches of a step, of all processes."""

    @property
    def epoch_of(self) -> list[int]:
        """The epoch of every batch, from 1."""
        return [epoch for epoch, size in enumerate(self.sizes, 1) for _ in range(size)]

    def every(self, epochs: float) -> int:
        """Steps in so many epochs, at least one."""
        return max(1, round(self.steps_an_epoch * epochs))


@dataclass(frozen=True)
class Fitted:
    """What training did."""

    seen: Seen
    steps: int
    resumed_from: int | None
    seconds: float
    tokens: int
    """Tokens that are no padding, in this sitting."""
    stopped: str | None
    """Why the run ended before its last step."""
    joules: Mapping[str, float]
    """Energy of the training, by `processor` and `card`, as far as these tell."""
    captured: Captured | None = None
    """What was kept of its records."""


def further_choices(loaded: Loaded, prepared: Prepared, recipe: Recipe) -> tuple[Choice, ...]:
    """Loss, optimiser, and packing as measured on these records."""
    loss = choices.loss(recipe, loaded.hardware)
    measured = None
    if recipe.training.packing != "off" and recipe.adapter.type not in BEFORE_THE_PROMPT:
        measured = parity(loaded.model, prepared, loaded.tokenizer.pad_token_id)
    packing = choices.packing(recipe, measured, loaded.chosen("dtype"))
    return loss, choices.optimizer(recipe, loaded.hardware), packing


def schedule(prepared: Prepared, recipe: Recipe, packed: bool, processes: int = 1) -> Schedule:
    """Every batch of the run."""
    training = recipe.training
    order = Order(
        recipe.run.seed,
        training.epochs,
        training.batch_size,
        training.drop_last_batch,
        recipe.tokenizer.max_length if packed else None,
        processes,
    )
    epochs = by_epoch(prepared.lengths, order, prepared.weights)
    made = tuple(batch for epoch in epochs for batch in epoch)
    each = processes * training.grad_accumulation
    steps, sizes = math.ceil(len(made) / each), tuple(map(len, epochs))
    return Schedule(made, packed, steps, steps / training.epochs, sizes, each)


def fit(
    loaded: Loaded,
    prepared: Prepared,
    recipe: Recipe,
    chosen: Callable[[str], str],
    plan: Schedule,
    run: Path,
    dev_loss: Callable[[], float] | None = None,
    tell: Telling | None = None,
) -> Fitted:
    """Train; Diverged where the loss is no number. The model of `loaded` is the trained one."""
    folder = run / "checkpoints"
    start = newest(folder)
    watch = Watch(run, recipe, plan.every(recipe.evaluate.evaluation_epochs), plan.steps, dev_loss)
    told = [Progress(tell, plan.steps)] if tell else []
    capture = capture_of(loaded, prepared, recipe, plan, folder, start)
    made = trainer(
        chosen("loss"),
        loaded.model,
        loaded.tokenizer,
        prepared,
        plan.order,
        plan.packed,
        remembered(start, rank()),
        capture,
        plan.epoch_of,
        arguments(loaded, recipe, chosen, plan, folder),
        [watch, *told, *trackers(recipe.track.report_to, tell)],
    )
    began = time.monotonic()
    made.train(resume_from_checkpoint=str(start) if start else None)
    seconds = time.monotonic() - began
    first = step_of(start) if start else 0
    return Fitted(
        made.seen_by_all(),
        made.state.global_step,
        first or None,
        seconds,
        tokens(plan, prepared, first, made.state.global_step, recipe),
        watch.stopped,
        watch.meter.joules(),
        capture.finished(made.state.global_step) if capture else None,
    )


def capture_of(
    loaded: Loaded,
    prepared: Prepared,
    recipe: Recipe,
    plan: Schedule,
    folder: Path,
    start: Path | None,
) -> Capture | None:
    """What watches the records while they are trained; None where nothing is traced."""
    if why_not(recipe, loaded.model):
        return None
    visits, epochs = visits_before(start, rank())
    kept = moments(plan.sizes, plan.each, epochs)
    return Capture(
        loaded.model, folder / TRACE, len(prepared.encoded), kept, recipe.run.seed, visits
    )


def tokens(plan: Schedule, prepared: Prepared, first: int, last: int, recipe: Recipe) -> int:
    """Tokens of the records of these steps, padding left out."""
    each = processes() * recipe.training.grad_accumulation
    lengths = prepared.lengths
    return sum(
        lengths[n] for batch in plan.order[first * each : last * each] for n in batch.records
    )


def arguments(
    loaded: Loaded, recipe: Recipe, chosen: Callable[[str], str], plan: Schedule, folder: Path
) -> dict[str, Any]:
    """The recipe in the words of transformers."""
    training, number = recipe.training, chosen("dtype")
    on_card = loaded.device == "cuda"
    recompute = chosen("gradient checkpointing") == "on"
    saved = training.checkpoint_steps or plan.every(recipe.evaluate.evaluation_epochs)
    every_state = training.save_checkpoint == "each_evaluation_epoch"
    own = {"beta": training.dpo_beta} if training.task == "dpo" else {}
    return {
        **own,
        "output_dir": str(folder),
        "per_device_train_batch_size": 1,  # one of our batches
        "gradient_accumulation_steps": training.grad_accumulation,
        "num_train_epochs": 1,  # our batches are those of all epochs
        "learning_rate": training.learning_rate,
        "lr_scheduler_type": training.schedule,
        "warmup_steps": round(plan.steps_an_epoch * training.warmup_epochs),
        "weight_decay": training.weight_decay,
        "max_grad_norm": training.gradient_clip,
        "optim": chosen("optimizer"),
        "neftune_noise_alpha": training.neftune_noise or None,
        "seed": recipe.run.seed,
        "save_strategy": "no" if training.save_checkpoint == "disable" else "steps",
        "save_steps": saved,
        "save_total_limit": None if every_state else 2,
        "logging_steps": max(1, plan.steps // LOGGED),
        "logging_nan_inf_filter": False,
        "report_to": "none",
        "disable_tqdm": True,
        "use_cpu": not on_card,
        "bf16": on_card and number == "bfloat16",
        "fp16": on_card and number == "float16",
        CHECKPOINTING: recompute,
        f"{CHECKPOINTING}_kwargs": {"use_reentrant": False} if recompute else None,
        "dataloader_num_workers": recipe.environment.number_of_workers,
        "dataloader_pin_memory": on_card,
        "remove_unused_columns": False,
        "ddp_find_unused_parameters": False,
    }


def rank() -> int:
    """The number of this process under torchrun."""
    return torch.distributed.get_rank() if torch.distributed.is_initialized() else 0


def processes() -> int:
    """How many processes train together."""
    return torch.distributed.get_world_size() if torch.distributed.is_initialized() else 1
