"""The near-duplicates of the latest audit at another threshold: nothing is compared again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from curate.checks.near_duplicate import CHECK, LEAST, PLACE, resolved, sizes, uncounted
from curate.dedup.sketch import Sketcher
from curate.errors import BadSetting, NothingToAudit
from curate.report import Report, open_report
from curate.workspace import Workspace

SHOWN = ("source", "line", "system", "history", "prompt", "answer", "rejected")


@dataclass(frozen=True)
class Duplicates:
    """What could go at a threshold, the least alike first, and the audit that knows it."""

    threshold: float
    report: Report
    gone: pl.DataFrame  # `resolved`: what could go, and the kept record's place
    sketcher: Sketcher  # by which the audit looked

    @property
    def sizes(self) -> dict[int, int]:
        """How many clusters there are of each size, with the record that stays."""
        return sizes(self.gone)

    @property
    def exact_copies(self) -> int:
        """Copies of records that stay; exact-duplicate tells them."""
        return uncounted(self.report.snapshot, self.gone)

    @property
    def recall(self) -> float:
        """The share of the pairs at the threshold that the audit has found."""
        return self.sketcher.recall(self.threshold)

    def shown(self, most: int) -> list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
        """(what is known of the pair, record that could go, record that stays), the least alike
        first; of copies one."""
        pairs = self.gone.unique("going", keep="first", maintain_order=True).head(most)
        snapshot = self.report.snapshot
        going, staying = (
            snapshot.take(snapshot.places(pairs[name]), SHOWN).rows(named=True)
            for name in ("record", "kept")
        )
        known = pairs.select("similarity", "answers_differ").rows(named=True)
        return list(zip(known, going, staying, strict=True))

    def document(self) -> dict[str, Any]:
        """Everything, for a program."""
        return {
            "threshold": self.threshold,
            "records": len(self.report.snapshot),
            "removable": len(self.gone),
            "exact_copies": self.exact_copies,
            "recall": self.recall,
            "sizes": {str(size): count for size, count in sorted(self.sizes.items())},
            "pairs": list(self._pairs()),
        }

    def _pairs(self) -> Iterator[dict[str, Any]]:
        snapshot = self.report.snapshot
        going = snapshot.take(snapshot.places(self.gone["record"]), PLACE).rows(named=True)
        staying = self.gone.select(PLACE).rows(named=True)
        known = self.gone.select(
            "similarity", "answers_differ", cluster=pl.col("kept").rank("dense")
        ).rows(named=True)
        for one, goes, stays in zip(known, going, staying, strict=True):
            yield {**one, "could_go": goes, "stays": stays}


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
    sketcher = Sketcher(settings["bands"], settings["rows"])
    return Duplicates(threshold, report, gone.sort("similarity", "record"), sketcher)
