"""Packing is used only where a packed record's loss is that of the record alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from train.approved import open_approved
from train.model import Loaded, load
from train.parity import ALLOWED, Parity, parity, spread
from train.prepared import Prepared, prepare
from train.recipe import load as recipe_of
from train.template import template_of


def ready(approved: Path, backbone: Path, *changes: str) -> tuple[Loaded, Prepared]:
    recipe = recipe_of("smoke-cpu", [f"model.llm_backbone={backbone}", *changes])
    loaded = load(recipe)
    template = template_of(recipe, loaded.tokenizer)
    return loaded, prepare(open_approved(approved), template, recipe)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_this_model_keeps_packed_records_apart(
    approved: Path, backbone: Path, attention: str
) -> None:
    loaded, prepared = ready(approved, backbone, f"model.attention={attention}")
    measured = parity(loaded.model, prepared, loaded.tokenizer.pad_token_id)
    assert measured is not None
    assert measured.holds("float32")
    assert measured.leaking > ALLOWED["float32"]


def test_a_model_that_looks_across_records_is_found_out(approved: Path, backbone: Path) -> None:
    loaded, prepared = ready(approved, backbone)
    seeing = loaded.model.get_base_model().forward

    def blind(*given: Any, position_ids: Any = None, **named: Any) -> Any:
        width = named["input_ids"].shape[1]
        return seeing(*given, position_ids=torch.arange(width)[None], **named)

    loaded.model.get_base_model().forward = blind
    measured = parity(loaded.model, prepared, loaded.tokenizer.pad_token_id)
    assert measured is not None
    assert not measured.holds("float32")


def test_a_comparison_that_could_not_have_failed_proves_nothing() -> None:
    assert not Parity(packed=1e-9, leaking=1e-9).holds("float32")


def test_one_record_cannot_be_compared(approved: Path, backbone: Path) -> None:
    loaded, prepared = ready(approved, backbone, "dataset.sample={n: 1}")
    assert parity(loaded.model, prepared, 0) is None


def test_shortest_and_longest_are_among_the_compared() -> None:
    assert spread([9, 1, 5, 3, 7], 3) == [1, 2, 0]
