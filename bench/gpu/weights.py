"""Weights: random ones in a model's shape, saved as any model is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from train import shapes, tiny


@contextmanager
def random_model(shape: str, scratch: Path) -> Iterator[Path]:
    """A folder of 16-bit weights (32-bit where there is no card), gone afterwards."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, set_seed

    folder = scratch / shape
    on_card = torch.cuda.is_available()
    set_seed(0)
    config = AutoConfig.for_model(**shapes.shape(shape))
    try:
        with torch.device("cuda" if on_card else "cpu"):
            number = torch.bfloat16 if on_card else torch.float32
            model = AutoModelForCausalLM.from_config(config, dtype=number)
        model.save_pretrained(folder)
        tiny.tokenizer().save_pretrained(folder)
        del model
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
