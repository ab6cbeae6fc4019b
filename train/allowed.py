"""Allowed: what a setting may be, in words that a recipe's writer knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS = {
    "int": "a whole number", "float": "a number", "finite_number": "a finite number",
    "string": "a text", "bool": "true or false", "tuple": "a list of texts",
    "string_pattern_mismatch": "letters, digits, '_', '.' and '-' only",
}  # fmt: skip
"""By pydantic's name of a fault, or the beginning of it."""
BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
SECTIONS = ("model_type", "model_attributes_type", "dict_type")


def allowed(error: Mapping[str, Any], key: str) -> str:
    """What would have been right where pydantic found this fault."""
    kind, limits = str(error["type"]), error.get("ctx") or {}
    if kind in SECTIONS:
        return f"a section of settings, as {key}.NAME=VALUE"
    if "expected" in limits:
        return str(limits["expected"])
    for bound, word in BOUNDS.items():
        if bound in limits:
            return f"{word} {limits[bound]:g}"
    said = KINDS.get(kind) or KINDS.get(kind.partition("_")[0])
    return said or str(error["msg"])
