"""Facts: everything a run folder says, read once for its report, its card and a sweep's table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from train import probes, slices
from train.compare import Difference, Ran, difference
from train.compare import opened as opened_run
from train.evaluate import Answered, read_records, value_of
from train.measures import found
from train.recipe import Recipe, load

METRICS = "metrics.jsonl"


@dataclass(frozen=True, slots=True)
class Facts:
    """A run that has ended."""

    ran: Ran
    recipe: Recipe
    manifest: Mapping[str, Any]  # of the approved snapshot
    baseline: Sequence[Answered]
    few_shot: Sequence[Answered]
    probed: Sequence[probes.Probed]
    metrics: Sequence[Mapping[str, float]]  # lines of metrics.jsonl
    ledger: Sequence[Mapping[str, Any]]  # rows of ledger.parquet
    known: Mapping[str, slices.Row]  # record -> its category, origin and source

    @property
    def told(self) -> Mapping[str, Any]:
        """What run.json says."""
        return self.ran.told

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many records were trained, dropped, left out, held out."""
        return Counter(str(row["outcome"]) for row in self.ledger)

    @property
    def peak_bytes(self) -> int:
        """The most memory that any sitting held."""
        return max((one.get("peak_memory_bytes") or 0 for one in self.told["sittings"]), default=0)

    def total(self, name: str) -> float:
        """`seconds`, `training_seconds` or `tokens` over all sittings of the run."""
        return float(sum(sitting.get(name) or 0 for sitting in self.told["sittings"]))

    @property
    def joules(self) -> Mapping[str, float]:
        """Energy of the training by what used it, where that told in every sitting."""
        told = [sitting.get("training_joules") or {} for sitting in self.told["sittings"]]
        every = set.intersection(*map(set, told)) if told else set()
        return {name: sum(one[name] for one in told) for name in sorted(every)}

    def mean(self, kind: str, metric: str, split: str = "dev") -> float | None:
        """One mean of run.json's results; None where it was not measured."""
        value = self.told.get("results", {}).get(split, {}).get(kind, {}).get(metric)
        return None if value is None else float(value)


def opened(run: Path) -> Facts:
    """A run folder; BadSource where it is none."""
    import pyarrow.parquet as parquet

    ran = opened_run(run)
    file = run / METRICS
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return Facts(
        ran=ran,
        recipe=load(run / "resolved.yaml"),
        manifest=json.loads((run / "approved.json").read_bytes()),
        baseline=read_records(run / "records.parquet", "baseline"),
        few_shot=read_records(run / "records.parquet", "few_shot"),
        probed=probes.read(run / probes.FILE),
        metrics=[json.loads(line) for line in lines],
        ledger=parquet.read_table(run / "ledger.parquet").to_pylist(),
        known=slices.known(run / "records.parquet"),
    )


def gains(facts: Facts, split: str) -> Iterator[Difference]:
    """Each metric before and after training, over the records where both are known, with 95 %."""
    before = {one.record_id: one for one in facts.baseline}
    for metric in ("loss", *found()):
        both = [
            (first, second)
            for one in facts.ran.tuned.values()
            if facts.ran.records[one.record_id]["split"] == split
            and one.record_id in before
            and (first := value_of(before[one.record_id], metric)) is not None
            and (second := value_of(one, metric)) is not None
        ]
        if both:
            yield difference(split, metric, np.array(both))


def suspicious(facts: Facts) -> Iterator[tuple[str, float, float]]:
    """(split, share of answers that are exactly the reference, agreement of reviewers).

    Only where the first is above the second: nobody can be righter than the yardstick is, so the
    test knows the answers or the questions are easier than what reviewers differ on.
    """
    agreement = (facts.manifest.get("agreement") or {}).get("percent")
    for split in ("dev", "test"):
        exact = facts.mean("tuned", "exact_match", split)
        if agreement is not None and exact is not None and exact > agreement:
            yield split, exact, float(agreement)
