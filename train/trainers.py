"""Trainers: TRL's and transformers' own, fed with our batches and counting what they train."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from accelerate.utils import gather_object
from datasets import Dataset
from torch.utils.data import SequentialSampler
from transformers import PrinterCallback, Trainer, TrainingArguments
from trl.trainer.dpo_config import DPOConfig
from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.sft_config import SFTConfig
from trl.trainer.sft_trainer import SFTTrainer

from train.batches import IGNORED, Batch, collate, places
from train.checkpoints import PREFIX, remember, seal
from train.ledger import Seen
from train.prepared import Prepared
from train.tracing.capture import Adapters, Capture
from train.watch import must_be_finite


class Counted:
    """A trainer that takes the batches in their order and counts the records of every step."""

    seen: Seen
    capture: Capture | None
    epoch_of: Sequence[int]
    args: Any
    state: Any
    accelerator: Any
    train_dataset: Any
    current_gradient_accumulation_steps: int
    _tr_loss: Any

    def training_step(self, model: Any, inputs: dict[str, Any], *rest: Any) -> Any:
        """One forward and backward pass."""
        step, numbers = self.state.global_step + 1, inputs.pop("records")
        where, number = inputs.pop("places", None), inputs.pop("batch")
        self.seen.add(numbers, step)
        watched: Any = nullcontext()
        if self.capture:
            moment = self.capture.moment(self.epoch_of[number])
            weight = self.token_weight(inputs["labels"], *rest)
            device = self.accelerator.device
            tensors = (where.to(device), inputs["labels"].to(device))
            watched = self.capture.visit(numbers, *tensors, moment, step, weight)
        with watched:
            return super().training_step(model, inputs, *rest)  # type: ignore[misc]

    def compute_loss(self, *given: Any, **named: Any) -> Any:
        """The forward pass alone: what the backward pass recomputes is not seen twice."""
        with self.capture.forward() if self.capture else nullcontext():
            return super().compute_loss(*given, **named)  # type: ignore[misc]

    def token_weight(self, labels: Any, tokens_of_step: Any = None) -> float:
        """By how much the loss that is differentiated grows with that of one learnt token."""
        scaler = self.accelerator.scaler
        scale = float(scaler.get_scale()) if scaler else 1.0
        if tokens_of_step is None:
            steps = self.current_gradient_accumulation_steps
            return scale / (steps * max(1, int((labels != IGNORED).sum())))
        processes = self.accelerator.num_processes if self.args.average_tokens_across_devices else 1
        return scale * processes / max(1.0, float(tokens_of_step))

    def _get_train_sampler(self, *_: Any) -> Any:
        return SequentialSampler(self.train_dataset)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        must_be_finite(float(self._tr_loss), self.state.global_step)  # never keep a broken state
        super()._save_checkpoint(model, trial)  # type: ignore[misc]
        folder = Path(self.args.output_dir) / f"{PREFIX}{self.state.global_step}"
        remember(folder, self.seen, self.accelerator.process_index)
        if self.capture:
            self.capture.remember(folder, self.accelerator.process_index)
        self.accelerator.wait_for_everyone()
        if self.accelerator.is_main_process:
            seal(folder)

    def seen_by_all(self) -> Seen:
        """What all processes trained, together."""
        return Seen.of(gather_object([self.seen.state()]))


class Plain(Counted, Trainer):
    """Whole logits: the only loss that trains an adapter on the output head."""


class Chunked(Counted, SFTTrainer):
    """TRL's loss, which never holds the logits of a whole batch."""

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """The run writes its own card, once, at the end."""


class Preferring(Counted, DPOTrainer):
    """TRL's preference tuning on tokens and masks of ours."""

    def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
        return dataset

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """The run writes its own card, once, at the end."""


TRAINERS: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "nll": (Plain, TrainingArguments, {}),
    "liger": (Plain, TrainingArguments, {"use_liger_kernel": True}),
    "chunked_nll": (
        Chunked,
        SFTConfig,
        {"max_length": None, "dataset_kwargs": {"skip_prepare_dataset": True}},
    ),
    "dpo": (Preferring, DPOConfig, {"max_length": None}),
}
"""Loss -> trainer, its arguments' class, and the arguments that it alone needs."""


def trainer(
    loss: str,
    model: Any,
    tokenizer: Any,
    prepared: Prepared,
    order: Sequence[Batch],
    packed: bool,
    seen: Seen,
    capture: Capture | None,
    epoch_of: Sequence[int],
    arguments: dict[str, Any],
    callbacks: Sequence[Any],
) -> Any:
    """The trainer for a loss, over the batches in this order; `epoch_of` says where each lies."""
    kind, settings, own = TRAINERS[loss]
    pad, lengths = tokenizer.pad_token_id, prepared.lengths

    def tensors(chosen: Sequence[dict[str, int]]) -> dict[str, Any]:
        [item] = chosen
        batch = order[item["batch"]]
        if loss == "dpo":
            return pairs(batch, prepared, pad) | item
        tensors = collate(batch, prepared.encoded, pad, packed)
        width = tensors["input_ids"].shape[1]
        return tensors | item | {"places": places(batch, lengths, width)}

    adapter = {name: each.data for name, each in model.named_parameters() if each.requires_grad}
    made = kind(
        model=model,
        args=settings(**own, **arguments),
        train_dataset=Dataset.from_dict({"batch": list(range(len(order)))}),
        data_collator=tensors,
        processing_class=tokenizer,
        callbacks=[*callbacks, *([Adapters(capture)] if capture else [])],
    )
    for name, each in model.named_parameters():
        if name in adapter and each.dtype != adapter[name].dtype:
            each.data = adapter[name]  # TRL rounds adapters of a quantised base; resuming would not
    made.seen, made.capture, made.epoch_of = seen, capture, epoch_of
    made.remove_callback(PrinterCallback)
    return made


def pairs(batch: Batch, prepared: Prepared, pad: int) -> dict[str, Any]:
    """Chosen answers in the first half of the rows, rejected ones in the second."""
    both = [*prepared.encoded, *prepared.rejected]
    shift = len(prepared.encoded)
    rows = (*batch.rows, *[tuple(n + shift for n in row) for row in batch.rows])
    tensors = collate(Batch(rows), both, pad, packed=False)
    return {
        "input_ids": tensors["input_ids"],
        "attention_mask": tensors["attention_mask"],
        "completion_mask": (tensors["labels"] != -100).long(),
        "records": batch.records,
    }
