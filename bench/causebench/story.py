"""Story: one seed from a corrupted world to a proven repair, with every figure on the way.

What is finished is kept: an arm by its run, the seed by seed.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.causebench import product, rivals
from bench.causebench.arms import CLEAN, DIRTY, Arm, fair, trained
from bench.causebench.controls import unrelated
from bench.causebench.faults import KINDS, corrupted
from bench.causebench.measures import auroc, falling, found, recall
from bench.causebench.rows import DATA_CAUSED, UNCLEAR
from bench.causebench.setup import Setup
from bench.causebench.truth import Cause, causes
from bench.causebench.world import World
from curate.publish import write_whole
from curate.workspace import Workspace
from train import folder

Figures = dict[str, Any]
BUDGETS = {"5": 0.05, "10": 0.10}
FILE = "seed.json"


def told(setup: Setup, cache: Path, seed: int) -> Figures:
    """Every figure of a seed, from its file where it is finished."""
    file = setup.place(cache, seed) / FILE
    if not file.is_file():
        known = without_nan(measured(setup, cache, seed))
        write_whole(file, json.dumps(known, indent=1, allow_nan=False).encode())
    said: Figures = json.loads(file.read_bytes())
    return said


def without_nan(said: Any) -> Any:
    """JSON has no NaN: what was not measured is null."""
    if isinstance(said, dict):
        return {name: without_nan(value) for name, value in said.items()}
    if isinstance(said, list):
        return [without_nan(value) for value in said]
    return None if isinstance(said, float) and np.isnan(said) else said


def measured(setup: Setup, cache: Path, seed: int) -> Figures:
    """Carry out a seed."""
    world = corrupted(seed, setup.records, setup.share)
    where = product.audited(world, setup.place(cache, seed))
    parent = product.snapshot(where)
    dirty = trained(world, setup, cache, seed, DIRTY, parent)
    clean = trained(world.repaired(range(len(world.train))), setup, cache, seed, CLEAN, parent)
    traces = product.traces(world, dirty.run, dirty.snapshot)
    behind = causes(dirty, clean)
    product.taken_in(where, dirty.run)
    order = kept(setup.place(cache, seed) / "order.json", lambda: product.queue(world, where)[0])
    known = {
        "seed": seed,
        "exact_match": {"dirty": dirty.exact_match, "clean": clean.exact_match},
        "failures": counted(behind),
        "queue": of_queue(world, order, traces, seed),
        "trace": of_trace(behind, traces, dirty, seed),
        "triage": of_triage(behind, traces),
        "cost": cost(dirty.run),
    }
    made = Repairs(world, where, setup, cache, seed, parent, dirty, clean)
    return known | made.by_queue() | made.by_trace(behind, traces)


def counted(behind: Sequence[Cause]) -> dict[str, int]:
    """Failures by what is behind them."""
    said = [one.said for one in behind]
    return {name: said.count(name) for name in sorted(set(said))}


def of_queue(world: World, order: Sequence[int], traces: product.Traces, seed: int) -> Figures:
    """A: how soon each order comes to the bad records."""
    at = traces.places
    orders = {"best": list(order)} | {
        name: [at[n] for n in falling(scores)]
        for name, scores in rivals.of_queue(traces, seed).items()
    }
    return {name: of_order(world, one) for name, one in orders.items()}


def of_order(world: World, order: Sequence[int]) -> Figures:
    """AUROC and recall of one order, also by kind."""
    bad = world.bad
    ranked = np.empty(len(bad))
    ranked[list(order)] = -np.arange(len(order))
    kinds = {kind: [row.fault == kind for row in world.train] for kind in KINDS}
    return {
        "auroc": auroc(ranked, bad),
        "recall": {name: recall(order, bad, share) for name, share in BUDGETS.items()},
        "kinds": {kind: recall(order, there, 0.10) for kind, there in kinds.items()},
    }


def of_trace(
    behind: Sequence[Cause], traces: product.Traces, dirty: Arm, seed: int
) -> Mapping[str, Figures]:
    """B: how well each trace names the records responsible, on failures that data caused."""
    chosen = [n for n, one in enumerate(behind) if one.said == DATA_CAUSED]
    at = traces.places
    orders = {"trace": traces.orders} | {
        name: [[at[n] for n in falling(row)] for row in scores]
        for name, scores in rivals.of_trace(traces, dirty, seed).items()
    }
    return {
        name: means([found(rows[n], behind[n].responsible) for n in chosen])
        for name, rows in orders.items()
    }


def means(each: Sequence[Any]) -> Figures:
    """The mean of every measure of a trace; NaN where no failure was traced."""
    names = ("recall10", "recall3", "hit1", "reciprocal")
    return {
        name: float(np.mean([getattr(one, name) for one in each])) if each else float("nan")
        for name in names
    }


def of_triage(behind: Sequence[Cause], traces: product.Traces) -> Figures:
    """B: what triage says of each failure, beside what is true."""
    rows = [
        {"truth": one.said, "said": said, "chance": chances[DATA_CAUSED],
         "features": [None if np.isnan(value) else float(value) for value in features]}
        for one, said, chances, features in zip(
            behind, traces.said, traces.probabilities, traces.features, strict=True)
    ]  # fmt: skip
    clear = [row for row in rows if row["truth"] != UNCLEAR]
    caused = [row["truth"] == DATA_CAUSED for row in clear]
    return {"auroc": auroc([row["chance"] for row in clear], caused), "rows": rows}


@dataclass(frozen=True)
class Repairs:
    """C and D: what a repair gives back, by the queue and by the traces, and what chance does."""

    world: World
    where: Workspace
    setup: Setup
    cache: Path
    seed: int
    parent: str
    dirty: Arm
    clean: Arm

    def arm(self, name: str, after: World) -> Arm:
        """A run on the repaired records."""
        return trained(after, self.setup, self.cache, self.seed, name, self.parent, self.world)

    def by_queue(self) -> Figures:
        """Quality recovered by reading the first 5 % and 10 % of the order `best`."""
        bad, whole = self.world.bad, self.clean.exact_match - self.dirty.exact_match
        wanted = round(max(BUDGETS.values()) * len(bad))
        file = self.setup.place(self.cache, self.seed) / "read.json"
        done = kept(file, lambda: product.read(self.world, self.where, wanted))
        said: Figures = {"recovered": {}, "read": {}}
        for name, share in BUDGETS.items():
            first = done[: round(share * len(bad))]
            after = self.arm(f"best{name}", self.world.repaired(first))
            said["read"][name] = sum(bad[place] for place in first) / sum(bad)
            gain = after.exact_match - self.dirty.exact_match
            said["recovered"][name] = gain / whole if whole > 0 else float("nan")
            said["exact_match_best" + name] = after.exact_match
        return said

    def by_trace(self, behind: Sequence[Cause], traces: product.Traces) -> Figures:
        """Whether failures that were traced are gone once somebody has read the traces.

        Traced are those that triage says data caused; counted are those of them that it did cause.
        As many records as the repair changed are changed in the control, and none that matters.
        """
        traced = [n for n, said in enumerate(traces.said) if said == DATA_CAUSED]
        seen = sorted({place for n in traced for place in traces.shown[n]})
        caused = [behind[n] for n in traced if behind[n].said == DATA_CAUSED]
        repair = self.arm("traced", self.world.repaired(seen))
        changed = sum(self.world.bad[place] for place in seen)
        control = self.arm("control", unrelated(self.world, changed, self.seed))
        arms = {"repair": repair, "control": control, "clean": self.clean}
        return {
            "traced": {
                "failures": len(traced), "caused": len(caused), "read": len(seen),
                "changed": changed,
            },
            "gone": {name: gone(caused, after) for name, after in arms.items()},
            "broken": {name: broken(self.dirty, after) for name, after in arms.items()},
        }  # fmt: skip


def kept(file: Path, make: Callable[[], list[int]]) -> list[int]:
    """What was made once: decisions move the weights, so a second look would be another one."""
    if not file.is_file():
        write_whole(file, json.dumps(make()).encode())
    places: list[int] = json.loads(file.read_bytes())
    return places


def gone(caused: Sequence[Cause], after: Arm) -> float:
    """Share of failures that are right afterwards, in both wordings of the proof, too."""
    proofs = {one.row.key: [one.row] for one in caused}
    for row in after.world.held_out:
        if row.split == "test" and row.key in proofs:
            proofs[row.key].append(row)
    right = [all(map(after.right, proofs[one.row.key])) for one in caused]
    return sum(right) / len(right) if right else float("nan")


def broken(before: Arm, after: Arm) -> float:
    """Share of the dev records that were right and are wrong afterwards."""
    known = [row for row in fair(before.world) if row.split == "dev" and before.right(row)]
    wrong = sum(not after.right(row) for row in known)
    return wrong / len(known) if known else float("nan")


def cost(run: Path) -> Figures:
    """E: what tracing took."""
    said = json.loads((run / "traces" / "trace.json").read_bytes())
    seconds = folder.told(run).get("training_seconds")
    return {"share_of_time": said["share_of_time"], "bytes": said["bytes_per_record"],
            "training_seconds": seconds}  # fmt: skip
