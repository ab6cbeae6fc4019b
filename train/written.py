"""Written: a small YAML file as plain values, and the line that each one stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from train.errors import BadRecipe

MAX_BYTES = 1024 * 1024  # of one recipe; a larger one is not written by a person

Path = tuple[str, ...]
"""Keys from the top to a value."""


def read(label: str, raw: bytes) -> tuple[dict[str, Any], dict[Path, str]]:
    """The values of a file and the place of each key; BadRecipe with file and line."""
    if len(raw) > MAX_BYTES:
        raise BadRecipe(f"{label}: {len(raw)} bytes; a recipe holds at most {MAX_BYTES}")
    try:
        text = raw.decode("utf-8-sig")
        root = YAML(typ="safe", pure=True).compose(text)
        places = dict(lines(label, root, ()))
        values = YAML(typ="safe", pure=True).load(text)
    except UnicodeDecodeError as error:
        raise BadRecipe(f"{label}: not UTF-8 at byte {error.start}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark is not None else ""
        raise BadRecipe(f"{label}{line}: {error.problem or error.context}") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise BadRecipe(f"{label}: {' '.join(str(error).split())}") from error
    if values is None:
        return {}, {}
    if not isinstance(values, dict):
        raise BadRecipe(f"{label}: a recipe is `key: value` lines, not {type(values).__name__}")
    return values, places


def lines(label: str, node: Node | None, path: Path) -> Iterator[tuple[Path, str]]:
    """(path, file:line) of every key; anchors are refused."""
    if node is None:
        return
    place = f"{label}:{node.start_mark.line + 1}"
    if node.anchor:
        raise BadRecipe(f"{place}: anchors and aliases (&{node.anchor}) are not allowed")
    if isinstance(node, MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield inner, f"{label}:{key.start_mark.line + 1}"
            yield from lines(label, value, inner)
    elif isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            yield from lines(label, value, (*path, str(number)))


def value(text: str, said: str) -> Any:
    """The value of `--set KEY=VALUE`, read as in a file."""
    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError) as error:
        raise BadRecipe(f"--set {said}: {' '.join(str(error).split())}") from error
