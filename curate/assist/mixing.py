"""Mixing: read the sources, draw from each, and write the mixture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from curate.assist.conversation import conversations
from curate.assist.into import refuse_sources
from curate.assist.mix import Portion, drawn, each_gives, largest, parsed, shares
from curate.errors import BadSource
from curate.publish import write_whole
from curate.reading import read
from curate.record import with_prompt


def mixed(
    sources: Sequence[str], records: int | None, seed: int, into: Path
) -> list[tuple[Portion, int]]:
    """Each source with the records that came of it; BadSource where one cannot be read whole."""
    refuse_sources(into, [parsed(text)[0] for text in sources])
    portions, rows = [], []
    for text in sources:
        name, weight, cap = parsed(text)
        found = held(name)
        rows.append(found)
        portions.append(Portion(name, len(found), weight, cap))
    given = shares(portions, records or largest(portions))
    each_gives(portions, given)
    picked = drawn([one.records for one in portions], given, seed)
    told = ({**rows[source][record], "origin": portions[source].name} for source, record in picked)
    write_whole(into, conversations(told))
    write_whole(how_of(into), as_told(portions, given, seed))
    return list(zip(portions, given, strict=True))


def how_of(into: Path) -> Path:
    """The file that tells how a mixture was made."""
    return into.with_suffix(".how.json")


def as_told(portions: Sequence[Portion], given: Sequence[int], seed: int) -> bytes:
    """The seed, and of each source its weight, its cap and how many records came of it."""
    told = [{**asdict(one), "given": n} for one, n in zip(portions, given, strict=True)]
    return orjson.dumps({"seed": seed, "sources": told}, option=orjson.OPT_INDENT_2) + b"\n"


def held(name: str) -> list[dict[str, Any]]:
    """The records of one source; a reject ends it: what is left out of a mixture must be known."""
    records, rejects = read([name])
    if rejects:
        first = rejects[0]
        raise BadSource(
            f"{name}: {len(rejects)} records cannot be read, the first at line {first.line}: "
            f"{first.message}; audit the file first: curate audit {name}"
        )
    return with_prompt(records).to_dicts()
