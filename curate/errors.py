"""What can go wrong, and what to do next.

CurateError                 exit 2
├── BadSetting              a flag, parameter or settings file is wrong
├── BadRule                 a rule file is wrong; says file and line
├── BadSource               a source cannot be opened or understood as a whole
├── NothingToAudit          exit 3
├── MissingExtra            an optional package is not installed
├── WorkerDied              the process that did the work ended before it (curate/engines)
├── Refused                 a decision is not taken (curate/store/refusals.py)
├── StoreTrouble            the database cannot be opened or written (curate/store/refusals.py)
└── Unaccounted             read != kept + rejected: a fault of ours, never of the data
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable


class CurateError(Exception):
    """A message for a person: which value, where, what was allowed, what to do."""

    exit_code = 2


class BadSetting(CurateError):
    """A flag, a parameter or a settings file holds a value that is not allowed."""


class BadRule(CurateError):
    """A rule file cannot be used."""


class BadSource(CurateError):
    """A source cannot be opened, or is not what it was said to be."""


class NothingToAudit(CurateError):
    """The sources hold no record at all."""

    exit_code = 3


class MissingExtra(CurateError):
    """An optional part needs packages that are not installed."""

    def __init__(self, part: str, extra: str) -> None:
        super().__init__(
            f"{part} needs packages that are not installed: pip install 'curate[{extra}]'"
        )


class Unaccounted(CurateError):
    """A step lost sight of a record."""


NEAR = 3  # names offered where a command lists all


def unknown(
    kind: str,
    value: str,
    known: Iterable[str],
    t: Callable[[str], str] = str,
    *,
    listed_by: str | None = None,
) -> str:
    """Say, in a translator's language, that `value` is not one of `known`; names the nearest.

    Where there are too many to name, `listed_by` is the command that lists them.
    """
    names = sorted(name for name in known if name)
    said = {"kind": t(kind), "value": repr(value), "known": ", ".join(names), "command": listed_by}
    found = difflib.get_close_matches(value, names, n=NEAR if listed_by else 1, cutoff=0.5)
    if found:
        said["near"] = ", ".join(map(repr, found))
    if found and listed_by:
        says = t("unknown {kind} {value}; did you mean {near}? list all: {command}")
    elif found:
        says = t("unknown {kind} {value}; did you mean {near}? known: {known}")
    elif listed_by:
        says = t("unknown {kind} {value}; list all: {command}")
    else:
        says = t("unknown {kind} {value}; known: {known}")
    return says.format(**said)
