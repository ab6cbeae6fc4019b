"""JSON laid out anew: only blanks between tokens change, so no value can."""

from __future__ import annotations

import json
from typing import Any, Literal

Style = Literal["compact", "spaced", "2", "4", "tab"]
STYLES: tuple[Style, ...] = ("2", "4", "compact", "spaced", "tab")


def laid_out(tokens: list[str], style: Style) -> str:
    """The same tokens in another layout."""
    if style == "compact":
        return "".join(tokens)
    if style == "spaced":
        return "".join(f"{token} " if token in ",:" else token for token in tokens)
    unit = "\t" if style == "tab" else " " * int(style)
    return indented(tokens, unit)


def indented(tokens: list[str], unit: str) -> str:
    """One value a line; empty brackets stay together."""
    out: list[str] = []
    depth, before = 0, ""
    for token in tokens:
        if token in "}]":
            depth -= 1
            out.append(token if before in ("{", "[") else f"\n{unit * depth}{token}")
        else:
            if before in ("{", "[", ","):
                out.append(f"\n{unit * depth}")
            out.append(": " if token == ":" else token)
            depth += token in "{["
        before = token
    return "".join(out)


def tree(text: str) -> Any:
    """The value as nested lists, keys in order and numbers as written; ValueError if it is none.

    Read by the standard library: a second opinion on what `read` and `laid_out` make of a text.
    """
    return json.loads(
        text,
        parse_float=lambda n: ("number", n),
        parse_int=lambda n: ("number", n),
        object_pairs_hook=lambda pairs: ("object", pairs),
    )
