"""Pre-check: a few steps on the changed records, before whole runs are spent on a proof.

From the earlier run's adapter the records that were edited or added are learnt, and those that were
dropped unlearnt (Welleck et al. 2020, unlikelihood). Where the failure's own wrong answer gets less
likely and the reference more, by more than the same steps on other records do, the repair points
the right way. That is an indication; only retraining proves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from train import tuned
from train.approved import record_of
from train.batches import IGNORED, Batch, collate
from train.generate import answer_losses
from train.model import load
from train.prove.asking import continued
from train.prove.control import drawn
from train.prove.questions import Asked
from train.prove.repair import Row
from train.prove.runs import Both
from train.quiet import quiet
from train.template import Encoded

STEPS = 20
LEAST = 1e-6  # of 1 - p, whose logarithm is taken

Learnt = tuple[Sequence[Row], Sequence[Row]]
"""Rows to learn, rows to unlearn."""
Losses = list[tuple[float, float]]
"""For each failure nats a token of its wrong answer, and of the reference."""


@dataclass(frozen=True, slots=True)
class Indication:
    """Nats a token of a failure's wrong answer and of its reference: smaller is likelier."""

    record_id: str
    wrong: tuple[float, float]  # before the steps, after them
    reference: tuple[float, float]
    control: tuple[float, float]  # wrong answer and reference, after as many steps on other records

    @property
    def points_to_a_fix(self) -> bool:
        """Wrong answer less likely, reference more, and by more than in the control."""
        falls = self.wrong[1] > self.wrong[0]
        rises = self.reference[1] < self.reference[0]
        ahead = self.wrong[1] - self.reference[1] > self.control[0] - self.control[1]
        return falls and rises and ahead


@quiet()
def precheck(both: Both, failures: Sequence[Asked]) -> list[Indication]:
    """An indication for each failure."""
    repair = both.repair
    other = drawn(repair, both.after.recipe.run.seed)
    mended = [*(new for _, new in repair.edited), *repair.added]
    reworded = [*(new for _, new in other.reworded), *other.added]
    before, after = losses(both, failures, (mended, repair.dropped))
    _, control = losses(both, failures, (reworded, other.dropped))
    return [
        Indication(
            one.record.record_id,
            (before[n][0], after[n][0]), (before[n][1], after[n][1]), control[n],
        )
        for n, one in enumerate(failures)
    ]  # fmt: skip


def losses(both: Both, failures: Sequence[Asked], rows: Learnt) -> tuple[Losses, Losses]:
    """Before and after the steps."""
    run = both.before.ran.folder
    of = tuned.opened(run)
    loaded = load(continued(run, of.recipe))
    records = [one.record for one in failures]
    wrong = [
        replace(record, messages=(*record.messages[:-1], ("assistant", one.failure.answer)))
        for record, one in zip(records, failures, strict=True)
    ]
    said = [of.template.encode(record) for record in (*wrong, *records)]
    size = of.recipe.evaluate.generation.batch_size

    def measured() -> Losses:
        each = answer_losses(loaded.model, of.tokenizer, said, size)
        return list(zip(each[: len(wrong)], each[len(wrong) :], strict=True))

    before = measured()
    if loaded.chosen("gradient checkpointing") == "on":
        loaded.model.gradient_checkpointing_enable({"use_reentrant": False})
    encoded = ([of.template.encode(record_of(row)) for row in some] for some in rows)
    learn, unlearn = ([one for one in some if any(one.trained[1:])] for some in encoded)
    a_few_steps(loaded.model, learn, unlearn, of.recipe.training, of.tokenizer.pad_token_id)
    return before, measured()


def a_few_steps(
    model: Any, learn: Sequence[Encoded], unlearn: Sequence[Encoded], training: Any, pad: int
) -> None:
    """Steps of plain AdamW at the recipe's highest learning rate."""
    weights = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=training.learning_rate, weight_decay=0.0)
    size = training.batch_size
    batches = zip(endless(learn, size), endless(unlearn, size), strict=True)
    model.train()
    for some, others in islice(batches, STEPS):
        optimizer.zero_grad()
        for encoded, loss in ((some, learnt), (others, unlearnt)):
            if encoded:
                torch.autograd.backward(loss(*logits(model, encoded, pad)))
        optimizer.step()
    model.eval()


def endless(records: Sequence[Encoded], size: int) -> Iterator[Sequence[Encoded]]:
    """Batches of the records, again and again; empty ones where there is no record."""
    return cycle([records[n : n + size] for n in range(0, max(1, len(records)), size)])


def logits(model: Any, encoded: Sequence[Encoded], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What predicts each learnt token, and these tokens."""
    tensors = collate(Batch(tuple((n,) for n in range(len(encoded)))), encoded, pad, packed=False)
    device = model.device
    said = model(
        input_ids=tensors["input_ids"].to(device),
        attention_mask=tensors["attention_mask"].to(device),
        use_cache=False,
    ).logits[:, :-1]
    labels = tensors["labels"][:, 1:].to(device)
    return said[labels != IGNORED].float(), labels[labels != IGNORED]


def learnt(said: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """Nats a token."""
    return cross_entropy(said, tokens)


def unlearnt(said: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """-log(1 - p) of each token: large while it is likely."""
    likely = said.softmax(-1).gather(1, tokens[:, None])[:, 0]
    return -torch.log((1 - likely).clamp(min=LEAST)).mean()
