"""Parity: is the loss of a record the same when it shares a row with others?

Attention must not look across records of a packed row; whether it does depends on the model, its
attention code and versions, so it is measured on the run's own records before packing is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from train.batches import IGNORED, Batch, collate
from train.generate import resting
from train.prepared import Prepared

PAIRS = 4
"""Packed rows that are compared."""
ALLOWED = {"float32": 1e-3, "bfloat16": 2e-2, "float16": 1e-2}
"""Nats a token that a record's loss may differ by, which is what rounding does to it."""
CLEAR = 3
"""Times smaller than with attention across records, so that the comparison could have failed."""


@dataclass(frozen=True, slots=True)
class Parity:
    """Largest differences of a record's loss, in nats, against the record alone in its row."""

    packed: float
    leaking: float
    """The same where records of a row do see each other."""

    def holds(self, number: str) -> bool:
        """Whether packing changes nothing but speed, in this number format."""
        return self.packed <= ALLOWED[number] and self.packed * CLEAR <= self.leaking

    def __str__(self) -> str:
        return f"{self.packed:.1g} nats a token, {self.leaking:.1g} if they saw each other"


def parity(model: Any, prepared: Prepared, pad: int) -> Parity | None:
    """Compare a few records packed in pairs with the same ones alone; None without a pair."""
    some = spread(prepared.lengths, 2 * PAIRS)
    if len(some) < 2 or prepared.rejected:
        return None
    packed: list[float] = []
    leaking: list[float] = []
    with resting(model):
        for one, other in zip(some[::2], some[1::2], strict=False):
            alone = [
                losses(model, collate(Batch(((n,),)), prepared.encoded, pad, False))[0]
                for n in (one, other)
            ]
            tensors = collate(Batch(((one, other),)), prepared.encoded, pad, True)
            packed += apart(alone, losses(model, tensors))
            positions = torch.arange(tensors["input_ids"].shape[1])[None]
            leaking += apart(alone, losses(model, {**tensors, "position_ids": positions}, tensors))
    return Parity(max(packed), max(leaking))


def apart(some: Sequence[float], others: Sequence[float]) -> list[float]:
    """Absolute differences."""
    return [abs(a - b) for a, b in zip(some, others, strict=True)]


def spread(lengths: Sequence[int], count: int) -> list[int]:
    """Records from the shortest to the longest, the ends included."""
    by_length = sorted(range(len(lengths)), key=lambda n: (lengths[n], n))
    steps = min(count, len(by_length))
    if steps < 2:
        return by_length
    return [by_length[round(n * (len(by_length) - 1) / (steps - 1))] for n in range(steps)]


def losses(
    model: Any, tensors: Mapping[str, Any], cut: Mapping[str, Any] | None = None
) -> list[float]:
    """Mean loss of each record of one row; positions begin anew with each, in `cut` if given."""
    names = tensors.keys() & {"input_ids", "attention_mask", "position_ids"}
    inputs = {name: tensors[name].to(model.device) for name in names}
    logits = model(**inputs, use_cache=False).logits[0, :-1].float().cpu()
    labels = tensors["labels"][0, 1:]
    each = torch.nn.functional.cross_entropy(logits, labels, ignore_index=IGNORED, reduction="none")
    places = (cut or tensors).get("position_ids")
    begins = [0] if places is None else (places[0] == 0).nonzero().flatten().tolist()
    spans = zip(begins, [*begins[1:], len(labels) + 1], strict=True)
    return [float(each[a:b][labels[a:b] != IGNORED].mean()) for a, b in spans]
