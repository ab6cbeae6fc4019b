"""Adapter: the few weights that are trained beside, or before, a frozen model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from peft import (
    LoraConfig,
    PeftModel,
    PrefixTuningConfig,
    PromptEncoderConfig,
    PromptTuningConfig,
    TaskType,
    get_peft_model,
)

from train.choices import HEAD
from train.errors import BadModel
from train.sections import Adapter

ATTENTION = ("q_proj", "v_proj")


def with_adapter(model: Any, settings: Adapter) -> Any:
    """The model with a new adapter, or with the one that the recipe goes on from."""
    if settings.type == "none":
        return model.requires_grad_(True)
    if settings.init_from:
        folder = Path(settings.init_from)
        if not (folder / "adapter_config.json").is_file():
            raise BadModel(f"adapter.init_from is {folder}, which holds no adapter_config.json")
        return PeftModel.from_pretrained(model, folder, is_trainable=True)
    return get_peft_model(model, configuration(settings, model))


def configuration(settings: Adapter, model: Any) -> Any:
    """The adapter in PEFT's words."""
    task = TaskType.CAUSAL_LM
    tokens = settings.virtual_tokens
    if settings.type == "prefix":
        return PrefixTuningConfig(task_type=task, num_virtual_tokens=tokens)
    if settings.type == "prompt":
        return PromptTuningConfig(task_type=task, num_virtual_tokens=tokens)
    if settings.type == "p-tuning":
        hidden = model.config.get_text_config().hidden_size
        return PromptEncoderConfig(
            task_type=task, num_virtual_tokens=tokens, encoder_hidden_size=hidden
        )
    alpha = settings.lora_alpha
    return LoraConfig(
        task_type=task,
        r=settings.lora_r,
        lora_alpha=int(alpha) if alpha == int(alpha) else alpha,  # type: ignore[arg-type]
        lora_dropout=settings.lora_dropout,
        target_modules=targets(settings, model),
        use_rslora=settings.rslora,
        use_dora=settings.type == "dora",
        bias="none",
    )


def targets(settings: Adapter, model: Any) -> list[str]:
    """The names of the linear layers that get an adapter; BadModel where one is not there."""
    there = linear_names(model)
    named = settings.lora_target_modules
    if named == "all-linear":
        return sorted(there - {HEAD})
    if named == "all-linear+head":
        return sorted(there | {HEAD})
    wanted = ATTENTION if named == "attention-qv" else (named,) if isinstance(named, str) else named
    if missing := sorted(set(wanted) - there):
        raise BadModel(
            f"adapter.lora_target_modules names {', '.join(missing)}, which this model has not; "
            f"its linear layers: {', '.join(sorted(there))}"
        )
    return sorted(wanted)


def linear_names(model: Any) -> set[str]:
    """The last names of all linear layers, quantised ones included."""
    return {
        name.rpartition(".")[2]
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear)
    }
