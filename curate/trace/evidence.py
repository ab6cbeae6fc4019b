"""Evidence: how strongly each training record speaks for each wrong answer, by two channels.

Gradient: the mean over the checkpoints of the cosine between the gradient of the model's own wrong
answer and that of the record; cosine, because of plain dot products the largest records win every
time (Pruthi and others 2020, TracIn). Text: likeness of the prompts times likeness of the record's
answer to the wrong answer, times how much more it is like that than like the reference: answers of
one pattern are all alike, and only some say the wrong thing. Without the last factor it is the
baseline that stands beside every trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from curate.trace.fusing import fused
from curate.trace.likeness import Floats, likeness, unspaced
from curate.trace.reading import Sketches, TracedRun, Traces

AT_ONCE = 4_096  # records whose sketches are in memory as float32
TOUCH = 0.05  # what counts of one side alone: a record elsewhere that says the very answer


@dataclass(frozen=True)
class Evidence:
    """Failures are rows, records of the run are columns."""

    prompts: Floats  # likeness of the prompts, 0 to 1
    wrong: Floats  # likeness of the record's answer to the wrong answer
    right: Floats  # the same to the reference
    gradient: Floats  # mean cosine; NaN where a failure or a record was not captured

    @cached_property
    def lexical(self) -> Floats:
        """The baseline."""
        found: Floats = (TOUCH + self.prompts) * (TOUCH + self.wrong)
        return found

    @cached_property
    def text(self) -> Floats:
        """The text channel: the baseline, where the answer is rather the wrong one."""
        found: Floats = self.lexical * (TOUCH + np.maximum(self.wrong - self.right, 0))
        return found

    @cached_property
    def both(self) -> Floats:
        """Gradient and text fused: the order of a trace."""
        return fused([self.gradient, self.text])


def gathered(run: TracedRun, failures: pl.DataFrame) -> Evidence:
    """The evidence on some failures of a run."""
    prompts, answers = run.records["prompt"].to_list(), run.records["answer"].to_list()
    asked, wrong, right = (
        failures[name].fill_null("").to_list() for name in ("prompt", "answer", "reference")
    )
    ways = [unspaced(f"{a} {b} {c}") for a, b, c in zip(asked, wrong, right, strict=True)]
    said = likeness([*wrong, *right], answers, [*ways, *ways])
    shape = len(failures), len(run.records)
    return Evidence(
        likeness(asked, prompts, ways),
        said[: len(failures)],
        said[len(failures) :],
        np.full(shape, np.nan)
        if run.traces is None
        else gradients(run.traces, failures["record_id"].to_list()),
    )


def gradients(traces: Traces, failing: Sequence[str]) -> Floats:
    """Mean cosine of each failure (rows) with each record; NaN where either was not captured."""
    places = {record_id: row for row, record_id in enumerate(traces.failing)}
    there = [n for n, record_id in enumerate(failing) if record_id in places]
    rows = [places[failing[n]] for n in there]
    total = np.zeros((len(failing), len(traces.signals)))
    captured = np.zeros_like(total)
    for checkpoint in traces.checkpoints if rows else ():
        asked = unit(traces.wrong(checkpoint)[rows])
        kept = traces.sketches(checkpoint)
        for at in range(0, len(kept), AT_ONCE):
            some = unit(kept[at : at + AT_ONCE])
            total[there, at : at + len(some)] += asked @ some.T
            captured[there, at : at + len(some)] += np.outer(asked.any(1), some.any(1))
    found: Floats = np.where(captured > 0, total / np.maximum(captured, 1), np.nan)
    return found


def unit(sketches: Sketches) -> Floats:
    """Each row at length 1; rows of zeros, which were not captured, as they are."""
    rows = sketches.astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Floats = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return found
