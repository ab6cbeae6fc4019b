"""Sketch: the gradient of one record in a few thousand numbers, taken as training computes it.

Beside each adapted matrix lie A (r x in) and B (out x r). Hooks project the long sides of their
gradients to `SIDE` numbers, record by record, and a count-sketch adds all of it up in `DIMENSION`
numbers. Dot products of sketches are those of whole gradients, in expectation: the projections have
independent signs of variance 1/SIDE, and so has every number's place in the count-sketch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from train.tracing.clock import Clock

SIDE = 16
"""Numbers that a long side of a gradient is projected to."""
DIMENSION = 4096
"""Numbers of a sketch, one byte each on the disk."""
LARGEST = 127
"""The largest number of a row, as a signed byte."""
LAYER = re.compile(r"\.(\d+)\.")


@dataclass(frozen=True)
class Pair:
    """The two small matrices beside one adapted one."""

    name: str
    a: Any
    b: Any

    @property
    def rank(self) -> int:
        """Rows of A, columns of B."""
        return int(self.a.out_features)


def pairs(model: Any) -> list[Pair]:
    """The adapted matrices in the middle third of the layers; all where none lies there."""
    found = [
        Pair(name, module.lora_A[adapter], module.lora_B[adapter])
        for name, module in model.named_modules()
        for adapter in getattr(module, "lora_A", ())
        if isinstance(module.lora_A[adapter], torch.nn.Linear)
    ]
    layers = int(model.config.get_text_config().num_hidden_layers)
    middle = range(layers // 3, -(-2 * layers // 3))
    return [pair for pair in found if layer(pair.name) in middle] or found


def layer(name: str) -> int:
    """The layer that a matrix lies in; -1 for one outside of them."""
    number = LAYER.search(name)
    return int(number[1]) if number else -1


class Sketcher:
    """Takes sketches of the records of a batch in one forward and backward pass."""

    def __init__(self, model: Any, seed: int, clock: Clock | None = None) -> None:
        self.pairs, self.seed, self.clock = pairs(model), seed, clock or Clock()
        sizes = [pair.rank * SIDE for pair in self.pairs for _ in "ab"]
        chance = np.random.default_rng([seed, 0])
        self.buckets = torch.from_numpy(chance.integers(0, DIMENSION, sum(sizes)))
        self.signs = torch.from_numpy(chance.choice([-1.0, 1.0], sum(sizes)).astype(np.float32))
        self.starts = np.cumsum([0, *sizes]).tolist()
        self.matrices: dict[tuple[Any, ...], torch.Tensor] = {}
        self.places: torch.Tensor | None = None
        self.forward = False
        self.blocks: dict[int, torch.Tensor] = {}
        for number, pair in enumerate(self.pairs):
            pair.a.register_forward_hook(self._hook(2 * number, self._of_a))
            pair.b.register_forward_hook(self._hook(2 * number + 1, self._of_b))

    @contextmanager
    def watching(self, places: torch.Tensor) -> Iterator[None]:
        """Watch the forward pass inside, and the backward pass that follows it, until `taken`.

        `places` are each record's positions in the flattened batch, -1 behind its end. Activations
        that a backward pass recomputes go through the same modules again and are not watched.
        """
        device = places.device
        self.buckets, self.signs = self.buckets.to(device), self.signs.to(device)
        self.places, self.blocks, self.forward = places, {}, True
        try:
            yield
        finally:
            self.forward = False

    def taken(self) -> torch.Tensor:
        """The sketch of each record's part of the gradient: records x DIMENSION."""
        assert self.places is not None
        count = len(self.places)
        made = torch.zeros(count, DIMENSION, device=self.places.device)
        for number, block in self.blocks.items():
            span = slice(self.starts[number], self.starts[number + 1])
            signed = block.flatten(1) * self.signs[span]
            made.scatter_add_(1, self.buckets[span].expand(count, -1), signed)
        self.places, self.blocks = None, {}
        return made

    def _hook(self, number: int, of: Callable[..., Any]) -> Callable[..., None]:
        def watch(module: Any, given: tuple[torch.Tensor, ...], made: Any) -> None:
            if self.forward and made.dim() == 3 and made.requires_grad:
                with self.clock:
                    made.register_hook(of(number, given[0].detach()))

        return watch

    def _of_a(self, number: int, given: torch.Tensor) -> Callable[[torch.Tensor], None]:
        """r x SIDE of the gradient of A: what came in is projected at once, and let go."""
        narrow = self._projected(given)
        return lambda gradient: self._add(number, lambda: (gradient, narrow))

    def _of_b(self, number: int, given: torch.Tensor) -> Callable[[torch.Tensor], None]:
        """SIDE x r of the gradient of B."""
        return lambda gradient: self._add(number, lambda: (self._projected(gradient), given))

    def _add(self, number: int, sides: Callable[[], tuple[torch.Tensor, torch.Tensor]]) -> None:
        """Sum the outer products of two sides over the positions of each record."""
        assert self.places is not None
        with self.clock:
            there = self.places.clamp(min=0)
            inside = (self.places >= 0)[:, :, None]
            left, right = (side.flatten(0, 1)[there].float() for side in sides())
            made = (left * inside).transpose(1, 2) @ right
            before = self.blocks.get(number)
            self.blocks[number] = made if before is None else before + made

    def _projected(self, wide: torch.Tensor) -> torch.Tensor:
        """The last side in SIDE numbers; one matrix for all sides of a width."""
        wide = wide.float() if wide.dtype == torch.float16 else wide  # it would overflow
        width, key = wide.shape[-1], (wide.shape[-1], wide.dtype, wide.device)
        if key not in self.matrices:
            signs = np.random.default_rng([self.seed, width]).choice([-1.0, 1.0], (width, SIDE))
            made = torch.from_numpy(signs / SIDE**0.5)
            self.matrices[key] = made.to(dtype=wide.dtype, device=wide.device)
        return wide.detach() @ self.matrices[key]


def as_bytes(sketches: torch.Tensor) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Each row times 127 over its largest number, as signed bytes.

    A row of zeros stays one, and so becomes a row with a number that is none.
    """
    finite = sketches.isfinite().all(1, keepdim=True)
    known = torch.where(finite, sketches, torch.zeros_like(sketches))
    largest = known.abs().amax(1, keepdim=True).clamp(min=torch.finfo(torch.float32).tiny)
    made: np.ndarray[Any, np.dtype[np.int8]]
    made = (known / largest * LARGEST).round().to(torch.int8).cpu().numpy()
    return made
