"""Forgetting: how much worse the tuned model knows what it was not trained on.

Loss on a small general text in English and Japanese that comes along, the Kullback-Leibler
divergence from the base model on the same tokens, and losses on earlier test sets. The limit is the
recipe's `gates.forgetting_delta`, in nats a token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.resources import files
from statistics import fmean
from typing import TYPE_CHECKING, Any

from train.errors import BadModel
from train.generate import adds_tokens, answer_logits, answer_losses, in_batches, resting

if TYPE_CHECKING:
    import torch

    from train.approved import Record
    from train.template import Template

LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True)
class Known:
    """One text as tokens; everything after the first token is predicted."""

    ids: Sequence[int]

    @property
    def trained(self) -> Sequence[bool]:
        """All of it counts."""
        return [True] * len(self.ids)


@dataclass(frozen=True, slots=True)
class Forgot:
    """What became of one set of texts; losses and divergence in nats a token."""

    name: str  # en, ja, or the earlier test set
    texts: int
    before: float
    after: float
    divergence: float | None  # KL(base || tuned); None where only losses were compared

    @property
    def delta(self) -> float:
        """How much the loss rose."""
        return self.after - self.before

    def as_dict(self) -> dict[str, Any]:
        """For run.json."""
        return {**asdict(self), "delta": self.delta}


def general(language: str) -> list[str]:
    """The sentences of one language that come along."""
    text = (files("train") / "general" / f"{language}.txt").read_text(encoding="utf-8")
    return text.splitlines()


def forgotten(
    tuned: Any,
    tokenizer: Any,
    base: Callable[[], Any] | None = None,
    batch_size: int = 8,
) -> list[Forgot]:
    """Compare the tuned model with its base on the general text.

    An adapter is switched off to have the base; a fully trained model needs `base`, which loads it.
    """
    before = base() if base is not None else None
    told = []
    for language in LANGUAGES:
        known = [Known(ids) for ids in tokenized(tokenizer, general(language))]
        costs: list[tuple[float, float, float]] = []
        for at in range(0, len(known), batch_size):
            some = known[at : at + batch_size]  # a whole vocabulary for each token: a few at once
            with untuned(tuned, before) as model:
                first = log_chances(model, tokenizer, some)
            costs += _costs(some, first, log_chances(tuned, tokenizer, some))
        told.append(Forgot(language, len(known), *map(fmean, zip(*costs, strict=True))))
    return told


def forgotten_tests(
    tuned: Any,
    tokenizer: Any,
    template: Template,
    sets: Mapping[str, Sequence[Record]],
    base: Callable[[], Any] | None = None,
    batch_size: int = 8,
) -> list[Forgot]:
    """The same by the losses on the answers of earlier test sets, by name."""
    told = []
    for name, records in sets.items():
        encoded = [one for r in records if any((one := template.encode(r)).trained)]
        if not encoded:
            continue
        with untuned(tuned, base() if base is not None else None) as model:
            before = fmean(answer_losses(model, tokenizer, encoded, batch_size))
        after = fmean(answer_losses(tuned, tokenizer, encoded, batch_size))
        told.append(Forgot(name, len(encoded), before, after, None))
    return told


def over_limit(forgot: Sequence[Forgot], limit: float) -> list[Forgot]:
    """The sets on which the loss rose by more than the limit."""
    return [one for one in forgot if one.delta > limit]


@contextmanager
def untuned(model: Any, base: Any | None) -> Iterator[Any]:
    """The model as it was before training."""
    if base is not None:
        yield base
    elif hasattr(model, "disable_adapter"):
        with model.disable_adapter():
            yield model
    else:
        raise BadModel("a model trained without an adapter is compared with its base loaded anew")


def tokenized(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    """The ids of each text; of two tokens at least, so that one can be predicted."""
    rows = [list(tokenizer(text)["input_ids"]) for text in texts]
    return [row for row in rows if len(row) > 1]


def log_chances(model: Any, tokenizer: Any, known: Sequence[Known]) -> list[torch.Tensor]:
    """For each text the log probability of every token at every place."""
    import torch

    def measure(some: Sequence[Known]) -> list[torch.Tensor]:
        logits = answer_logits(model, tokenizer, some)
        return [torch.log_softmax(one.float(), dim=-1).cpu() for one in logits]

    with resting(model):
        return in_batches(
            known, len(known), measure, cost=lambda one: len(one.ids), even=adds_tokens(model)
        )


def _costs(
    known: Sequence[Known], before: list[torch.Tensor], after: list[torch.Tensor]
) -> Iterator[tuple[float, float, float]]:
    """For each token its loss before and after, and the divergence at its place."""
    import torch

    for text, first, second in zip(known, before, after, strict=True):
        wanted = torch.tensor(text.ids[1:])[:, None]
        losses = [-chances.gather(1, wanted)[:, 0] for chances in (first, second)]
        apart = (first.exp() * (first - second)).sum(-1)
        yield from zip(*(column.tolist() for column in (*losses, apart)), strict=True)
