"""Faults: what would go wrong in a run, found before it. One file is one subject, found by folder.

A subject's `NEEDS` names what it must know of an Intent; where that is missing, the plan says that
it was not looked at.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from train.intent import Intent
from train.problem import Problem

SAYS = {
    "layout": "the model's shape",
    "template": "a tokenizer",
    "manifest": "an approved snapshot",
}
"""What a subject may need, in words."""


def subjects() -> list[ModuleType]:
    """Every file of the folder."""
    names = sorted(module.name for module in iter_modules(__path__))
    return [import_module(f"{__name__}.{name}") for name in names]


def found(intent: Intent) -> tuple[list[Problem], list[tuple[str, str]]]:
    """All problems, errors first; and (subject, what it lacked) of those not looked at."""
    problems: list[Problem] = []
    unknown: list[tuple[str, str]] = []
    for subject in subjects():
        lacking = [need for need in subject.NEEDS if getattr(intent, need) is None]
        if lacking:
            unknown.append((subject.SUBJECT, SAYS[lacking[0]]))
        else:
            problems += subject.find(intent)
    return sorted(problems, key=lambda each: each.severity != "error"), unknown
