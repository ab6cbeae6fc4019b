"""Rule file: one YAML file in, its rules out, each key checked where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from curate.check import GROUPS
from curate.content.signs import KINDS, Kind
from curate.errors import BadRule, unknown
from curate.finding import SEVERITIES
from curate.rulebook.rule import (
    COLUMNS,
    EXAMPLE_PARTS,
    LANGUAGES,
    CheckText,
    Example,
    Rule,
    RulePack,
    Threshold,
)
from curate.rulebook.rule_pattern import Part, all_of, whole, why_refused
from curate.rulebook.rule_yaml import Nodes, composed

REQUIRED = ("says", "field", "matches", "bad", "good")
CHECK_KEYS = ("says", "says_ja", "group", "why", "why_ja")
NAME = re.compile(r"\w+(-\w+)*")

READ_FIRST = ("parts", "defaults")
OWN = ("says", "says_ja", "matches", "bad", "good")  # what no two rules have in common

Read = Callable[[Node, str], Any]
Result = TypeVar("Result")


def read(label: str, raw: bytes, *, shipped: bool = False) -> RulePack:
    """Parse one file, `label` being its name to the user; BadRule says file, line and cure.

    A shipped pack must say everything in Japanese too.
    """
    name = label.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    root = composed(label, raw)
    if root is None:
        return RulePack(name)
    nodes = Nodes(label)
    top = {key: value for key, _, value in nodes.entries(root, "the file")}
    reader = PackReader(nodes, name, shipped)
    parts = reader.parts(top["parts"]) if "parts" in top else {}
    reader = PackReader(nodes, name, shipped, parts)
    defaults = reader.defaults(top["defaults"]) if "defaults" in top else {}
    return reader.pack(root, defaults)


@dataclass(frozen=True, slots=True)
class PackReader:
    """Turns the nodes of one file into its pack."""

    nodes: Nodes
    name: str
    shipped: bool
    known_parts: Mapping[str, Part] = field(default_factory=dict)

    def pack(self, root: Node, defaults: Mapping[str, Any]) -> RulePack:
        besides: dict[str, Callable[[Node], Any]] = {
            "can": self.can,
            "thresholds": self.thresholds,
            "checks": self.check_texts,
        }
        rules: list[Rule] = []
        values: dict[str, Any] = {}
        for key, at, value in self.nodes.entries(root, "the file"):
            if key in besides:
                values[key] = besides[key](value)
            elif key not in READ_FIRST:
                rules.append(self.rule(key, at, value, defaults))
        return RulePack(self.name, tuple(rules), **values)

    def parts(self, node: Node) -> dict[str, Part]:
        """Pieces of patterns and lists of literals, by name."""
        return {
            name: self.nodes.texts(value, name)
            if isinstance(value, SequenceNode)
            else self.nodes.text(value, name)
            for name, _, value in self.nodes.entries(node, "parts")
        }

    def defaults(self, node: Node) -> dict[str, Any]:
        """What every rule of the file has where it does not say otherwise."""
        keys = {key: read for key, read in self.rule_keys().items() if key not in OWN}
        return self.read_keys(node, "defaults", keys)

    def rule(self, name: str, at: Node, node: Node, defaults: Mapping[str, Any]) -> Rule:
        what = f"rule {name!r}"
        if NAME.fullmatch(name) is None:
            self.nodes.fail(at, f"{what}: a name is made of letters, digits and - between them")
        values = {**defaults, **self.read_keys(node, what, self.rule_keys())}
        for key in (*REQUIRED, "says_ja") if self.shipped else REQUIRED:
            if key not in values:
                self.nodes.fail(at, f"{what} has no {key!r}; every rule needs one")
        for key in ("bad", "good"):
            values[key] = tuple(in_field(example, values["field"]) for example in values[key])
        values.setdefault("check", name)
        return Rule(name=name, pack=self.name, place=self.nodes.place(at), **values)

    def rule_keys(self) -> dict[str, Read]:
        nodes = self.nodes
        return {
            "says": self.sentence,
            "says_ja": self.sentence,
            "check": nodes.text,
            "field": lambda node, what: nodes.one_of(node, what, COLUMNS),
            "language": lambda node, what: nodes.one_of(node, what, LANGUAGES),
            "severity": lambda node, what: nodes.one_of(node, what, SEVERITIES),
            "kind": nodes.text,
            "matches": self.pattern,
            "unless": self.pattern,
            "unless_prompt": self.pattern,
            "valid": self.validator,
            "mask": nodes.flag,
            "begins": self.literals,
            "needs": self.literals,
            "shows": self.kinds,
            "capability": nodes.text,
            "bad": self.examples,
            "good": self.examples,
        }

    def read_keys(self, node: Node, what: str, keys: dict[str, Read]) -> dict[str, Any]:
        """The values of a mapping, each read by its own function."""
        values = {}
        for key, at, value in self.nodes.entries(node, what):
            if key not in keys:
                self.nodes.fail(at, f"{what}: {unknown('key', key, keys)}")
            values[key] = keys[key](value, f"{what}: {key}")
        return values

    def sentence(self, node: Node, what: str) -> str:
        text = self.nodes.text(node, what)
        if "{" in text or "}" in text:
            self.nodes.fail(node, f"{what}: braces have a meaning in messages; leave them out")
        return text

    def pattern(self, node: Node, what: str) -> str:
        written = self.nodes.text(node, what)
        pattern = self.expanded(node, what, lambda: whole(written, self.known_parts))
        # Ours are compiled by a test: a hundred patterns take a while at every start.
        fault = None if self.shipped else why_refused(pattern)
        if fault is not None:
            self.nodes.fail(node, f"{what}: {fault}")
        return pattern

    def literals(self, node: Node, what: str) -> tuple[str, ...]:
        written = self.nodes.texts(node, what)
        return self.expanded(node, what, lambda: all_of(written, self.known_parts))

    def kinds(self, node: Node, what: str) -> tuple[Kind, ...]:
        entries = self.nodes.items(node, what)
        return tuple(cast("Kind", self.nodes.one_of(one, what, KINDS)) for one in entries)

    def expanded(self, node: Node, what: str, make: Callable[[], Result]) -> Result:
        try:
            return make()
        except BadRule as error:
            self.nodes.fail(node, f"{what}: {error}")

    def validator(self, node: Node, what: str) -> str:
        from curate.content.checksums import VALIDATORS

        return self.nodes.one_of(node, what, VALIDATORS)

    def examples(self, node: Node, what: str) -> list[str | Example]:
        return [self.example(entry, what) for entry in self.nodes.items(node, what)]

    def example(self, node: Node, what: str) -> str | Example:
        if not isinstance(node, MappingNode):
            return self.nodes.text(node, what)
        return self.read_keys(node, what, dict.fromkeys(EXAMPLE_PARTS, self.nodes.text))

    def can(self, node: Node) -> dict[str, str]:
        """What the assistant can do, and where each is declared."""
        entries = self.nodes.items(node, "can")
        return {self.nodes.text(e, "an entry of can"): self.nodes.place(e) for e in entries}

    def thresholds(self, node: Node) -> tuple[Threshold, ...]:
        return tuple(
            Threshold(self.nodes.place(at), check, param, self.nodes.scalar(value, param))
            for check, _, params in self.nodes.entries(node, "thresholds")
            for param, at, value in self.nodes.entries(params, f"thresholds of {check!r}")
        )

    def check_texts(self, node: Node) -> dict[str, CheckText]:
        keys: dict[str, Read] = dict.fromkeys(CHECK_KEYS, self.sentence)
        keys["group"] = lambda node, what: self.nodes.one_of(node, what, GROUPS)
        texts = {}
        for name, at, value in self.nodes.entries(node, "checks"):
            values = self.read_keys(value, f"check {name!r}", keys)
            for key in CHECK_KEYS if self.shipped else ("says",):
                if key not in values:
                    self.nodes.fail(at, f"check {name!r} has no {key!r}")
            texts[name] = CheckText(**values)
        return texts


def in_field(example: str | Example, rule_field: str) -> Example:
    """An example by parts of a record; a lone text is the text of the rule's own field."""
    if not isinstance(example, str):
        return example
    return {COLUMNS[rule_field][-1]: example}
