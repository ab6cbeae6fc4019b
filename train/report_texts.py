"""Values as a report writes them: differences, sizes, durations, and text that nobody can see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

LONGEST = 1_200  # characters of a text shown
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
"""Unicode's categories of what has no shape of its own: controls, marks of direction, tags."""


def written_out(value: Any) -> Any:
    """Any value that a template places: unseen characters visible, markup of ours untouched."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(c if seen(c) else f"\u27e8U+{ord(c):04X}\u27e9" for c in value)


def seen(character: str) -> bool:
    """Whether a person sees a character."""
    return character in "\n\t\u200d" or unicodedata.category(character) not in UNSEEN


def signed(value: float) -> str:
    """A difference with its sign, and a true minus."""
    said = f"{value:+.3f}" if abs(value) < 1 else f"{value:+.3g}"
    return said.replace("-", "\u2212") if value else "0"


def size(amount: float) -> str:
    """Bytes as a person reads them."""
    units = ["B", "kB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{amount:.3g} {units[0]}" if units[0] != "B" else f"{amount:.0f} B"


def energy(joules: float) -> str:
    """In watt-hours, or in kilowatt-hours."""
    hours = joules / 3600
    return f"{hours:.1f} Wh" if hours < 1000 else f"{hours / 1000:.1f} kWh"


def duration(seconds: float) -> str:
    """`8 s`, `3:07 min`, `2:05:09 h`."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02} min"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02} h"


def cut(text: str) -> tuple[str, int]:
    """The beginning of a text, and how many characters of it are not shown."""
    return text[:LONGEST], max(0, len(text) - LONGEST)


def flat(tree: Mapping[str, Any], inside: str = "") -> Iterator[tuple[str, str]]:
    """Dotted names and one-line values."""
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{inside}{key}.")
        elif isinstance(value, float):
            yield f"{inside}{key}", f"{value:.4g}"
        else:
            yield f"{inside}{key}", str(value)


def cell(text: str) -> str:
    """A value that stays inside its cell and is no markup."""
    return re.sub(r"([\\|`*_<>\[\]])", r"\\\1", " ".join(str(text).split()))
