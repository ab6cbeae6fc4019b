"""Tracing: each failure of a run with its triage and the records that most likely taught it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from curate.errors import BadSetting
from curate.trace.evidence import Evidence, gathered
from curate.trace.fusing import best, ranks, together
from curate.trace.likeness import Floats
from curate.trace.pulls import among
from curate.trace.reading import TracedRun
from curate.trace.reasons import Seen, reasons
from curate.trace.triage import Triage, triaged

TOP = 10
POOL = 5  # times TOP: records among which copies of one finding are looked for
PUSHES = 10  # rank by gradient up to which a record pushes toward the answer,
STRONGLY = 0.5  # if it does so at least half as strongly as the first


@dataclass(frozen=True, slots=True)
class Channel:
    """What one channel says of a record: its score, and its rank among all records."""

    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Suspect:
    """A training record that may have taught the wrong answer."""

    rank: int
    record: Mapping[str, Any]  # record_id, first_id, source, line, prompt, answer
    score: float  # of both channels fused
    text: Channel
    gradient: Channel | None  # None: it was not captured
    pushes: bool  # whether its gradient pushes strongly toward the wrong answer
    near: float  # likeness of the prompts, 0 to 1
    says: float  # likeness of its answer to the wrong one, 0 to 1
    reasons: tuple[str, ...]
    copies: tuple[Mapping[str, Any], ...] = ()  # records that one decision covers with it


@dataclass(frozen=True, slots=True)
class Traced:
    """One failure."""

    number: int  # among the run's failures, from 1, the worst first
    failure: Mapping[str, Any]  # a row of failures.parquet
    triage: Triage
    suspects: tuple[Suspect, ...]
    lexical: tuple[Mapping[str, Any], ...]  # the records text alone would name: the baseline
    captured: bool  # whether there are gradients of its wrong answer


@dataclass(frozen=True)
class Ranked:
    """Evidence with every record's rank by each channel; failures are rows, records columns."""

    ids: Sequence[str]  # of the records
    evidence: Evidence
    text: Floats
    gradient: Floats  # NaN where there is none

    @classmethod
    def of(cls, run: TracedRun, evidence: Evidence) -> Ranked:
        """Each ranked once."""
        ids = run.records["record_id"].to_list()
        return cls(ids, evidence, ranks(evidence.text), ranks(evidence.gradient))

    def pushes(self, n: int, at: int) -> bool:
        """Whether record `at` pushes toward the answer of failure `n`: few do so more strongly."""
        row = self.evidence.gradient[n]
        if np.isnan(row[at]):
            return False
        few = bool(self.gradient[n, at] <= PUSHES)
        return few and float(row[at]) > 0 and float(row[at]) >= STRONGLY * float(np.nanmax(row))


def traced(run: TracedRun, numbers: Sequence[int] | None = None, top: int = TOP) -> list[Traced]:
    """The failures of these numbers, of all where none is named, each with its `top` suspects."""
    chosen = list(numbers if numbers is not None else range(1, len(run.failures) + 1))
    failures = run.failures[[number - 1 for number in chosen]]
    evidence = gathered(run, failures)
    told = triaged(run, failures, evidence)
    ranked = Ranked.of(run, evidence)
    return [
        Traced(
            number, failure, told[n],
            tuple(suspects(run, ranked, n, failure, top)),
            tuple(
                run.records.row(at, named=True)
                for at in best(evidence.lexical[n], ranked.ids, top).tolist()
            ),
            bool((~np.isnan(evidence.gradient[n])).any()),
        )
        for n, (number, failure) in enumerate(
            zip(chosen, failures.iter_rows(named=True), strict=True)
        )
    ]  # fmt: skip


def suspects(
    run: TracedRun, ranked: Ranked, n: int, failure: Mapping[str, Any], top: int
) -> Iterator[Suspect]:
    """The best records by both channels, copies of one finding behind the first of them."""
    scores = ranked.evidence.both[n]
    pool = best(scores, ranked.ids, POOL * top)
    rows = run.records[pool].rows(named=True)
    cosines = None if run.traces is None else among(run.traces, pool)
    first = together([row["prompt"] for row in rows], [row["answer"] for row in rows], cosines)
    leaders = [place for place, leader in enumerate(first) if place == leader][:top]
    for rank, place in enumerate(leaders, start=1):
        copies = [rows[m] for m, leader in enumerate(first) if leader == place != m]
        at = int(pool[place])
        yield suspect(ranked, n, at, failure, rows[place], rank, float(scores[at]), copies)


def suspect(
    ranked: Ranked, n: int, at: int, failure: Mapping[str, Any], record: Mapping[str, Any],
    rank: int, score: float, copies: Sequence[Mapping[str, Any]],
) -> Suspect:  # fmt: skip
    """Record number `at` beside failure number `n`."""
    evidence = ranked.evidence
    pushed = ranked.gradient[n, at]
    gradient = None if np.isnan(pushed) else Channel(float(evidence.gradient[n, at]), int(pushed))
    near, wrong, right = (
        float(side[n, at]) for side in (evidence.prompts, evidence.wrong, evidence.right)
    )
    pushes = ranked.pushes(n, at)
    why = reasons(Seen(failure, record, near, wrong, right, pushes))
    text = Channel(float(evidence.text[n, at]), int(ranked.text[n, at]))
    return Suspect(rank, record, score, text, gradient, pushes, near, wrong, why, tuple(copies))


def number_of(run: TracedRun, named: str) -> int:
    """The failure that its number or the beginning of its id names; BadSetting where none is."""
    if named.isdecimal() and 1 <= int(named) <= len(run.failures):
        return int(named)
    ids = run.failures["record_id"].to_list()
    found = [number for number, one in enumerate(ids, start=1) if one.startswith(named)]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadSetting(
            f"{named!r} begins {len(found)} failures of {run.folder}; write more of it"
        )
    raise BadSetting(
        f"{named!r} is no failure of {run.folder}; it has {len(ids)}, named by their numbers "
        f"or their ids: curate trace {run.folder} lists them"
    )
