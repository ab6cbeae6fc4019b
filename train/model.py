"""Load what a recipe trains: tokenizer, frozen base as it is stored, and adapter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, prepare_model_for_kbit_training
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, set_seed

from train import choices
from train.adapters import with_adapter
from train.backbones import backbone
from train.choices import Choice
from train.errors import BadModel
from train.hardware import Hardware, here
from train.memory import Work
from train.memory import load as memory_of
from train.parameters import layout
from train.quiet import quiet
from train.recipe import Recipe


@dataclass(frozen=True)
class Loaded:
    """A model ready to be trained, and what was chosen for it."""

    model: Any
    tokenizer: Any
    device: str
    folder: Path
    hardware: Hardware
    choices: tuple[Choice, ...]

    def chosen(self, setting: str) -> str:
        """The value of a choice."""
        return next(choice.value for choice in self.choices if choice.setting == setting)

    def restore(self, folder: Path) -> None:
        """Put the adapter of an earlier state of this run back into the model."""
        from peft import load_peft_weights, set_peft_model_state_dict

        weights = load_peft_weights(str(folder), device="cpu")
        set_peft_model_state_dict(self.model, weights)

    @contextmanager
    def as_baseline(self) -> Iterator[Any]:
        """The model as it was before training, through the same arithmetic."""
        if not isinstance(self.model, PeftModel):
            yield self.model
            return
        with self.model.disable_adapter():
            yield self.model


@quiet()
def load(recipe: Recipe, where: Hardware | None = None, seed: int | None = None) -> Loaded:
    """The recipe's model with its adapter, on this machine's accelerator."""
    hardware = where or here()
    stored, number = choices.quantization(recipe, hardware), choices.dtype(recipe, hardware)
    attention = choices.attention(recipe, hardware)
    folder = named_backbone(recipe)
    set_seed(recipe.run.seed if seed is None else seed)
    tokenizer = tokenizer_of(folder, recipe.tokenizer.use_fast)
    base = base_model(folder, recipe, hardware, stored.value, number.value, attention.value)
    if stored.value != "none":
        base = prepare_model_for_kbit_training(base, use_gradient_checkpointing=False)
    base.requires_grad_(False)
    model = with_adapter(base, recipe.adapter)
    model.config.use_cache = True
    differentiable(model)
    memory = choices.checkpointing(recipe, hardware, needed(model, recipe))
    return Loaded(
        model, tokenizer, hardware.device, folder, hardware, (stored, number, attention, memory)
    )


def differentiable(model: Any) -> None:
    """Have 4-bit layers on a CPU keep a layout that gradients flow through.

    bitsandbytes repacks a weight for AVX-512 as soon as it answers something, for good, and what it
    multiplies with then has no gradient: training after a baseline would learn the wrong thing.
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def named_backbone(recipe: Recipe) -> Path:
    """The folder of the recipe's base model."""
    offline = recipe.environment.offline or os.environ.get("HF_HUB_OFFLINE") == "1"
    return backbone(recipe.model.llm_backbone, recipe.model.revision, offline)


def tokenizer_of(folder: Path, use_fast: bool = True) -> Any:
    """The tokenizer of a model, which can pad: its end token where it has no other."""
    tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=use_fast, trust_remote_code=False)
    if tokenizer.eos_token is None:
        raise BadModel(f"the tokenizer in {folder} has no end-of-text token")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def base_model(
    folder: Path, recipe: Recipe, hardware: Hardware, stored: str, number: str, attention: str
) -> Any:
    """The weights, stored as chosen, on the accelerator of this process."""
    try:
        model = AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=getattr(torch, number),
            attn_implementation=attention,
            quantization_config=quantised(recipe, stored, number),
            device_map={"": place(hardware)},
            trust_remote_code=False,
            use_safetensors=True,
            local_files_only=True,
        )
    except (ValueError, KeyError, OSError) as error:
        raise BadModel(f"the model in {folder} cannot be loaded: {error}") from None
    return model


def place(hardware: Hardware) -> str:
    """The device of this process, one of several under torchrun."""
    rank = os.environ.get("LOCAL_RANK", "0")
    return f"cuda:{rank}" if hardware.device == "cuda" else "cpu"


def answering(recipe: Recipe, loaded: Loaded, tuned: Path | None = None) -> Any:
    """The model in the precision of evaluation: the base, or what a run made of it in `tuned`."""
    asked, own = recipe.evaluate.precision, loaded.chosen("dtype")
    stored, number = ("int8", own) if asked == "int8" else ("none", asked)
    whole = tuned is not None and not (tuned / "adapter_config.json").is_file()
    folder = tuned if tuned is not None and whole else loaded.folder
    attention = loaded.chosen("attention")
    base = base_model(folder, recipe, loaded.hardware, stored, number, attention)
    return PeftModel.from_pretrained(base, tuned) if tuned is not None and not whole else base


def untrained(recipe: Recipe, loaded: Loaded) -> Any:
    """The base loaded anew, as training had it before step 0."""
    stored, number, attention = map(loaded.chosen, ("quantization", "dtype", "attention"))
    return base_model(loaded.folder, recipe, loaded.hardware, stored, number, attention)


def quantised(recipe: Recipe, stored: str, number: str) -> Any:
    """The storage of the base in bitsandbytes' words."""
    if stored == "none":
        return None
    if stored == "int8":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=recipe.model.quantization.double,
        bnb_4bit_compute_dtype=getattr(torch, number),
        bnb_4bit_quant_storage=getattr(torch, number),
    )


def needed(model: Any, recipe: Recipe) -> int:
    """Bytes that training takes without recomputing activations, by the plan's arithmetic."""
    shape = layout(model.config.get_text_config().to_dict())
    work = Work(recipe.training.batch_size, recipe.tokenizer.max_length)
    return memory_of(shape, recipe, recipe.method, work).total


def trainable(model: Any) -> tuple[int, int]:
    """How many weights are trained, and how many there are; 4-bit ones count singly."""
    counted = [(each, each.requires_grad) for each in model.parameters()]
    trained = sum(each.numel() for each, grows in counted if grows)
    every = sum(full_size(each) for each, _ in counted)
    return trained, every


def full_size(weight: Any) -> int:
    """Entries of a weight before it was packed."""
    state = getattr(weight, "quant_state", None)
    return int(state.shape.numel()) if state is not None else int(weight.numel())
