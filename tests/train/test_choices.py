"""Every automatic choice, on machines that this one is not, with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from train import choices
from train.hardware import Hardware
from train.parity import Parity
from train.recipe import Recipe, load

ALL = ("bitsandbytes", "flash_attn", "liger_kernel")
CPU = Hardware("cpu", "a CPU", 24 * 10**9, True, 0, ("bitsandbytes",))
H200 = Hardware("cuda", "H200", 141 * 10**9, True, 1, ("bitsandbytes", "liger_kernel"))
T4 = Hardware("cuda", "T4", 16 * 10**9, False, 1, ("bitsandbytes",))
BARE = Hardware("cuda", "A100", 80 * 10**9, True, 1, ())


def recipe(*changes: str, preset: str = "qlora-all-linear") -> Recipe:
    return load(preset, changes)


@pytest.mark.parametrize(
    ("here", "changes", "number"),
    [
        (CPU, (), "float32"),
        (H200, (), "bfloat16"),
        (T4, (), "float16"),
        (T4, ("model.backbone_dtype=bfloat16",), "float16"),
        (CPU, ("model.backbone_dtype=bfloat16",), "bfloat16"),
    ],
)
def test_number_format(here: Hardware, changes: Sequence[str], number: str) -> None:
    assert choices.dtype(recipe(*changes), here).value == number


def test_a_card_without_bfloat16_is_named_in_the_reason() -> None:
    assert "T4 has no bfloat16" in str(choices.dtype(recipe(), T4))


@pytest.mark.parametrize(
    ("here", "preset", "stored"),
    [
        (CPU, "qlora-all-linear", "nf4"),
        (H200, "lora8", "int8"),
        (H200, "lora", "none"),
        (BARE, "qlora-all-linear", "none"),
    ],
)
def test_storage_of_the_base(here: Hardware, preset: str, stored: str) -> None:
    assert choices.quantization(recipe(preset=preset), here).value == stored


def test_rounded_weights_are_never_trained() -> None:
    assert choices.quantization(recipe("adapter.type=none"), H200).value == "none"


@pytest.mark.parametrize(
    ("here", "asked", "code"),
    [
        (CPU, "auto", "adamw_torch"),
        (CPU, "paged_adamw_8bit", "adamw_torch"),
        (H200, "auto", "paged_adamw_8bit"),
        (H200, "adamw_8bit", "adamw_bnb_8bit"),
        (H200, "adamw", "adamw_torch"),
        (BARE, "auto", "adamw_torch"),
        (BARE, "adamw_8bit", "adamw_torch"),
    ],
)
def test_optimiser(here: Hardware, asked: str, code: str) -> None:
    assert choices.optimizer(recipe(f"training.optimizer={asked}"), here).value == code


@pytest.mark.parametrize(
    ("here", "asked", "code"),
    [(H200, "auto", "liger"), (T4, "auto", "chunked_nll"), (CPU, "liger", "chunked_nll"),
     (H200, "nll", "nll")],
)  # fmt: skip
def test_loss(here: Hardware, asked: str, code: str) -> None:
    assert choices.loss(recipe(f"training.loss_function={asked}"), here).value == code


@pytest.mark.parametrize("asked", ["auto", "liger", "chunked_nll"])
@pytest.mark.parametrize("targets", ["all-linear+head", "[q_proj, lm_head]"])
def test_an_adapter_on_the_head_gets_the_loss_that_trains_it(asked: str, targets: str) -> None:
    made = recipe(f"training.loss_function={asked}", f"adapter.lora_target_modules={targets}")
    assert choices.loss(made, H200).value == "nll"


@pytest.mark.parametrize("preset", ["prefix", "prompt", "p-tuning"])
def test_adapters_with_tokens_of_their_own_get_the_plain_loss(preset: str) -> None:
    assert choices.loss(recipe(preset=preset), H200).value == "nll"


@pytest.mark.parametrize(("needed", "value"), [(10**9, "off"), (140 * 10**9, "on")])
def test_activations_are_recomputed_only_where_they_do_not_fit(needed: int, value: str) -> None:
    chosen = choices.checkpointing(recipe(), H200, needed)
    assert chosen.value == value
    assert "of 141.0 GB" in chosen.reason


@pytest.mark.parametrize(
    ("measured", "number", "value"),
    [
        (Parity(1e-6, 0.1), "float32", "on"),
        (Parity(0.05, 0.1), "float32", "off"),
        (Parity(0.01, 0.1), "bfloat16", "on"),
        (Parity(0.01, 0.012), "bfloat16", "off"),
        (Parity(float("nan"), 0.1), "float32", "off"),
        (None, "float32", "off"),
    ],
)
def test_packing_only_after_it_was_seen_to_change_nothing(
    measured: Any, number: str, value: str
) -> None:
    assert choices.packing(recipe(), measured, number).value == value
    assert choices.packing(recipe("training.packing=off"), measured, number).value == "off"


def test_attention_falls_back_where_flash_is_not_there() -> None:
    flash = Hardware("cuda", "H200", 141 * 10**9, True, 1, ALL)
    assert choices.attention(recipe(), flash).value == "flash_attention_2"
    assert choices.attention(recipe("model.attention=flash"), H200).value == "sdpa"
    assert choices.attention(recipe("model.attention=eager"), CPU).value == "eager"
