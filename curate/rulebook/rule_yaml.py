"""Strict YAML 1.2: no aliases, no key twice, no null, and every error says file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from curate.errors import BadRule, unknown

MAX_BYTES = 1024 * 1024  # of one rule file; a larger one is not written by a person

SCALARS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text, 0),
    "float": float,
}


def composed(label: str, raw: bytes) -> Node | None:
    """The tree of a file, null for an empty one; BadRule where it is not YAML."""
    if len(raw) > MAX_BYTES:
        raise BadRule(f"{label}: {len(raw)} bytes; a rule file holds at most {MAX_BYTES}")
    try:
        text = raw.decode("utf-8-sig")
        return cast("Node | None", YAML(typ="safe", pure=True).compose(text))
    except UnicodeDecodeError as error:
        raise BadRule(f"{label}: not UTF-8 at byte {error.start}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark is not None else ""
        raise BadRule(f"{label}{line}: {error.problem or error.context}") from error
    except YAMLError as error:
        raise BadRule(f"{label}: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise BadRule(f"{label}: nested too deeply for a rule file") from error


@dataclass(frozen=True, slots=True)
class Nodes:
    """Reads plain values out of nodes of the file `label`; `what` names the value in errors."""

    label: str

    def place(self, node: Node) -> str:
        return f"{self.label}:{node.start_mark.line + 1}"

    def fail(self, node: Node, message: str) -> NoReturn:
        raise BadRule(f"{self.place(node)}: {message}")

    def entries(self, node: Node, what: str) -> Iterator[tuple[str, Node, Node]]:
        """(key, its node, value node) of a mapping."""
        self.no_alias(node)
        if not isinstance(node, MappingNode):
            self.fail(node, f"{what} must be a mapping, as `key: value` lines")
        lines: dict[str, int] = {}
        for key_node, value in node.value:
            key = self.text(key_node, f"a key of {what}")
            if key in lines:
                self.fail(key_node, f"{what} has {key!r} twice, first in line {lines[key]}")
            lines[key] = key_node.start_mark.line + 1
            yield key, key_node, value

    def items(self, node: Node, what: str) -> list[Node]:
        self.no_alias(node)
        if not isinstance(node, SequenceNode) or not node.value:
            self.fail(node, f"{what} must be a list with at least one entry")
        return list(node.value)

    def scalar(self, node: Node, what: str) -> Any:
        """A text, number, true or false."""
        self.no_alias(node)
        kind = str(node.tag).rpartition(":")[2]
        if not isinstance(node, ScalarNode) or kind not in SCALARS:
            self.fail(node, f"{what} must be one value: a text, a number, true or false")
        try:
            return SCALARS[kind](node.value)
        except ValueError:
            self.fail(node, f"{what}: {node.value!r} is not a number written the usual way")

    def text(self, node: Node, what: str) -> str:
        value = self.scalar(node, what)
        if not isinstance(value, str):
            self.fail(node, f"{what} must be text; put it in quotes")
        if not value.strip():
            self.fail(node, f"{what} is empty; write some text, or leave the line out")
        return value

    def flag(self, node: Node, what: str) -> bool:
        value = self.scalar(node, what)
        if not isinstance(value, bool):
            self.fail(node, f"{what} must be true or false")
        return value

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        return tuple(self.text(entry, f"an entry of {what}") for entry in self.items(node, what))

    def one_of(self, node: Node, what: str, allowed: Iterable[str]) -> str:
        value = self.text(node, what)
        if value not in allowed:
            self.fail(node, unknown(what, value, allowed))
        return value

    def no_alias(self, node: Node) -> None:
        if node.anchor:
            self.fail(node, f"anchors and aliases (&{node.anchor}) are not allowed; write it out")
