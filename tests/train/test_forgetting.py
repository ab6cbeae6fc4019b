"""Forgetting: nothing where nothing changed, more the more the model was broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model

from tests.train import snapshots, tiny
from train.approved import open_approved
from train.errors import BadModel
from train.forgetting import (
    LANGUAGES,
    forgotten,
    forgotten_tests,
    general,
    over_limit,
)
from train.quiet import quiet
from train.recipe import load
from train.template import template_of

TOKENIZER = tiny.tokenizer()


def adapted(strength: float) -> Any:
    """The tiny model with an adapter that pushes it away from its base, so far."""
    sides = LoraConfig(r=4, target_modules=["q_proj", "v_proj", "down_proj"], task_type="CAUSAL_LM")
    with quiet():
        made = get_peft_model(tiny.model(len(TOKENIZER)), sides)
    torch.manual_seed(3)
    for name, weight in made.named_parameters():
        if "lora_B" in name:
            weight.data = strength * torch.randn_like(weight)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_general_text_is_forty_plain_sentences(language: str) -> None:
    texts = general(language)
    assert len(texts) == len(set(texts)) == 40
    assert all(20 <= len(text) <= 100 for text in texts)
    ends = "。" if language == "ja" else "."
    assert all(text.endswith(ends) and text.isascii() == (language == "en") for text in texts)


def test_an_adapter_that_does_nothing_forgets_nothing() -> None:
    for one in forgotten(adapted(0.0), TOKENIZER):
        assert one.texts == 40
        assert one.delta == pytest.approx(0, abs=1e-6)
        assert one.divergence == pytest.approx(0, abs=1e-6)
        assert one.before > 1


def test_the_further_from_the_base_the_more_is_forgotten() -> None:
    near, far = (forgotten(adapted(strength), TOKENIZER) for strength in (0.3, 3.0))
    for one, other in zip(near, far, strict=True):
        assert 0 < (one.divergence or 0) < (other.divergence or 0)
        assert one.before == pytest.approx(other.before, abs=1e-5)
    assert over_limit(far, 0.0)
    assert over_limit(far, 1e9) == []


def test_a_whole_model_is_compared_with_its_base_loaded_anew() -> None:
    tuned, base = tiny.model(len(TOKENIZER), seed=1), tiny.model(len(TOKENIZER))
    [english, _] = forgotten(tuned, TOKENIZER, lambda: base)
    [other, _] = forgotten(base, TOKENIZER, lambda: tuned)
    assert english.before == pytest.approx(other.after, abs=1e-5)
    assert (english.divergence or 0) > 0
    with pytest.raises(BadModel, match="loaded anew"):
        forgotten(tuned, TOKENIZER)


def test_earlier_test_sets_are_measured_by_name(tmp_path: Path) -> None:
    approved = open_approved(snapshots.approve(tmp_path / "approved"))
    template = template_of(load("smoke-cpu"), TOKENIZER)
    sets = {"capitals": approved.records("test"), "nothing": []}
    [told] = forgotten_tests(adapted(0.0), TOKENIZER, template, sets)
    assert (told.name, told.texts, told.divergence) == ("capitals", 2, None)
    assert told.delta == pytest.approx(0, abs=1e-6)
