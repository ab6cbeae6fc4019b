"""Mixing: read the sources, draw from each, and write the mixture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from curate.assist.conversation import conversations
from curate.assist.mix import Portion, drawn, largest, parsed, shares
from curate.errors import BadSource
from curate.publish import write_whole
from curate.reading import read
from curate.record import with_prompt


def mixed(
    sources: Sequence[str], records: int | None, seed: int, into: Path
) -> list[tuple[Portion, int]]:
    """Each source with the records that came of it; BadSource where one cannot be read whole."""
    portions, rows = [], []
    for text in sources:
        name, weight, cap = parsed(text)
        found = held(name)
        rows.append(found)
        portions.append(Portion(name, len(found), weight, cap))
    given = shares(portions, records or largest(portions))
    picked = drawn([one.records for one in portions], given, seed)
    told = ({**rows[source][record], "origin": portions[source].name} for source, record in picked)
    write_whole(into, conversations(told))
    return list(zip(portions, given, strict=True))


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
