"""Small runs with their traces."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as parquet
import pytest
import torch

from train.approved import open_approved
from train.batches import Batch, collate, places
from train.model import load as load_model
from train.recipe import Recipe, load
from train.run import run
from train.template import template_of
from train.tracing.sketch import Sketcher, as_bytes

SMALL = (
    "model.llm_backbone=tiny", "tokenizer.max_length=256", "training.batch_size=2",
    "training.grad_accumulation=2", "training.learning_rate=0.01", "training.epochs=1",
    "evaluate.generation.max_new_tokens=4", "evaluate.few_shot_baseline=0",
    "forgetting.text_probe=false",
)  # fmt: skip


@dataclass(frozen=True)
class Traced:
    """A run and its recipe."""

    place: Path
    recipe: Recipe

    def table(self, name: str) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = parquet.read_table(self.place / name).to_pylist()
        return made

    @property
    def records(self) -> list[dict[str, Any]]:
        return self.table("traces/records.parquet")

    def told(self, name: str = "run.json") -> dict[str, Any]:
        made: dict[str, Any] = json.loads((self.place / name).read_bytes())
        return made


def traced(snapshot: Path, out: Path, *changes: str, preset: str = "lora") -> Traced:
    """A small run."""
    recipe = load(preset, [*SMALL, f"run.output_directory={out}", *changes])
    return Traced(run(recipe, snapshot, tell=[].append), recipe)


def in_first_step_as_alone(made: Traced, approved: Path, rough: float) -> int:
    """How many records the first step had, each of which must give what it gives in a batch of one."""
    loaded = load_model(made.recipe)
    template = template_of(made.recipe, loaded.tokenizer)
    encoded = {
        record.record_id: template.encode(record)
        for record in open_approved(approved).records("train")
    }
    first = {each["record_id"] for each in made.table("ledger.parquet") if each["first_step"] == 1}
    sketches = np.load(made.place / "traces/sketches-1.npy").astype(np.float32)
    sketcher = Sketcher(loaded.model, made.recipe.run.seed)
    looked_at = 0
    for number, each in enumerate(made.records):
        if each["record_id"] not in first:
            continue
        own = alone(loaded, sketcher, encoded[each["record_id"]])
        cosine = cosines(sketches[number], as_bytes(own)[0].astype(np.float32))
        assert cosine > 1 - rough
        assert each["influence"][0] == pytest.approx(float(own.square().sum()), rel=0.05)
        assert each["losses"][0] == pytest.approx(each["base_loss"], abs=10 * rough)
        looked_at += 1
    return looked_at


def alone(loaded: Any, sketcher: Sketcher, one: Any) -> torch.Tensor:
    """The sketch of a record's mean loss, in a batch of one."""
    batch = Batch(((0,),))
    tensors = collate(batch, [one], loaded.tokenizer.pad_token_id, packed=False)
    loaded.model.train()
    with sketcher.watching(places(batch, [len(one.ids)], len(one.ids))):
        loaded.model(
            input_ids=tensors["input_ids"], labels=tensors["labels"], use_cache=False
        ).loss.backward()
    loaded.model.zero_grad()
    return sketcher.taken()


def cosines(one: Any, other: Any) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
