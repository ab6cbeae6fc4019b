"""Setting: how large a part is measured, and where its files may lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from train.recipe import Recipe, load

T = TypeVar("T")
Row = Mapping[str, str | int | float | bool | None]
"""What was measured of one case; `holds` says whether it is as it must be, None is unmeasured."""

MINIATURE = "tiny"
"""The shape that stands for every other one in small."""


@dataclass(frozen=True)
class Setting:
    """In full on a card, or in small anywhere, which shows that the code runs and no figure."""

    small: bool
    scratch: Path
    weights: str | None = None
    """A real model, as `model.llm_backbone` names it."""

    def either(self, small: T, full: T) -> T:
        """A size."""
        return small if self.small else full

    def recipe(self, model: str | Path, *changes: str, preset: str = "qlora-all-linear") -> Recipe:
        """The recipe of a trial; only what is measured differs from the product's defaults."""
        own = (f"model.llm_backbone={model}", "training.save_checkpoint=disable")
        return load(preset, [*own, *changes])


class LeftOut(Exception):
    """A part cannot be measured here, and why."""
