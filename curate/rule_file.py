"""Rule file: one YAML file in, its rules out, each key checked where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
from ruamel.yaml.nodes import MappingNode, Node

from curate.check import GROUPS
from curate.errors import unknown
from curate.finding import SEVERITIES
from curate.rule import COLUMNS, EXAMPLE_PARTS, LANGUAGES, VERBOSE, CheckText, Example, Rule, RulePack
from curate.rule_yaml import Nodes, composed

REQUIRED = ("says", "field", "matches", "bad", "good")
CHECK_KEYS = ("says", "says_ja", "group", "why", "why_ja")
SHOWN = 80  # characters of a pattern in an error
NAME = re.compile(r"\w+(-\w+)*")

Read = Callable[[Node, str], Any]


def read(label: str, raw: bytes, *, shipped: bool = False) -> RulePack:
    """Parse one file, `label` being its name to the user; BadRule says file, line and cure.

    A shipped pack must say everything in Japanese too.
    """
    name = label.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    root = composed(label, raw)
    if root is None:
        return RulePack(name)
    return PackReader(Nodes(label), name, shipped).pack(root)


@dataclass(frozen=True, slots=True)
class PackReader:
    """Turns the nodes of one file into its pack."""

    nodes: Nodes
    name: str
    shipped: bool

    def pack(self, root: Node) -> RulePack:
        besides: dict[str, Callable[[Node], Any]] = {
            "can": lambda node: self.nodes.texts(node, "can"),
            "thresholds": self.thresholds,
            "checks": self.check_texts,
        }
        rules: list[Rule] = []
        parts: dict[str, Any] = {}
        for key, at, value in self.nodes.entries(root, "the file"):
            if key in besides:
                parts[key] = besides[key](value)
            else:
                rules.append(self.rule(key, at, value))
        return RulePack(self.name, tuple(rules), **parts)

    def rule(self, name: str, at: Node, node: Node) -> Rule:
        what = f"rule {name!r}"
        if NAME.fullmatch(name) is None:
            self.nodes.fail(at, f"{what}: a name is made of letters, digits and - between them")
        values = self.read_keys(node, what, self.rule_keys())
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
            "begins": nodes.texts,
            "needs": nodes.texts,
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
        pattern = self.nodes.text(node, what)
        fault = why_refused(pattern)
        if fault is not None:
            self.nodes.fail(node, f"{what}: {fault}")
        return pattern

    def validator(self, node: Node, what: str) -> str:
        from curate.checksums import VALIDATORS

        return self.nodes.one_of(node, what, VALIDATORS)

    def examples(self, node: Node, what: str) -> list[str | Example]:
        return [self.example(entry, what) for entry in self.nodes.items(node, what)]

    def example(self, node: Node, what: str) -> str | Example:
        if not isinstance(node, MappingNode):
            return self.nodes.text(node, what)
        return self.read_keys(node, what, dict.fromkeys(EXAMPLE_PARTS, self.nodes.text))

    def thresholds(self, node: Node) -> dict[str, dict[str, Any]]:
        changed: dict[str, dict[str, Any]] = {}
        for check, _, params in self.nodes.entries(node, "thresholds"):
            what = f"thresholds of {check!r}"
            changed[check] = {
                param: self.nodes.scalar(value, f"{what}: {param}")
                for param, _, value in self.nodes.entries(params, what)
            }
        return changed

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


def in_field(example: str | Example, field: str) -> Example:
    """An example by parts of a record; a lone text is the text of the rule's own field."""
    if not isinstance(example, str):
        return example
    return {COLUMNS[field][-1]: example}


def why_refused(pattern: str) -> str | None:
    """Why a pattern cannot be used, in the engine's words and with the place; null if it can."""
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError as error:
        return explained(pattern, str(error))
    if re.search(r"\(\?[a-zA-Z]*x", VERBOSE.sub("", pattern, count=1)):
        return f"the flag x may only stand at the very start of {shortened(pattern)}"
    return None


def shortened(pattern: str) -> str:
    return repr(pattern if len(pattern) <= SHOWN else pattern[:SHOWN] + "…")


def explained(pattern: str, said: str) -> str:
    """The engine's message as one sentence."""
    lines = said.partition("\n\nThis error occurred")[0].splitlines()
    reason = lines[-1].removeprefix("error: ").removeprefix("regex error: ")
    carets = [line.index("^") for line in lines if set(line.strip()) == {"^"}]
    # The engine shows a one-line pattern indented by four spaces.
    at = f" at character {carets[0] - 3}" if carets and "\n" not in pattern else ""
    told = f"{reason}{at} of {shortened(pattern)}"
    if "look-around" not in reason and "backreference" not in reason:
        return told
    return (
        f"{told}; patterns run on an engine whose time grows only with the length of the text, so "
        "that no record can stop an audit: say with `unless` what must not be there"
    )
