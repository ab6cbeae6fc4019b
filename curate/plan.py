"""Plan: what one audit will ask, resolved and checked before the first record is read."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curate import checks as written
from curate import rules
from curate.check import Check, Params
from curate.content.language_codes import refuse_unknown
from curate.errors import BadRule, BadSetting, unknown
from curate.parameters import merged, of_files, parsed
from curate.reading import Reading


@dataclass(frozen=True)
class Plan:
    """Everything a worker needs; pickles to a few kilobytes."""

    reading: Reading = field(default_factory=Reading)
    rule_files: tuple[Path, ...] = ()
    asked: tuple[str, ...] = ()  # names of the checks that are asked
    skipped: Mapping[str, str] = field(default_factory=dict)  # name: why it is not asked
    params: Mapping[str, Params] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)  # what was changed, for the report

    def checks(self) -> list[Check]:
        """The checks that are asked, in the order of their names."""
        known = every_check(self.rule_files)
        return [known[name] for name in self.asked]


@functools.lru_cache(maxsize=4)
def every_check(rule_files: tuple[Path, ...]) -> dict[str, Check]:
    """All checks by name: those written in Python and those made of rules."""
    found = {check.name: check for check in written.found()}
    for check in rules.load(rule_files).checks():
        if check.name in found:
            raise BadRule(f"a rule cannot report under {check.name}, which is a check of its own")
        found[check.name] = check
    return dict(sorted(found.items()))


def make(
    reading: Reading,
    *,
    rule_files: Sequence[Path] = (),
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    changes: Sequence[str] = (),
    given: Mapping[str, Mapping[str, Any]] | None = None,
) -> Plan:
    """A plan from what the user said. `changes` are CHECK.PARAM=VALUE; `given` come from flags.

    BadSetting names what is unknown or of the wrong type, and the nearest that is known.
    """
    files = tuple(rule_files)
    known = every_check(files)
    refuse_names(only, skip, known)
    moved = of_files(rules.load(files).thresholds, known)
    changed = merged(moved, given or {}, parsed(changes, known))
    params: dict[str, Params] = {}
    skipped: dict[str, str] = {}
    for name, check in known.items():
        read = {"annotators": reading.annotators} if "annotators" in check.params else {}
        params[name] = {**check.params, **read, **changed.get(name, {})}
        refuse_unknown(params[name].get("languages", ()))
        reason = why_not(check, params[name], only, skip)
        if reason is not None:
            skipped[name] = reason
        elif check.prepare is not None:
            params[name] = {**params[name], **check.prepare(params[name])}
    for name, check in known.items():
        missing = [needed for needed in check.needs if needed in skipped]
        if missing and name not in skipped:
            skipped[name] = f"needs {missing[0]}, which is not asked"
    asked = tuple(name for name in known if name not in skipped)
    return Plan(reading, files, asked, skipped, params, changed)


def refuse_names(only: Sequence[str], skip: Sequence[str], known: Iterable[str]) -> None:
    """BadSetting for a check that is unknown, or both asked for and left out."""
    for name in (*only, *skip):
        if name not in known:
            raise BadSetting(unknown("check", name, known, listed_by="curate checks"))
        if name in only and name in skip:
            raise BadSetting(f"--only and --skip both name {name}; take it out of one of them")


def why_not(check: Check, params: Params, only: Sequence[str], skip: Sequence[str]) -> str | None:
    """Why a check is not asked; null where it is."""
    if check.name in skip:
        return "left out by --skip"
    if only and check.name not in only:
        return "not among --only"
    return check.skip(params) if check.skip is not None else None
