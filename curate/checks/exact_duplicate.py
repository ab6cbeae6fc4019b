"""A record that is in the data twice, letter for letter.

Every copy is one more pass over the same answer: the model learns it by heart, and it counts more
than its neighbours for no reason that anybody chose. A copy on both sides of a split also makes the
test easier than life. Copies that differ in white space, case or wording have another content id
and are the business of near-duplicates. Where annotators are named, one record labelled by several
of them is no copy: only what the same annotator was given twice is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from curate.check import Check, Params, Said
from curate.finding import Hit

Place = dict[str, Any]

LISTED = 20  # peers named in the evidence of one finding
JSON_TEXT = r'"(?:[^"\\]|\\.)*"'


def key(_: Params) -> pl.Expr:
    return pl.col("record_id").hash() ^ annotators().hash(seed=1)


def annotators() -> pl.Expr:
    """Who labelled each record: the keys of the JSON object of its labels, all of them texts."""
    texts = pl.col("annotations").str.extract_all(JSON_TEXT)
    return texts.list.gather_every(2).list.join(",")


def settle(met: pl.DataFrame, _: Params) -> Iterator[tuple[int, Said]]:
    """Each copy but the first by (source, line); `met` is sorted so."""
    places = met.select("key", "record_id", "source", "line").with_row_index("at")
    groups = places.group_by("key", "record_id", maintain_order=True).agg("at", "source", "line")
    for _, record_id, rows, sources, lines in groups.iter_rows():
        copies = [
            {"record_id": record_id, "source": source, "line": line}
            for source, line in zip(sources, lines, strict=True)
        ]
        for row, copy in zip(rows[1:], copies[1:], strict=True):
            peers = [other for other in copies[1 : LISTED + 2] if other is not copy][:LISTED]
            yield row, _hit(copies[0], peers, len(copies))


def _hit(kept: Place, peers: list[Place], size: int) -> Hit:
    return Hit(
        "the same record stands in line {line} of {source}; {size} copies in all",
        {"line": kept["line"], "source": kept["source"], "size": size},
        evidence={"kept": kept, "peers": peers, "size": size},
    )


CHECK = Check(
    name="exact-duplicate",
    says="another record is the same, letter for letter",
    group="pairs",
    severity="warn",
    why=__doc__,
    fields=(),
    key=key,
    settle=settle,
)
