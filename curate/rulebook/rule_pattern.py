"""A rule's pattern: made of named parts, and refused with the engine's own reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from curate.errors import BadRule, unknown
from curate.rulebook.rule import VERBOSE

PART = re.compile(r"\{\{([\w-]+)\}\}")
OPEN_END = re.compile(r"(?<!\(\?:)\(\?[a-zA-Z]*x")  # a comment could hide what follows
SHOWN = 80  # characters of a pattern in an error

Part = str | tuple[str, ...]
"""A piece of a pattern, or a list of literals."""


def whole(pattern: str, parts: Mapping[str, Part]) -> str:
    """The pattern with the text of each part in the place of its {{name}}, as one group."""
    return PART.sub(lambda found: f"(?:{closed(piece(found[1], parts))})", pattern)


def closed(pattern: str) -> str:
    """The pattern, fit to be put into another: a comment at its end must not go on."""
    return pattern + "\n" if VERBOSE.match(pattern) else pattern


def all_of(literals: Sequence[str], parts: Mapping[str, Part]) -> tuple[str, ...]:
    """The literals, with those of each part in the place of its {{name}}."""
    listed: list[str] = []
    for literal in literals:
        found = PART.fullmatch(literal)
        listed += literals_of(found[1], parts) if found else [literal]
    return tuple(listed)


def piece(name: str, parts: Mapping[str, Part]) -> str:
    """The piece of a pattern of that name, itself made of parts perhaps."""
    pieces = {key: value for key, value in parts.items() if isinstance(value, str)}
    if name not in pieces:
        raise BadRule(unknown("part", name, pieces))
    others = {key: value for key, value in pieces.items() if key != name}  # so that it ends
    return whole(pieces[name], others)


def literals_of(name: str, parts: Mapping[str, Part]) -> tuple[str, ...]:
    """The list of literals of that name."""
    lists = {key: value for key, value in parts.items() if isinstance(value, tuple)}
    if name not in lists:
        raise BadRule(unknown("list", name, lists))
    return lists[name]


def why_refused(pattern: str) -> str | None:
    """Why a pattern cannot be used, in the engine's words and with the place; null if it can."""
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError as error:
        return explained(pattern, str(error))
    opening = VERBOSE.match(pattern)
    if OPEN_END.search(pattern, opening.end() if opening else 0):
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
