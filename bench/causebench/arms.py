"""Arms: one world trained by the product, and what the tuned model then answers.

A finished arm is not trained again, so that a benchmark that was killed goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.causebench.approval import approve, record_id
from bench.causebench.rows import Row
from bench.causebench.setup import Setup
from bench.causebench.world import World
from curate.export import manifest
from train import folder
from train.evaluate import Answered, read_records
from train.failures import Failure, read_failures
from train.run import run
from train.telling import silent

DIRTY, CLEAN = "dirty", "clean"


@dataclass(frozen=True)
class Arm:
    """A finished run on a world."""

    world: World
    snapshot: Path
    run: Path

    @cached_property
    def answers(self) -> Mapping[str, Answered]:
        """What was answered, by record id; dev and test."""
        return {one.record_id: one for one in read_records(self.run / "records.parquet")}

    @cached_property
    def failures(self) -> list[Failure]:
        """What the product calls a failure, the worst first."""
        return read_failures(self.run / "failures.parquet")

    def answer(self, row: Row) -> str:
        """What the tuned model says to a held-out record."""
        return self.answers[record_id(row)].answer.strip()

    def right(self, row: Row) -> bool:
        """Whether that is the answer it should have, whatever its reference says."""
        return self.answer(row) == row.right.strip()

    @property
    def exact_match(self) -> float:
        """Share of right answers to dev and test questions that the records can teach."""
        asked = list(fair(self.world))
        return sum(map(self.right, asked)) / len(asked)


def fair(world: World) -> Iterator[Row]:
    """Held-out records that a good run must answer: what was trained, and enough."""
    return (row for row in world.held_out if row.without in ("", "reference"))


def trained(
    world: World,
    setup: Setup,
    cache: Path,
    seed: int,
    arm: str,
    parent: str,
    before: World | None = None,
) -> Arm:
    """The arm, from the cache where it is finished on these records; the dirty one keeps traces."""
    place = setup.place(cache, seed)
    snapshot = approve(world, place / ".curate" / "approved", parent, before)
    runs = place / "runs"
    for found in sorted(runs.glob(f"{arm}-*")):
        if finished_on(found, snapshot):
            return Arm(world, snapshot, found)
    recipe = setup.recipe(cache, runs, arm, seed, traced=arm == DIRTY)
    return Arm(world, snapshot, run(recipe, snapshot, workspace=place / ".curate", tell=silent))


def finished_on(run: Path, snapshot: Path) -> bool:
    """Whether a run has ended and was trained on this very snapshot: code makes other repairs."""
    if folder.told(run).get("status") != "finished":
        return False
    ids = (json.loads(file.read_bytes())["id"] for file in
           (run / "approved.json", snapshot / manifest.FILE))  # fmt: skip
    return len(set(ids)) == 1
