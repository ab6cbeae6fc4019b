"""Batches: which records are in one forward pass, in which row, for the whole run in advance.

The order is a pure function of lengths, weights, settings and seed, so that a resumed run goes on
in the same order, and the records of every step are known by name however they are packed. Packing
joins records of one batch into fewer rows; it never changes which records share a step.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from train.template import Encoded

IGNORED = -100
"""A label that is not learnt."""
WINDOW = 32
"""Batches whose records are sorted by length together; the order of batches stays random."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one forward pass, each with the positions of its records in the prepared list."""

    rows: tuple[tuple[int, ...], ...]

    @property
    def records(self) -> list[int]:
        """The records of all rows."""
        return [number for row in self.rows for number in row]


@dataclass(frozen=True, slots=True)
class Order:
    """What decides the order of a run."""

    seed: int
    epochs: float
    batch_size: int
    drop_last: bool = False
    row_tokens: int | None = None
    """Most tokens in a packed row; None keeps every record in a row of its own."""
    processes: int = 1


def batches(lengths: Sequence[int], order: Order, weights: Sequence[float] = ()) -> list[Batch]:
    """All batches of a run; `weights` says how often each record is seen in an epoch."""
    return [batch for epoch in by_epoch(lengths, order, weights) for batch in epoch]


def by_epoch(
    lengths: Sequence[int], order: Order, weights: Sequence[float] = ()
) -> list[list[Batch]]:
    """The batches of each epoch, of which the last may be a part only."""
    made = []
    for epoch in range(math.ceil(order.epochs)):
        chance = random.Random(f"{order.seed}/{epoch}")
        of_epoch = [
            Batch(in_rows(chunk, lengths, order.row_tokens))
            for chunk in grouped(drawn(len(lengths), weights, chance), lengths, order, chance)
        ]
        share = min(1.0, order.epochs - epoch)
        made.append(even(of_epoch[: math.ceil(len(of_epoch) * share)], order.processes))
    return made


def drawn(count: int, weights: Sequence[float], chance: random.Random) -> list[int]:
    """The records of one epoch in random order; a weight of 1.5 is once, and again every other."""
    numbers = list(range(count))
    if weights:
        times = (int(w) + (chance.random() < w - int(w)) for w in weights)
        numbers = [n for n, often in zip(numbers, times, strict=True) for _ in range(often)]
    chance.shuffle(numbers)
    return numbers


def grouped(
    numbers: Sequence[int], lengths: Sequence[int], order: Order, chance: random.Random
) -> list[list[int]]:
    """Batches of records of like length, in random order; the short batch comes last."""
    size, window = order.batch_size, order.batch_size * WINDOW
    left = len(numbers) % size
    whole, rest = numbers[: len(numbers) - left], list(numbers[len(numbers) - left :])
    chunks: list[list[int]] = []
    for start in range(0, len(whole), window):
        alike = sorted(whole[start : start + window], key=lambda n: (-lengths[n], n))
        chunks += [alike[at : at + size] for at in range(0, len(alike), size)]
    chance.shuffle(chunks)
    return chunks if order.drop_last or not rest else [*chunks, rest]


def in_rows(
    chunk: Sequence[int], lengths: Sequence[int], row_tokens: int | None
) -> tuple[tuple[int, ...], ...]:
    """First-fit decreasing: each record into the first row that still has room."""
    if row_tokens is None:
        return tuple((number,) for number in chunk)
    rows: list[tuple[int, list[int]]] = []
    for number in sorted(chunk, key=lambda n: (-lengths[n], n)):
        at = next(
            (i for i, (used, _) in enumerate(rows) if used + lengths[number] <= row_tokens), -1
        )
        if at < 0:
            rows.append((lengths[number], [number]))
        else:
            rows[at] = (rows[at][0] + lengths[number], [*rows[at][1], number])
    return tuple(tuple(row) for _, row in rows)


def even(made: list[Batch], processes: int) -> list[Batch]:
    """As many batches for each process: large ones are halved, empty ones fill up the rest."""
    while len(made) % processes:
        largest = max(range(len(made)), key=lambda n: len(made[n].rows))
        rows = made[largest].rows
        if len(rows) < 2:
            return [*made, *[Batch(())] * (-len(made) % processes)]
        half = len(rows) // 2
        made[largest : largest + 1] = [Batch(rows[:half]), Batch(rows[half:])]
    return made


def collate(batch: Batch, encoded: Sequence[Encoded], pad: int, packed: bool) -> dict[str, Any]:
    """The tensors of a batch: padded on the right with a mask, or packed with positions."""
    rows = [[encoded[number] for number in row] for row in batch.rows] or [[EMPTY]]
    width = max(sum(len(record.ids) for record in row) for row in rows)
    ids = torch.full((len(rows), width), pad)
    labels = torch.full((len(rows), width), IGNORED)
    positions = torch.arange(width).repeat(len(rows), 1)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    for at, row in enumerate(rows):
        start = 0
        for record in row:
            stop = start + len(record.ids)
            ids[at, start:stop] = torch.tensor(record.ids)
            labels[at, start:stop] = torch.tensor(labels_of(record))
            positions[at, start:] = torch.arange(width - start)  # padding begins a text of its own
            positions[at, stop:] = torch.arange(width - stop)
            mask[at, start:stop] = 1
            start = stop
    where = {"position_ids": positions} if packed else {"attention_mask": mask}
    return {"input_ids": ids, "labels": labels, "records": batch.records, **where}


def places(batch: Batch, lengths: Sequence[int], width: int) -> torch.Tensor:
    """Where the tokens of each record lie in a flattened batch of rows of this width.

    One row a record, in the order of `batch.records`; -1 behind a record's end.
    """
    longest = max((lengths[number] for number in batch.records), default=0)
    made = torch.full((len(batch.records), longest), -1)
    at = iter(made)
    for row, numbers in enumerate(batch.rows):
        start = row * width
        for number in numbers:
            next(at)[: lengths[number]] = torch.arange(start, start + lengths[number])
            start += lengths[number]
    return made


def labels_of(record: Encoded) -> list[int]:
    """The trained tokens; the first has nothing before it, least of all another record."""
    pairs = zip(record.ids, record.trained, strict=True)
    learnt = [token if trained else IGNORED for token, trained in pairs]
    return [IGNORED, *learnt[1:]]


EMPTY = Encoded("", [0, 0], [False, False])
"""Fills a batch that only keeps another process company."""
