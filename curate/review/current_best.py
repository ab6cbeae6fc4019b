"""Current best: what the order `best` goes by now, made anew when a run or enough verdicts come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import polars as pl

from curate.report import Report
from curate.review.learning import Lessons, learnt, lessons
from curate.review.placing import Best
from curate.review.signals import Signals, speaking, with_run
from curate.store.failures import Run
from curate.store.standing import Standing
from curate.workspace import Workspace


class CurrentBest:
    """The signals and weights of one report; one for each app or command.

    Asked with where every record stands, and the runs that were taken in, the newest in front.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._made: tuple[Run | None, Lessons, Best] | None = None

    def __call__(self, known: Mapping[str, Standing], runs: Sequence[Run]) -> Best:
        """All that the order goes by; the same object while nothing has changed."""
        run, taught = self.goes_by(known, runs)
        if self._made is None or self._made[:2] != (run, taught):
            signals = with_run(self._audited, self._where, run)
            best = Best(signals, learnt(signals, taught), len(taught))
            self._made = (run, taught, best)
        return self._made[2]

    def goes_by(
        self, known: Mapping[str, Standing], runs: Sequence[Run]
    ) -> tuple[Run | None, Lessons]:
        """The run whose signals count, and the verdicts that the weights are fitted to."""
        return speaking(self._where, self._report.snapshot.id, runs), lessons(known, self._ids)

    @property
    def _where(self) -> Workspace:
        return Workspace(self._report.folder.parent.parent)

    @cached_property
    def _ids(self) -> pl.Series:
        return pl.concat(list(self._report.snapshot.frames(["record_id"])))["record_id"]

    @cached_property
    def _audited(self) -> Signals:
        from curate.review.audited import kept_of_audit  # compiled, which only this order needs

        return kept_of_audit(self._report, self._where)
