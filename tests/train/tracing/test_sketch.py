"""Sketches: each record's own gradient, whoever shares its batch or its row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.train.snapshots import rows
from train.approved import record_of
from train.batches import Batch, collate, places
from train.model import Loaded, load
from train.quiet import quiet
from train.recipe import load as recipe_of
from train.template import Encoded, template_of
from train.tracing.sketch import DIMENSION, Sketcher, as_bytes, layer, pairs

ALONE = ((0,), (1,), (2,), (3,))
PACKED = ((0, 1, 2), (3,))
SEEDS = 16


@pytest.fixture(scope="module", params=["lora", "dora", "nf4"])
def loaded(request: pytest.FixtureRequest) -> Loaded:
    """The tiny model with an adapter whose B is not zero any more."""
    kind = request.param
    changes = ["model.llm_backbone=tiny", f"adapter.type={'dora' if kind == 'dora' else 'lora'}"]
    stored = "nf4" if kind == "nf4" else "none"
    made = load(recipe_of("lora", [*changes, f"model.quantization.type={stored}"]))
    chance = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, each in made.model.named_parameters():
            if "lora_B" in name:
                each.copy_(torch.randn(each.shape, generator=chance) / 4)
    return made


@pytest.fixture(scope="module")
def encoded(loaded: Loaded) -> list[Encoded]:
    """Four records, two of them Japanese."""
    template = template_of(recipe_of("lora"), loaded.tokenizer)
    made = [record_of({**row, "annotations": None}) for row in rows(train=14)]
    return [template.encode(record) for record in (made[0], made[3], made[10], made[12])]


def sketched(
    loaded: Loaded,
    encoded: Sequence[Encoded],
    order: Any,
    packed: bool,
    swap: bool = False,
    seed: int = 3,
) -> torch.Tensor:
    """A sketch of each record's mean loss, from one pass over all."""
    batch = Batch(order)
    tensors = collate(batch, encoded, loaded.tokenizer.pad_token_id, packed)
    labels = tensors.pop("labels")
    numbers = tensors.pop("records")
    where = places(batch, [len(one.ids) for one in encoded], labels.shape[1])
    loaded.model.train()
    sketcher = Sketcher(loaded.model, seed)
    with sketcher.watching(where.flip(0) if swap else where):
        logits = loaded.model(**tensors, use_cache=False).logits[:, :-1].float()
    losses = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), labels[:, 1:].flatten(), reduction="sum", ignore_index=-100
    )
    losses.backward()
    loaded.model.zero_grad()
    counts = [sum(one.trained[1:]) for one in (encoded[n] for n in numbers)]
    return sketcher.taken() / torch.tensor(counts, dtype=torch.float32)[:, None]


def whole(loaded: Loaded, one: Encoded) -> torch.Tensor:
    """The gradient of a record's mean loss at the watched matrices, by autograd."""
    ids = torch.tensor([one.ids])
    labels = torch.tensor(
        [
            [
                i if t and n else -100
                for n, (i, t) in enumerate(zip(one.ids, one.trained, strict=True))
            ]
        ]
    )
    loss = loaded.model(input_ids=ids, use_cache=False).logits[:, :-1].float().flatten(0, 1)
    mean = torch.nn.functional.cross_entropy(loss, labels[:, 1:].flatten(), ignore_index=-100)
    weights = [each.weight for pair in pairs(loaded.model) for each in (pair.a, pair.b)]
    return torch.cat([each.flatten() for each in torch.autograd.grad(mean, weights)])


@pytest.mark.parametrize("recomputed", [False, True])
@pytest.mark.parametrize(("order", "packed"), [(ALONE, False), (PACKED, True)])
def test_each_record_has_the_sketch_that_it_has_alone(
    loaded: Loaded, encoded: list[Encoded], order: Any, packed: bool, recomputed: bool
) -> None:
    alone = torch.cat([sketched(loaded, [one], ((0,),), False) for one in encoded])
    with quiet():
        if recomputed:
            loaded.model.enable_input_require_grads()
            loaded.model.gradient_checkpointing_enable({"use_reentrant": False})
        together = sketched(loaded, encoded, order, packed)
        loaded.model.gradient_checkpointing_disable()
    assert together.shape == (4, DIMENSION)
    assert torch.allclose(together, alone, atol=1e-3 * float(alone.abs().max()))
    mixed = sketched(loaded, encoded, order, packed, swap=True)  # another record's places
    assert not torch.allclose(mixed.flip(0), alone.flip(0), atol=0.1 * float(alone.abs().max()))


def test_dot_products_are_near_those_of_whole_gradients(
    loaded: Loaded, encoded: list[Encoded]
) -> None:
    gradients = torch.stack([whole(loaded, one) for one in encoded])
    norms = gradients.norm(dim=1)
    exact = gradients @ gradients.T / norms[:, None] / norms
    drawn = [sketched(loaded, encoded, ALONE, False, seed=seed) for seed in range(SEEDS)]
    near = torch.stack([made @ made.T / norms[:, None] / norms for made in drawn])
    assert (near.mean(0) - exact).abs().max() < 4 * float(near.std(0).max()) / SEEDS**0.5
    unit = torch.stack([made / made.norm(dim=1, keepdim=True) for made in drawn])
    assert (unit @ unit.transpose(1, 2) - exact).square().mean().sqrt() < 0.15


def test_bytes_keep_direction_and_zero() -> None:
    chance = np.random.default_rng(0)
    made = torch.from_numpy(chance.normal(size=(5, DIMENSION)).astype(np.float32))
    made[2] = 0
    said = as_bytes(made).astype(np.float32)
    assert np.abs(said).max(1).tolist() == [127, 127, 0, 127, 127]
    for row in (0, 1, 3, 4):
        cosine = said[row] @ made[row].numpy() / np.linalg.norm(said[row]) / made[row].norm()
        assert float(cosine) > 0.999


def test_a_gradient_that_is_no_number_is_not_captured() -> None:
    broken = torch.tensor([[1.0, -2.0], [float("nan"), 1.0], [float("inf"), 1.0], [0.0, 0.0]])
    assert as_bytes(broken).tolist() == [[64, -127], [0, 0], [0, 0], [0, 0]]


def test_the_middle_third_is_watched(loaded: Loaded) -> None:
    assert {layer(pair.name) for pair in pairs(loaded.model)} == {0, 1}
    assert len(pairs(loaded.model)) == 14
    assert layer("base_model.model.lm_head") == -1


def test_seeds_differ(loaded: Loaded, tmp_path: Path) -> None:
    one, other, again = (Sketcher(loaded.model, seed) for seed in (1, 2, 1))
    assert not torch.equal(one.buckets, other.buckets)
    assert torch.equal(one.buckets, again.buckets)
