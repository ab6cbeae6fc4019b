"""Asking: what the tuned model shows of each answer that it got wrong, after evaluation.

The gradient of its own wrong answer at every moment of training, in the sketch of the records; the
same question in other words and by chance; and what the base says. Dev records only, never test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from train.approved import Approved, Record
from train.evaluate import Answered, evaluate
from train.failures import Failure, reasons
from train.generate import answer_losses, generate, in_batches
from train.model import Loaded
from train.recipe import Recipe
from train.template import Encoded, Template
from train.tracing.capture import Captured, Table
from train.tracing.rewording import asked_otherwise, with_answer
from train.tracing.sketch import DIMENSION, Sketcher, as_bytes

TEMPERATURE = 0.8
ROOM = 2
"""Answers to other wordings may be so many times as long as the longest wrong one."""
SPARE_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """One wrong answer, and what else the model says to its prompt."""

    record_id: str
    paraphrases: tuple[str, ...]
    answers: tuple[str, ...]
    sampled: tuple[str, ...]
    base_answer: str
    base_right: bool
    wrong_loss: float
    """Nats a token of its own wrong answer."""
    reference_loss: float


@dataclass(frozen=True)
class Looked:
    """All wrong answers that were looked into, and their sketches at each moment."""

    asked: tuple[Asked, ...]
    sketches: tuple[Table, ...]


@dataclass(frozen=True)
class Model:
    """The tuned model with what is needed to ask it."""

    recipe: Recipe
    loaded: Loaded
    template: Template

    @property
    def size(self) -> int:
        """Prompts at once."""
        return self.recipe.evaluate.generation.batch_size

    def said(self, records: Sequence[Record], most: int, **options: Any) -> list[str]:
        """Answers of at most so many tokens."""
        made = generate(
            self.loaded.model, self.loaded.tokenizer,
            [self.template.prompt_ids(record) for record in records],
            stops=self.template.stops, max_new_tokens=most, batch_size=self.size, options=options,
        )  # fmt: skip
        return [one.text for one in made]

    def losses(self, encoded: Sequence[Encoded]) -> list[float]:
        """Nats a token of the answers."""
        return answer_losses(self.loaded.model, self.loaded.tokenizer, encoded, self.size)


def look_into(
    place: Path,
    model: Model,
    approved: Approved,
    captured: Captured,
    found: Sequence[Failure],
    baseline: Sequence[Answered],
) -> Looked:
    """Ask about the worst failures; the adapter of `place` is the model's again afterwards."""
    chosen = found[: model.recipe.trace.failures]
    by_id = {record.record_id: record for record in approved.records("dev")}
    records = [by_id[failure.record_id] for failure in chosen]
    wrong = [
        model.template.encode(with_answer(record, failure.answer))
        for record, failure in zip(records, chosen, strict=True)
    ]
    sketches = wrong_sketches(place, model, captured, wrong)
    if not records:
        return Looked((), sketches)
    others = [*approved.records("dev"), *approved.records("train")]
    longest = max(sum(one.trained) for one in wrong)
    most = min(model.recipe.evaluate.generation.max_new_tokens, ROOM * longest + SPARE_TOKENS)
    otherwise = reworded(model, records, others, most)
    drawn = sampled(model, records, most)
    base = of_base(model, records, baseline)
    losses = zip(
        model.losses(wrong), model.losses([model.template.encode(one) for one in records]),
        strict=True,
    )  # fmt: skip
    asked = [
        Asked(
            record.record_id, tuple(prompt for prompt, _ in said), tuple(text for _, text in said),
            tuple(texts), one.answer, not list(reasons(one, None)), *both,
        )
        for record, said, texts, one, both in zip(
            records, otherwise, drawn, base, losses, strict=True
        )
    ]  # fmt: skip
    return Looked(tuple(asked), sketches)


def wrong_sketches(
    place: Path, model: Model, captured: Captured, wrong: Sequence[Encoded]
) -> tuple[Table, ...]:
    """The sketch of each wrong answer's gradient, at the adapter of every moment."""
    sketcher = Sketcher(model.loaded.model, captured.seed)
    made = []
    try:
        for moment in captured.moments:
            model.loaded.restore(captured.adapter(moment))
            made.append(gradients(model, sketcher, wrong))
    finally:
        model.loaded.restore(place / "adapter")
    return tuple(made)


def gradients(model: Model, sketcher: Sketcher, encoded: Sequence[Encoded]) -> Table:
    """One forward and backward pass for each, some at once."""
    from train.batches import IGNORED, Batch, collate, places

    tuned, pad = model.loaded.model, model.loaded.tokenizer.pad_token_id

    def sketch(some: Sequence[Encoded]) -> list[Table]:
        batch = Batch(tuple((number,) for number in range(len(some))))
        tensors = collate(batch, some, pad, packed=False)
        labels = tensors["labels"].to(tuned.device)
        inputs = {name: tensors[name].to(tuned.device) for name in ("input_ids", "attention_mask")}
        where = places(batch, [len(one.ids) for one in some], labels.shape[1]).to(tuned.device)
        with torch.enable_grad(), sketcher.watching(where):
            logits = tuned(**inputs, use_cache=False).logits[:, :-1].float()
        targets = labels[:, 1:]
        each = torch.nn.functional.cross_entropy(
            logits.transpose(1, 2), targets, ignore_index=IGNORED, reduction="none"
        )
        means = each.sum(1) / (targets != IGNORED).sum(1).clamp(min=1)
        means.sum().backward()
        tuned.zero_grad(set_to_none=True)
        return list(as_bytes(sketcher.taken()))

    tuned.eval()
    rows = in_batches(encoded, model.size, sketch, cost=lambda one: len(one.ids))
    return np.stack(rows) if rows else np.empty((0, DIMENSION), np.int8)


def reworded(
    model: Model, records: Sequence[Record], others: Sequence[Record], most: int
) -> list[list[tuple[str, str]]]:
    """Other wordings of each prompt with their answers."""
    count = model.recipe.trace.paraphrases
    asked = [asked_otherwise(record, others, count) for record in records]
    flat = [one for each in asked for one in each]
    answers = iter(model.said(flat, most) if flat else [])
    return [[(one.prompt, next(answers)) for one in each] for each in asked]


def sampled(model: Model, records: Sequence[Record], most: int) -> list[list[str]]:
    """Answers to each prompt that are drawn by chance, the same ones for the same seed."""
    rounds = []
    for number in range(model.recipe.trace.samples):
        with torch.random.fork_rng():
            torch.manual_seed(model.recipe.run.seed + number)
            rounds.append(model.said(records, most, do_sample=True, temperature=TEMPERATURE))
    return [[said[n] for said in rounds] for n in range(len(records))]


def of_base(
    model: Model, records: Sequence[Record], baseline: Sequence[Answered]
) -> list[Answered]:
    """What the base said before training, else what it says with the adapter off."""
    known = {one.record_id: one for one in baseline}
    missing = [record for record in records if record.record_id not in known]
    if missing:
        with model.loaded.as_baseline() as base:
            to = (base, model.loaded.tokenizer, model.template)
            known |= {one.record_id: one for one in evaluate(*to, missing, model.recipe.evaluate)}
    return [known[record.record_id] for record in records]
