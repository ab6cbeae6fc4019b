"""Copies: all places where one record stands, letter for letter.

Records are compared once for all their copies, and what is said of one holds for each of them:
where a record could go, so could its copies, and all are told of the same survivor.
"""

from __future__ import annotations

import polars as pl

from curate.snapshot import Snapshot


def places_of(snapshot: Snapshot, ids: pl.Series) -> pl.DataFrame:
    """Where records with these ids stand: `record_id`, `number` in the snapshot, `source` and
    `line`, by which they are sorted."""
    found, first = [], 0
    for part in snapshot.frames(["record_id", "source", "line"]) if len(ids) else ():
        numbered = part.with_row_index("number", offset=first)
        found.append(numbered.filter(pl.col("record_id").is_in(ids.implode())))
        first += len(part)
    schema = {"number": pl.Int64, "record_id": pl.String, "source": pl.String, "line": pl.UInt32}
    every = pl.concat(found) if found else pl.DataFrame(schema=schema)
    return every.cast({"number": pl.Int64}).sort("source", "line")


def count_of_copies(snapshot: Snapshot) -> int:
    """How many records are the copy of an earlier one."""
    ids = [part["record_id"] for part in snapshot.frames(["record_id"])]
    return len(snapshot) - (pl.concat(ids).n_unique() if ids else 0)
