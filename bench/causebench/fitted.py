"""Fitted: coefficients of triage and weights of `best`, from seeds that are not measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from bench.causebench import product
from bench.causebench.arms import CLEAN, DIRTY, Arm, trained
from bench.causebench.faults import corrupted
from bench.causebench.rows import UNCLEAR
from bench.causebench.setup import Setup
from bench.causebench.truth import causes
from bench.causebench.world import World
from curate.publish import write_whole
from curate.review import best
from curate.trace import fitting, triage
from curate.workspace import Workspace

TRIAGE = Path(triage.__file__).with_name("triage.json")
PRIORS = Path(__file__).with_name("priors")
"""What was known before, set by hand; the fit is held near it."""


def write(setup: Setup, cache: Path, seeds: Sequence[int], when: str) -> str:
    """Fit both and put them where the product reads them; what was written, in words."""
    named = ", ".join(map(str, seeds))
    on = f"CauseBench, {setup.model}, {setup.records} records, {setup.share:.0%} bad, seeds {named}"
    runs = [both(setup, cache, seed) for seed in seeds]
    features, classes, groups = [], [], []
    for seed, (world, _, dirty, clean) in zip(seeds, runs, strict=True):
        traces = product.traces(world, dirty.run, dirty.snapshot)
        for row, cause in zip(traces.features, causes(dirty, clean), strict=True):
            if cause.said != UNCLEAR:
                features.append(row)
                classes.append(cause.said)
                groups.append(seed)
    before = triage.read(json.loads((PRIORS / "triage.json").read_bytes()))
    made = fitting.fit(np.array(features), classes, groups, before, on, when)
    write_whole(TRIAGE, (json.dumps(made, indent=2) + "\n").encode())
    triage.shipped.cache_clear()
    ranks, bad = [], []
    for world, where, dirty, _ in runs:
        product.taken_in(where, dirty.run)
        ranks.append(product.queue(world, where)[1])
        bad += world.bad
    prior = best.beginning(PRIORS / "best.json")
    weights = best.fit(pl.concat(ranks), bad, prior)
    told = best.Weights(weights.bias, weights.signals, f"fitted on {on}, {when}")
    write_whole(best.FILE, best.as_file(told))
    return f"{TRIAGE}: {made['fitted']}\n{best.FILE}: {dict(weights.signals)}\n"


def both(setup: Setup, cache: Path, seed: int) -> tuple[World, Workspace, Arm, Arm]:
    """A world, its workspace, and its dirty and clean arm."""
    world = corrupted(seed, setup.records, setup.share)
    where = product.audited(world, setup.place(cache, seed))
    parent = product.snapshot(where)
    clean = world.repaired(range(len(world.train)))
    return (
        world, where,
        trained(world, setup, cache, seed, DIRTY, parent),
        trained(clean, setup, cache, seed, CLEAN, parent),
    )  # fmt: skip
