"""Rules: questions written as data, from the shipped packs and from a user's own files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

from curate.check import Check, ask
from curate.errors import BadRule, unknown
from curate.finding import Hit
from curate.record import SCHEMA, with_prompt
from curate.rulebook.rule import CheckText, Example, Rule, RulePack, Threshold
from curate.rulebook.rule_check import check_of
from curate.rulebook.rule_file import read


@dataclass(frozen=True, slots=True)
class Failure:
    """One example of a rule that does not do what the rule says of it."""

    rule: Rule
    meant: str  # "bad" or "good"
    example: Example

    @property
    def message(self) -> str:
        """Which rule, where, and what went wrong."""
        fault = "is not found" if self.meant == "bad" else "is found"
        rule, example = self.rule, dict(self.example)
        return f"{rule.place}: rule {rule.name!r}: {self.meant} {example} {fault}"


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules in force. `overridden` says which user rule took the place of a shipped one."""

    rules: tuple[Rule, ...]
    texts: Mapping[str, CheckText]
    can: frozenset[str]
    thresholds: tuple[Threshold, ...]
    overridden: tuple[str, ...] = ()

    def checks(self) -> list[Check]:
        """One Check for all rules of one name, less those for things the assistant can do."""
        together: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if rule.capability is None or rule.capability not in self.can:
                together.setdefault(rule.check, []).append(rule)
        return [
            replace(
                check_of(name, rules, self.texts.get(name)),
                each_answer=any(rule.field.startswith("answer") for rule in rules),
            )
            for name, rules in together.items()
        ]

    def catalogue(self) -> dict[str, str]:
        """English sentence -> Japanese sentence, where there is one."""
        texts = self.texts.values()
        pairs = [
            *((rule.says, rule.says_ja) for rule in self.rules),
            *((text.says, text.says_ja) for text in texts),
            *((text.why, text.why_ja) for text in texts),
        ]
        return {english: japanese for english, japanese in pairs if japanese}

    def failing(self, files: Sequence[Path]) -> list[Failure]:
        """The wrong examples of the rules that come from these files."""
        named = [str(file) for file in files]
        mine = [rule for rule in self.rules if rule.place.rpartition(":")[0] in named]
        return [failure for rule in mine for failure in failures(rule)]

    def test(self) -> list[Failure]:
        """Run every rule, alone, on its own examples."""
        return [failure for rule in self.rules for failure in failures(rule)]


@cache
def packs() -> tuple[RulePack, ...]:
    """The shipped packs, in the order of their names."""
    folder = sorted(files("rules").iterdir(), key=lambda file: file.name)
    shipped = [file for file in folder if file.name.endswith(".yaml")]
    return tuple(read(f"rules/{file.name}", file.read_bytes(), shipped=True) for file in shipped)


def load(paths: Sequence[Path] = ()) -> Rules:
    """The shipped rules and those of a user's files; a later file wins over an earlier one.

    BadRule where a file cannot be used, or declares a capability that no rule asks for.
    """
    rules: dict[str, Rule] = {}
    overridden: list[str] = []
    texts: dict[str, CheckText] = {}
    can: dict[str, str] = {}
    thresholds: list[Threshold] = []
    for pack in (*packs(), *(read_file(path) for path in paths)):
        for rule in pack.rules:
            before = rules.get(rule.name)
            if before is not None:
                overridden.append(f"{rule.place}: {rule.name} takes the place of {before.place}")
            rules[rule.name] = rule
        texts |= pack.checks
        can |= pack.can
        thresholds += pack.thresholds
    every = tuple(rules.values())
    asked_for = {rule.capability for rule in every if rule.capability is not None}
    for name, place in can.items():
        if name not in asked_for:
            raise BadRule(f"{place}: can: {unknown('capability', name, asked_for)}")
    return Rules(every, texts, frozenset(can), tuple(thresholds), tuple(overridden))


def read_file(path: Path) -> RulePack:
    """One file of a user; BadRule when it cannot be read."""
    try:
        return read(str(path), path.read_bytes())
    except OSError as error:
        raise BadRule(f"{path}: {error.strerror or error}") from error


def failures(rule: Rule) -> Iterator[Failure]:
    """The examples of one rule on which it does the wrong thing."""
    check = check_of(rule.check, [rule])
    examples = [*rule.bad, *rule.good]
    found = {number for number, _ in ask(check, example_records(examples))}
    for number, example in enumerate(examples):
        bad = number < len(rule.bad)
        if bad != (number in found):
            yield Failure(rule, "bad" if bad else "good", example)


def example_records(examples: Iterable[Example]) -> pl.DataFrame:
    """Records that hold the examples and nothing else."""
    held = [
        {
            "instruction": example.get("prompt", ""),
            "input": example.get("input"),
            "system": example.get("system"),
            "answer": example.get("answer", ""),
        }
        for example in examples
    ]
    return with_prompt(pl.DataFrame(held, schema=SCHEMA))


def tried(rules: Rules, example: Example) -> list[tuple[Check, Hit]]:
    """What each check of rules says of one text."""
    record = example_records([example])
    return [
        (check, said)
        for check in rules.checks()
        for _, said in ask(check, record)
        if isinstance(said, Hit)
    ]
