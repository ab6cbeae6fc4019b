"""Controls: as many records changed as a repair changes, and nothing that matters.

Retraining alone moves answers. So a repair is held against a run on the same bad records in which
equally many other ones are worded a little differently and answered as before.
"""

from __future__ import annotations

import random
from dataclasses import replace

from bench.causebench.faults import AGAIN
from bench.causebench.world import World


def unrelated(world: World, wanted: int, seed: int) -> World:
    """The world with so many right records put in a polite frame, drawn at random."""
    chance = random.Random(f"control {seed}")
    able = [place for place, row in enumerate(world.train) if not row.fault]
    chosen = set(chance.sample(able, min(wanted, len(able))))
    rows = [
        replace(row, prompt=chance.choice(AGAIN[row.language]).format(prompt=row.prompt))
        if place in chosen
        else row
        for place, row in enumerate(world.train)
    ]
    return World(tuple(rows), world.held_out)
