"""Visits: how well a record's learnt tokens are known each time that training comes to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from train.batches import IGNORED

LOGITS_AT_ONCE = 1 << 25
"""Logits that are held together while learnt tokens are measured."""


class Watcher:
    """Keeps the last hidden states of a forward pass, which every loss computes."""

    def __init__(self, model: Any) -> None:
        self.causal = model.get_base_model()
        self.config = self.causal.config.get_text_config()
        self.hidden: torch.Tensor | None = None
        self.forward = False
        self.causal.base_model.register_forward_hook(self._keep)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the forward pass inside."""
        self.forward = True
        try:
            yield
        finally:
            self.forward = False

    def _keep(self, module: Any, given: Any, made: Any) -> None:
        if self.forward:
            self.hidden = made[0].detach()

    @torch.no_grad()
    def measured(
        self, labels: torch.Tensor, places: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Mean loss in nats, mean margin, and number of the learnt tokens of each record.

        The margin of a token is its log probability less that of the best other token.
        """
        assert self.hidden is not None
        hidden, self.hidden = self.hidden.flatten(0, 1), None
        at = places.clamp(min=0)
        learnt = (labels.flatten()[at] != IGNORED) & (places >= 0)
        record, position = learnt.nonzero()[:, 0], places[learnt]
        tokens = labels.flatten()[position]
        count = learnt.sum(1)
        sums = torch.zeros(2, len(places), device=hidden.device)
        step = max(1, LOGITS_AT_ONCE // int(self.config.vocab_size))
        for start in range(0, len(tokens), step):
            some = slice(start, start + step)
            values = self._known(hidden[position[some] - 1], tokens[some])
            sums.index_add_(1, record[some], values)
        loss, margin = sums / count.clamp(min=1)
        return loss, margin, count

    def _known(self, hidden: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """Loss and margin of each token."""
        head = self.causal.get_output_embeddings()
        logits = shaped(head(hidden.to(head.weight.dtype)).float(), self.config)
        own = logits.gather(1, tokens[:, None])[:, 0]
        loss = logits.logsumexp(1) - own
        best_other = logits.scatter_(1, tokens[:, None], -torch.inf).amax(1)
        return torch.stack([loss, own - best_other])


def shaped(logits: torch.Tensor, config: Any) -> torch.Tensor:
    """Logits as the model's own forward pass scales and caps them."""
    if (scale := getattr(config, "logit_scale", None)) is not None:
        logits = logits * scale
    if (scale := getattr(config, "logits_scaling", None)) is not None:
        logits = logits / scale
    if (cap := getattr(config, "final_logit_softcapping", None)) is not None:
        logits = torch.tanh(logits / cap) * cap
    return logits
