"""TSV: cells between tabs. Quotes are plain text unless the file shows that they quote."""

from __future__ import annotations

from curate.errors import BadSource
from curate.formats import Format, Head
from curate.raw import tables
from curate.sources.limits import Limits
from curate.sources.source import Source


def claims(head: Head) -> int:
    if b"\0" in head.data[:4096]:
        return 0
    first = head.data.split(b"\n", 1)[0]
    return 2 if b"\t" in first and not first.lstrip().startswith(b"{") else 0


def look(source: Source, head: Head | None, limits: Limits) -> tables.Table:
    """The header; BadSource where it cannot be one."""
    if head is None:
        raise BadSource(f"{source.name}: a table must be a file")
    return tables.header(source, head, "\t", limits)


FORMAT = Format(
    name="tsv",
    title="TSV",
    suffixes=(".tsv", ".tab"),
    claims=claims,
    cut=tables.cut,
    parse=tables.parse,
    look=look,
    halve=tables.halve,
    raw=tables.held,
)
