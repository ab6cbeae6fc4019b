"""Skips: why checks were not asked, the checks of one reason told together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from curate.locale import Translator
from curate.show.numbers import many

NAMED = 4  # checks told by name; more of one reason are counted


def skips(checks: Iterable[tuple[str, str]], t: Translator) -> Iterator[tuple[str, str]]:
    """(which checks, why) from (check, why): few by their names, many by their number."""
    together: dict[str, list[str]] = {}
    for name, why in checks:
        together.setdefault(why, []).append(name)
    for why, names in together.items():
        counted = many(len(names), t("1 check"), t("{n} checks"))
        yield (t(", ").join(names) if len(names) <= NAMED else counted), t(why)
