"""Rule: one question written as data, with the examples that are its tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from curate.check import Group
from curate.content.signs import Kind
from curate.finding import Severity

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "prompt": ("prompt",),
    "answer": ("answer",),
    "answer-opening": ("answer",),
    "answer-ending": ("answer",),
    "input": ("input",),
    "system": ("system",),
    "before": ("system", "history"),
    "text": ("system", "history", "prompt", "answer"),
}
"""The fields a rule may name, and the columns of a record that each reads."""

VERBOSE: Final = re.compile(r"\(\?[a-zA-Z]*x[a-zA-Z]*\)")
"""How a pattern begins that is laid out over lines, with comments."""

LANGUAGES = ("en", "ja")
EXAMPLE_PARTS = ("prompt", "input", "system", "answer")

Example = Mapping[str, str]
"""Part of a record -> its text: what a rule's own test is run on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it was written; `place` is `file:line` of its name."""

    name: str
    pack: str
    place: str
    check: str
    says: str
    field: str
    matches: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    severity: Severity = "warn"
    says_ja: str | None = None
    language: str | None = None  # asked only of texts in this language's script
    kind: str | None = None
    unless: str | None = None  # seen in the same field: the rule is silent
    unless_prompt: str | None = None  # seen in the prompt: the rule is silent
    valid: str | None = None  # name of a validator in curate/content/checksums.py
    mask: bool = False  # the match is private: every match is a finding, never shown in full
    begins: tuple[str, ...] = ()  # the field must begin with one of these, white space aside
    needs: tuple[str, ...] = ()  # one of these must be in the field
    shows: tuple[Kind, ...] = ()  # or a character of such a kind; all three make the search fast
    capability: str | None = None  # declared under `can`: the rule is silent


@dataclass(frozen=True, slots=True)
class CheckText:
    """What a check made of several rules says of itself."""

    says: str
    says_ja: str | None = None
    group: Group = "behaviour"
    why: str = ""
    why_ja: str | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A parameter of a check that a rule file sets; `place` is `file:line`."""

    place: str
    check: str
    param: str
    value: Any  # a text, a number, true or false


@dataclass(frozen=True, slots=True)
class RulePack:
    """One rule file; `can` has the place of each name."""

    name: str
    rules: tuple[Rule, ...] = ()
    checks: Mapping[str, CheckText] = field(default_factory=dict)
    can: Mapping[str, str] = field(default_factory=dict)
    thresholds: tuple[Threshold, ...] = ()
