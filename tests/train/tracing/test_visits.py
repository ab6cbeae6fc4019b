"""Visits: where each record's tokens are in a batch, and how well its learnt ones are known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.train.tracing.traced import SMALL
from train.batches import IGNORED, Batch, Order, batches, by_epoch, collate, in_rows, places
from train.model import load as load_model
from train.recipe import load
from train.template import Encoded
from train.tracing.visits import Watcher, shaped

LENGTHS = st.lists(st.integers(2, 20), min_size=1, max_size=12)


def encoded(lengths: list[int]) -> list[Encoded]:
    """Records whose tokens are all different; the first half of each is its prompt."""
    made, start = [], 1
    for length in lengths:
        trained = [n >= length // 2 for n in range(length)]
        made.append(Encoded(str(length), list(range(start, start + length)), trained))
        start += length
    return made


@settings(deadline=None)
@given(LENGTHS, st.sampled_from([None, 24]))
def test_every_token_is_found_in_its_place(lengths: list[int], row_tokens: int | None) -> None:
    records = encoded(lengths)
    batch = Batch(in_rows(list(range(len(lengths))), lengths, row_tokens))
    tensors = collate(batch, records, 0, packed=row_tokens is not None)
    ids = tensors["input_ids"]
    where = places(batch, lengths, ids.shape[1])
    for number, row in zip(batch.records, where, strict=True):
        assert ids.flatten()[row[row >= 0]].tolist() == records[number].ids


@settings(deadline=None)
@given(LENGTHS, st.floats(0.3, 3), st.integers(1, 2))
def test_epochs_in_their_order_are_the_batches_of_a_run(
    lengths: list[int], epochs: float, processes: int
) -> None:
    order = Order(seed=1, epochs=epochs, batch_size=3, processes=processes)
    each = by_epoch(lengths, order)
    assert [batch for epoch in each for batch in epoch] == batches(lengths, order)
    assert len(each) == -int(-epochs // 1)


@pytest.mark.parametrize("rows", [((0,), (1,), (2,)), ((0, 1), (2,))])
def test_loss_and_margin_are_those_of_the_whole_logits(rows: Any) -> None:
    model = load_model(load("lora", SMALL)).model
    records = [Encoded("", each.ids, each.trained) for each in encoded([7, 12, 5])]
    batch, packed = Batch(rows), rows[0] == (0, 1)
    tensors = collate(batch, records, 0, packed)
    labels, _ = tensors.pop("labels"), tensors.pop("records")
    watcher = Watcher(model)
    with watcher.watching():
        logits = model(**tensors, use_cache=False).logits.detach().float().log_softmax(-1)
    where = places(batch, [len(one.ids) for one in records], labels.shape[1])
    loss, margin, count = watcher.measured(labels, where)
    flat, targets = logits.flatten(0, 1), labels.flatten()
    for n, row in enumerate(where):
        learnt = [int(at) for at in row if at >= 0 and targets[at] != IGNORED]
        own = torch.stack([flat[at - 1, targets[at]] for at in learnt])
        others = torch.stack(
            [flat[at - 1][torch.arange(flat.shape[1]) != targets[at]].max() for at in learnt]
        )
        assert int(count[n]) == len(learnt)
        assert float(loss[n]) == pytest.approx(-float(own.mean()), abs=1e-5)
        assert float(margin[n]) == pytest.approx(float((own - others).mean()), abs=1e-5)


def test_logits_are_shaped_as_a_model_shapes_its_own() -> None:
    logits = torch.tensor([[-60.0, 0.0, 30.0]])
    assert torch.equal(shaped(logits, SimpleNamespace()), logits)
    assert shaped(logits, SimpleNamespace(logit_scale=0.5)).tolist() == [[-30, 0, 15]]
    assert shaped(logits, SimpleNamespace(logits_scaling=3.0)).tolist() == [[-20, 0, 10]]
    capped = shaped(logits, SimpleNamespace(final_logit_softcapping=30.0))
    assert capped.abs().max() < 30
