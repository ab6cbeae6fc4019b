"""Arms: the trainings of a proof, each a run of its own that is never trained twice.

For each seed there are three. *Dirty* is the earlier run, *repair* the later one; with the first
seed these are the two runs themselves. *Control* is trained like the repair, by the later recipe,
but on the earlier data with as many other records changed, so that the two differ in data alone.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from train import folder
from train.approved import open_approved
from train.prove.control import drawn, written
from train.prove.runs import Both
from train.prove.verdicts import Kind
from train.recipe import Recipe
from train.run import run
from train.sweep import changed
from train.telling import Telling

ENDED = ("finished", "stopped")
LEAN: Mapping[str, Any] = {
    "run.on_existing": "resume",
    "loop.send_failures": False,
    "evaluate.before_training": False,
    "evaluate.few_shot_baseline": 0,
    "forgetting.text_probe": False,
    "forgetting.earlier_test_sets": [],
    "dataset.probe_prompts": None,
    "output.model_card": False,
    "track.report_to": [],
    "trace.enabled": False,
}
"""An arm is trained as its recipe says, and spared what only a user's own run is for."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One training: the run that it is already, or what to train on what."""

    kind: Kind
    seed: int
    recipe: Recipe
    snapshot: Path
    there: Path | None = None

    @property
    def name(self) -> str:
        """The beginning of its folder's name; other data or settings give another one."""
        told = self.recipe.model_dump(mode="json")
        told["run"] = {"seed": self.seed}
        said = json.dumps([told, open_approved(self.snapshot).id], sort_keys=True)
        return f"{self.kind}-{self.seed}-{blake2b(said.encode(), digest_size=4).hexdigest()}"


def arms(both: Both, seeds: int, place: Path) -> Iterator[Arm]:
    """Every arm, seed by seed; the snapshots of the controls are written into `place`."""
    before, after = both.before, both.after
    for number in range(seeds):
        old, new = (lean(side.recipe, number, place) for side in (before, after))
        seed = new.run.seed
        control = written(before.approved, drawn(both.repair, seed), place)
        themselves = (before.ran.folder, after.ran.folder) if number == 0 else (None, None)
        yield Arm("dirty", old.run.seed, old, before.approved.path, themselves[0])
        yield Arm("control", seed, new, control)
        yield Arm("repair", seed, new, after.approved.path, themselves[1])


def lean(recipe: Recipe, number: int, place: Path) -> Recipe:
    """The recipe of an arm with the n-th seed after its own."""
    own = {"run.seed": recipe.run.seed + number, "run.output_directory": str(place)}
    return changed(recipe, {**LEAN, **own})


def trained(arm: Arm, place: Path, speak: Telling, locale: str) -> Path:
    """The run of an arm: the one that is there, the one that was begun, or a new one."""
    if arm.there is not None:
        return arm.there
    for before in sorted(place.glob(f"{arm.name}-*/{folder.STATUS}")):
        if folder.told(before.parent).get("status") in ENDED:
            speak("it has ended already: {run}", run=before.parent.name)
            return before.parent
    named = changed(arm.recipe, {"run.experiment_name": arm.name})
    made = run(named, arm.snapshot, tell=lambda line: speak.out(f"  {line}"), locale=locale)
    gc.collect()  # the weights of one arm must not lie beside those of the next
    return made
