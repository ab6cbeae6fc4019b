"""The near-duplicates of the latest audit at another threshold: nothing is compared again."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.checks.near_duplicate import CHECK, LEAST, resolved, sizes
from curate.errors import BadSetting, NothingToAudit
from curate.report import Report, open_report
from curate.workspace import Workspace


@dataclass(frozen=True)
class Duplicates:
    """What could go at a threshold, the least alike first, and the audit that knows it."""

    threshold: float
    report: Report
    gone: pl.DataFrame  # `resolved`: record, kept, similarity, and the kept record's place

    @property
    def sizes(self) -> dict[int, int]:
        """How many clusters there are of each size, with the record that stays."""
        return sizes(self.gone)

    def shown(self, most: int) -> list[tuple[float, dict[str, object], dict[str, object]]]:
        """(similarity, record that could go, record that stays) of the least alike pairs."""
        pairs = self.gone.head(most)
        columns = ["source", "line", "system", "history", "prompt", "answer"]
        snapshot = self.report.snapshot
        going, staying = (
            snapshot.take(snapshot.places(pairs[name]), columns).rows(named=True)
            for name in ("record", "kept")
        )
        return list(zip(pairs["similarity"], going, staying, strict=True))


def at_threshold(where: Workspace, threshold: float | None = None) -> Duplicates:
    """The clusters of the latest audit at a threshold, by default the one of that audit.

    BadSetting where the threshold lies outside what was kept, NothingToAudit without such an audit.
    """
    folder = where.latest_audit()
    if folder is None or not (folder / f"{CHECK.name}.parquet").exists():
        raise NothingToAudit(
            f"{where.path} holds no audit that looked for near-duplicates; "
            "run: curate audit SOURCE --only near-duplicate"
        )
    report = open_report(folder, where)
    settings = {**CHECK.params, **report.document["settings"].get(CHECK.name, {})}
    threshold = float(settings["threshold"]) if threshold is None else threshold
    if not LEAST <= threshold <= 1:
        raise BadSetting(f"--threshold {threshold}; allowed: {LEAST} to 1")
    table = pl.read_parquet(folder / f"{CHECK.name}.parquet")
    gone = resolved(report.snapshot, table, threshold, tuple(settings["survivor"]))
    return Duplicates(threshold, report, gone.sort("similarity", "record"))
