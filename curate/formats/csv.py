"""CSV: cells between commas (or semicolons, tabs, bars), the first row naming the columns."""

from __future__ import annotations

from curate.errors import BadSource
from curate.formats import Format, Head
from curate.raw import tables
from curate.sources.limits import Limits
from curate.sources.source import Source

DELIMITERS = ",;\t|"


def claims(head: Head) -> int:
    if b"\0" in head.data[:4096] or not head.data.strip():
        return 0
    first = head.data.split(b"\n", 1)[0]
    return int(any(d.encode() in first for d in ",;|") and not first.lstrip().startswith(b"{"))


def look(source: Source, head: Head | None, limits: Limits) -> tables.Table:
    """The header; BadSource where it cannot be one."""
    if head is None:
        raise BadSource(f"{source.name}: a table must be a file")
    return tables.header(source, head, DELIMITERS, limits)


FORMAT = Format(
    name="csv",
    title="CSV",
    suffixes=(".csv",),
    claims=claims,
    cut=tables.cut,
    parse=tables.parse,
    look=look,
    halve=tables.halve,
    raw=tables.held,
)
