"""Intent: what a run is about to do, as far as it is known before any weight is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from train.approved import NAME, SPLITS, Record, columns_of
from train.backbones import TINY
from train.parameters import Layout
from train.recipe import Recipe
from train.template import Encoded, Template


@dataclass(frozen=True)
class Intent:
    """A recipe, and the model's shape, its template and the approved records where known."""

    recipe: Recipe
    layout: Layout | None = None
    template: Template | None = None
    manifest: Mapping[str, Any] | None = None
    splits: Mapping[str, list[Record]] = field(default_factory=dict)

    @property
    def from_nothing(self) -> bool:
        """Whether every weight of a random model is trained: it can only learn by heart."""
        recipe = self.recipe
        return recipe.adapter.type == "none" and recipe.model.llm_backbone == TINY

    @property
    def records(self) -> list[Record]:
        """All of them, train first."""
        return [record for split in SPLITS for record in self.splits.get(split, [])]

    @property
    def train(self) -> list[Record]:
        """Those that are learnt."""
        return self.splits.get("train", [])

    @cached_property
    def formed(self) -> list[Record]:
        """The training records that the prompt format can be filled from."""
        wanted = NAME.findall(self.recipe.dataset.prompt_format or "")
        return [
            record
            for record in self.train
            if all(str(columns_of(record).get(name) or "").strip() for name in wanted)
        ]

    @cached_property
    def encoded(self) -> list[Encoded]:
        """The tokens of the training records."""
        assert self.template is not None
        return [self.template.encode(record) for record in self.formed]
