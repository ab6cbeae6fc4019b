"""Parameters: how many a model has and how many a recipe trains, counted without any weights.

The model is built on torch's meta device, where a tensor has a shape and no memory; what an adapter
adds is PEFT's arithmetic on those shapes, which a test holds against PEFT itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curate.errors import MissingExtra, unknown
from train.errors import BadModel
from train.sections import Adapter

HEAD = "lm_head"
ATTENTION = ("q_proj", "v_proj")
NOT_SHAPE = ("dtype", "torch_dtype", "quantization_config")
"""What a configuration says of the files, not of the layers."""
PROMPTS = ("prefix", "prompt", "p-tuning")


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear layer: its name, its inputs and its outputs."""

    name: str
    inputs: int
    outputs: int

    @property
    def kind(self) -> str:
        """The last part of its name, as q_proj."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a model is made of."""

    total: int
    linears: tuple[Linear, ...]
    hidden: int
    feed_forward: int
    layers: int
    key_values: int
    """Width of a token's keys, which is that of its values."""
    vocabulary: int
    longest: int
    stored: str | None = None
    """How the model's own files are quantised, as gptq; null where they are not."""

    @property
    def kinds(self) -> dict[str, int]:
        """How many linear layers of each kind there are."""
        return dict(Counter(linear.kind for linear in self.linears))

    @property
    def quantisable(self) -> int:
        """Weights that bitsandbytes stores in fewer bits: linear layers but the output head."""
        return sum(each.inputs * each.outputs for each in self.linears if each.kind != HEAD)

    def targets(self, named: str | tuple[str, ...]) -> list[Linear]:
        """The layers that an adapter stands beside; BadModel where a name is none of them."""
        if named == "all-linear":
            return [linear for linear in self.linears if linear.kind != HEAD]
        if named == "all-linear+head":
            return list(self.linears)
        wanted = (
            ATTENTION if named == "attention-qv" else (named,) if isinstance(named, str) else named
        )
        for name in wanted:
            if name not in self.kinds:
                raise BadModel(
                    f"adapter.lora_target_modules: {unknown('linear layer', name, self.kinds)}"
                )
        return [linear for linear in self.linears if linear.kind in wanted]

    def trainable(self, adapter: Adapter) -> int:
        """How many parameters an adapter trains; all of them where there is none."""
        if adapter.type == "none":
            return self.total
        if adapter.type in PROMPTS:
            return self.before_the_prompt(adapter)
        beside = self.targets(adapter.lora_target_modules)
        ranks = sum(adapter.lora_r * (linear.inputs + linear.outputs) for linear in beside)
        magnitudes = sum(linear.outputs for linear in beside) if adapter.type == "dora" else 0
        return ranks + magnitudes

    def before_the_prompt(self, adapter: Adapter) -> int:
        """Parameters of trained virtual tokens."""
        tokens = adapter.virtual_tokens
        if adapter.type == "prefix":
            return tokens * self.layers * 2 * self.key_values
        embedding = tokens * self.hidden
        network = 3 * (self.hidden * self.hidden + self.hidden)  # P-Tuning's, as wide as the model
        return embedding + (network if adapter.type == "p-tuning" else 0)


def layout(shape: Mapping[str, Any]) -> Layout:
    """What a model of this configuration is made of; BadModel where transformers has no such."""
    try:
        import torch
        from transformers import AutoConfig, AutoModelForCausalLM
    except ImportError:
        raise MissingExtra("counting parameters", "train") from None
    known = {name: value for name, value in shape.items() if name not in NOT_SHAPE}
    try:
        config: Any = AutoConfig.for_model(**known)
        build: Any = AutoModelForCausalLM.from_config
        with torch.device("meta"):
            model = build(config)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadModel(f"a model of type {shape.get('model_type')!r}: {error}") from None
    text = config.get_text_config()
    heads = text.num_attention_heads
    width = getattr(text, "head_dim", None) or text.hidden_size // heads
    return Layout(
        total=sum(weight.numel() for weight in model.parameters()),
        linears=tuple(
            Linear(name, module.in_features, module.out_features)
            for name, module in model.named_modules()
            if isinstance(module, torch.nn.Linear)
        ),
        hidden=text.hidden_size,
        feed_forward=getattr(text, "intermediate_size", None) or 4 * text.hidden_size,
        layers=text.num_hidden_layers,
        key_values=width * (getattr(text, "num_key_value_heads", None) or heads),
        vocabulary=text.vocab_size,
        longest=text.max_position_embeddings,
        stored=(shape.get("quantization_config") or {}).get("quant_method"),
    )
