"""Mapped: the columns that the user named with `--map`; never found by looking."""

from __future__ import annotations

from curate.shapes import Shape
from curate.sources.columns import fold_flat

SHAPE = Shape(name="mapped", rank=90, find=lambda _: None, fold=fold_flat)
