"""Shapes: model configurations by name, so that a plan needs neither network nor weights."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from curate.errors import unknown
from train.errors import BadModel


def names() -> list[str]:
    """The shapes that come along."""
    found = (entry.name for entry in files(__name__).iterdir())
    return sorted(name.removesuffix(".json") for name in found if name.endswith(".json"))


def shape(named: str) -> dict[str, Any]:
    """The configuration of a shape's name, a config.json, or a model's folder."""
    path = Path(named)
    file = path / "config.json" if path.is_dir() else path
    if named in names():
        read: dict[str, Any] = json.loads((files(__name__) / f"{named}.json").read_bytes())
        return read
    if not file.is_file():
        raise BadModel(f"no file of that name, and {unknown('shape', named, names())}")
    try:
        read = json.loads(file.read_bytes())
    except ValueError as error:
        raise BadModel(f"{file} is not JSON: {error}") from None
    if not isinstance(read, dict) or "model_type" not in read:
        raise BadModel(f"{file} has no model_type; a model's config.json names it")
    return read
