"""Earlier: the splits of the approved snapshot before, so that records stay in theirs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from curate.export import manifest as manifests
from curate.export.split import STRICTEST
from curate.fixing import CHANGES_FILE
from curate.snapshot import Snapshot
from curate.workspace import Workspace


def before(where: Workspace, parent: str, decisions: str, terms: Mapping[str, Any]) -> Path | None:
    """The approved snapshot whose splits hold on: the newest of the same seed and shares.

    Where that one was made of the same records by the same decisions (a digest), it is the one that
    held for it, so that an export that is made again comes out the same.
    """
    folder = where.latest_approved()
    if folder is None:
        return None
    said = manifests.read(folder)
    if any(said[name] != terms[name] for name in ("seed", "shares")):
        return None
    if (said["parent"], said["decisions"]["blake2b"]) != (parent, decisions):
        return folder
    return where.approved / said["after"] if said["after"] else None


def earlier_splits(
    folder: Path | None, ids: pl.DataFrame, parent: Snapshot
) -> list[str | None] | None:
    """The split that each record, or what it was made from, had in an approved snapshot."""
    if folder is None or not manifests.is_approved(folder):
        return None
    known = strictest_of(folder)
    unfixed = before_fixes(parent)
    return [
        next((known[one] for one in (first, new, unfixed.get(first, "")) if one in known), None)
        for first, new in ids.select("first_id", "record_id").iter_rows()
    ]


def strictest_of(folder: Path) -> dict[str, str]:
    """Id, of a record or of what it was made from -> its split, the strictest of several."""
    known: dict[str, str] = {}
    for name in reversed(STRICTEST):
        ids = pl.read_parquet(folder / f"{name}.parquet", columns=["record_id", "parent_id"])
        for pair in ids.iter_rows():
            known |= dict.fromkeys((one for one in pair if one is not None), name)
    return known


def before_fixes(parent: Snapshot) -> dict[str, str]:
    """Ids that `curate fix` made -> the ids before."""
    file = parent.path / CHANGES_FILE
    if not file.exists():
        return {}
    return dict(pl.read_parquet(file, columns=["new_record_id", "record_id"]).iter_rows())
