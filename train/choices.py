"""What a recipe leaves open is chosen here, each choice with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curate.locale import Translator
from train.hardware import Hardware
from train.recipe import Recipe

if TYPE_CHECKING:
    from train.parity import Parity

HEAD = "lm_head"
BEFORE_THE_PROMPT = ("prefix", "prompt", "p-tuning")
"""Adapters that put tokens of their own before the first one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting, what it became and why."""

    setting: str
    value: str
    says: str
    """Why, with {places} for `args`."""
    args: Mapping[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why, in English."""
        return self.says.format(**self.args)

    def __str__(self) -> str:
        return self.said(str)

    def said(self, t: Translator) -> str:
        """All of it, in the translator's language."""
        reason = t(self.says).format(**self.args)
        whole = t("{setting}: {value}, because {reason}")
        return whole.format(setting=self.setting, value=self.value, reason=reason)

    def document(self) -> dict[str, str]:
        """As run.json has it."""
        return {"setting": self.setting, "value": self.value, "reason": self.reason}


def dtype(recipe: Recipe, here: Hardware) -> Choice:
    """Number format of the weights that are not quantised, and of the arithmetic."""
    setting, asked = "dtype", recipe.model.backbone_dtype
    if asked == "bfloat16" and not here.bfloat16:
        return Choice(setting, "float16", "{card} has no bfloat16", {"card": here.name})
    if asked != "auto":
        return Choice(setting, asked, "the recipe says so")
    if here.device == "cpu":
        return Choice(setting, "float32", "on a CPU it is exact and nearly as fast")
    if here.bfloat16:
        says = "{card} computes in it, and it never overflows"
        return Choice(setting, "bfloat16", says, {"card": here.name})
    return Choice(setting, "float16", "{card} has no bfloat16", {"card": here.name})


def quantization(recipe: Recipe, here: Hardware) -> Choice:
    """How the frozen base is stored: nf4, int8 or none."""
    setting, asked = "quantization", recipe.model.quantization.type
    if asked == "none":
        return Choice(setting, "none", "the recipe says so")
    if recipe.adapter.type == "none":
        return Choice(setting, "none", "every weight is trained, and rounded ones cannot be")
    if "bitsandbytes" not in here.packages:
        return Choice(setting, "none", "bitsandbytes is not installed: pip install 'curate[train]'")
    return Choice(setting, asked, "the recipe says so")


def attention(recipe: Recipe, here: Hardware) -> Choice:
    """Which attention code runs, by its name in transformers."""
    setting, asked = "attention", recipe.model.attention
    flash = here.device == "cuda" and "flash_attn" in here.packages
    if asked == "flash" and not flash:
        return Choice(setting, "sdpa", "flash-attn is not installed or there is no card for it")
    if asked == "flash" or (asked == "auto" and flash):
        return Choice(setting, "flash_attention_2", "flash-attn is installed")
    if asked == "auto":
        return Choice(setting, "sdpa", "torch brings it, and it is fast on every machine")
    return Choice(setting, asked, "the recipe says so")


def optimizer(recipe: Recipe, here: Hardware) -> Choice:
    """Which AdamW steps, by its name in transformers."""
    setting, asked = "optimizer", recipe.training.optimizer
    own, theirs = "adamw_torch", {"adamw_8bit": "adamw_bnb_8bit"}
    if asked in ("adamw_8bit", "paged_adamw_8bit") and "bitsandbytes" not in here.packages:
        return Choice(setting, own, "bitsandbytes is not installed")
    if asked in ("adamw_8bit", "paged_adamw_8bit") and here.device == "cpu":
        return Choice(setting, own, "8-bit states save memory of a card; on a CPU they only cost")
    if asked == "adamw":
        return Choice(setting, own, "the recipe says so")
    if asked != "auto":
        return Choice(setting, theirs.get(asked, asked), "the recipe says so")
    if here.device == "cuda" and "bitsandbytes" in here.packages:
        return Choice(setting, "paged_adamw_8bit", "it needs a quarter of the memory on a card")
    return Choice(setting, own, "there is no card whose memory 8-bit states would save")


def loss(recipe: Recipe, here: Hardware) -> Choice:
    """Which code computes the loss; the value is the same."""
    setting, asked = "loss", recipe.training.loss_function
    if recipe.training.task == "dpo":
        return Choice(setting, "dpo", "the recipe prefers edited answers over those before")
    if on_head(recipe.adapter.lora_target_modules) and recipe.adapter.type in ("lora", "dora"):
        return Choice(
            setting, "nll", "an adapter on the output head would not be trained by others"
        )
    if recipe.adapter.type in BEFORE_THE_PROMPT:
        return Choice(setting, "nll", "the model adds tokens of its own before the prompt")
    liger = here.device == "cuda" and "liger_kernel" in here.packages
    if asked == "liger" and not liger:
        return Choice(setting, "chunked_nll", "liger-kernel is not installed or there is no card")
    if asked != "auto":
        return Choice(setting, asked, "the recipe says so")
    if liger:
        return Choice(setting, "liger", "liger-kernel is installed, and no logits are kept")
    return Choice(setting, "chunked_nll", "it never holds the logits of a whole batch")


def checkpointing(recipe: Recipe, here: Hardware, needed: int) -> Choice:
    """Whether activations are recomputed; `needed` is what training takes without, in bytes."""
    setting, asked = "gradient checkpointing", recipe.model.gradient_checkpointing
    if asked != "auto":
        return Choice(setting, "on" if asked else "off", "the recipe says so")
    if recipe.adapter.type == "prefix":
        return Choice(setting, "off", "trained keys and values are a cache, which it forbids")
    sizes = {"needed": f"{needed / 1e9:.1f}", "there": f"{here.memory / 1e9:.1f}"}
    if needed <= here.memory * 0.9:
        return Choice(setting, "off", "everything fits without: {needed} GB of {there} GB", sizes)
    return Choice(setting, "on", "it would not fit without: {needed} GB of {there} GB", sizes)


def packing(recipe: Recipe, measured: Parity | None, number: str) -> Choice:
    """Whether records share rows, after packed and unpacked were compared on this run's data."""
    setting = "packing"
    if recipe.training.packing == "off":
        return Choice(setting, "off", "the recipe says so; batches hold records of like length")
    if measured is None:
        return Choice(setting, "off", "it does not go with this task or adapter")
    value = "on" if measured.holds(number) else "off"
    says = "the loss of a packed record differs from its own by {difference}"
    return Choice(setting, value, says, {"difference": str(measured)})


def on_head(targets: str | Sequence[str]) -> bool:
    """Whether an adapter lies on the output head."""
    return targets == "all-linear+head" or HEAD in targets
