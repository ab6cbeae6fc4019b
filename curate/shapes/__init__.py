"""One file, one conversation shape; found by looking into this folder, never listed by hand.

A shape looks at one record and says which of its columns fill which target, or None; a source
gets the shape that most of its first records have.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from curate.raw.cells import Cells
from curate.sources.fold import Folded

Row = Mapping[str, Any]
Columns = dict[str, str]
"""Target -> column."""


@dataclass(frozen=True)
class Shape:
    """One way to lay a conversation into columns. Of shapes that fit, the lowest rank wins."""

    name: str
    rank: int
    find: Callable[[Row], Columns | None]
    fold: Callable[[Cells, Columns], Folded]


@cache
def found() -> dict[str, Shape]:
    """Every shape by its name, best rank first."""
    modules = [
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    ]
    shapes = sorted((module.SHAPE for module in modules), key=lambda shape: shape.rank)
    return {shape.name: shape for shape in shapes}


def of(row: Row) -> tuple[str, Columns] | None:
    """The shape of one record and its columns; None where none fits."""
    for shape in found().values():
        columns = shape.find(row)
        if columns is not None:
            return shape.name, columns
    return None
