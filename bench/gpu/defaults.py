"""TRL's defaults: what a user gets who names a model and an adapter, and nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.gpu.trial import WARM_STEPS, forget
from train import choices
from train.batches import labels_of
from train.hardware import here, peak_bytes
from train.model import named_backbone, quantised, tokenizer_of
from train.prepared import Prepared
from train.recipe import Recipe


@dataclass(frozen=True)
class Plain:
    """What TRL's own trainer did, after its first steps."""

    tokens: int
    """Without padding."""
    seconds: float
    steps: int
    peak: int

    @property
    def speed(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds


def plain(recipe: Recipe, prepared: Prepared, run: Path, seconds: float) -> Plain:
    """Train by SFTTrainer as it comes, timed for so long after its first steps.

    Storage, rank and batch size are the recipe's, as are tokens and labels. Weights that are not
    quantised are in the card's 16 bits, which is kinder than TRL's own 32.
    """
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import PrinterCallback
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    hardware = here()
    stored = choices.quantization(recipe, hardware).value
    number = choices.dtype(recipe, hardware).value
    folder = named_backbone(recipe)
    on_card = hardware.device == "cuda"

    class Timed(SFTTrainer):
        """Counts and times the steps after the first ones, and ends when the time is over."""

        began = 0.0
        tokens = 0

        def training_step(self, model: Any, inputs: Any, *rest: Any) -> Any:
            """One forward and backward pass."""
            if self.state.global_step == WARM_STEPS:
                forget()
                self.began = time.monotonic()
            if self.began:
                self.tokens += int(inputs["attention_mask"].sum())
                self.control.should_training_stop = time.monotonic() - self.began > seconds
            return super().training_step(model, inputs, *rest)  # type: ignore[no-untyped-call]

    forget()
    rows = [{"input_ids": one.ids, "labels": labels_of(one)} for one in prepared.encoded]
    adapter = recipe.adapter
    made = Timed(
        model=str(folder),
        args=SFTConfig(
            output_dir=str(run),
            save_strategy="no",
            disable_tqdm=True,
            num_train_epochs=recipe.training.epochs,
            per_device_train_batch_size=recipe.training.batch_size,
            dataset_kwargs={"skip_prepare_dataset": True},
            model_init_kwargs={"dtype": number},
            use_cpu=not on_card,
            bf16=on_card and number == "bfloat16",
            fp16=on_card and number == "float16",
        ),
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer_of(folder),
        quantization_config=quantised(recipe, stored, number),
        peft_config=LoraConfig(
            task_type="CAUSAL_LM",
            r=adapter.lora_r,
            lora_alpha=int(adapter.lora_alpha),
            target_modules="all-linear",
        ),
    )
    made.remove_callback(PrinterCallback)
    made.train()
    if on_card:
        torch.cuda.synchronize()
    took = time.monotonic() - made.began
    done = made.state.global_step - WARM_STEPS
    return Plain(made.tokens, took, done, peak_bytes(hardware.device))
