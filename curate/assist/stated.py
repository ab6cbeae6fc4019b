"""Stated: the names, links, quotations, numbers and dates that writing anew lost or added."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from curate.assist.candidate import Number
from curate.content.facts import facts
from curate.content.quantities import agree, quantities
from curate.content.sameness import folded

QUOTED = re.compile(r"「([^「」]{1,80})」|\"([^\"\n]{1,80})\"|“([^“”\n]{1,80})”")


def kept(before: str, after: str) -> dict[str, Number]:
    """Whether a text that was written anew states what it stated before, and what changed."""
    changed = sorted(changes(before, after))
    return {"kept_facts": not changed, "changed": ", ".join(changed)}


def changes(before: str, after: str) -> Iterator[str]:
    """The names, links, quotations, numbers and dates that only one of two texts has."""
    one, other = folded(pl.Series([before, after], dtype=pl.String)).to_list()
    for text, there in ((before, other), (after, one)):
        stated = [fact.text for fact in facts(text) if fact.kind != "number"]
        stated += [next(filter(None, found)) for found in QUOTED.findall(text)]
        for name, plain in zip(stated, folded(pl.Series(stated, dtype=pl.String)), strict=True):
            if plain not in there:
                yield name
    mine, theirs = quantities(one), quantities(other)
    yield from (str(number) for number in mine.numbers ^ theirs.numbers)
    if not agree(mine.dates, theirs.dates):
        yield from ("-".join(str(part or "?") for part in d) for d in mine.dates ^ theirs.dates)
