"""Capture: what training shows of each record, kept as it goes by, without a pass of its own.

Loss and margin of every visit; in the epochs of the moments also a sketch of the record's gradient,
written to its row of a file, and at their ends the adapter. What is small lies with the states that
a run goes on from; a row of a sketch that is computed again after a kill is the same again.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate.utils import gather_object
from numpy.lib.format import open_memmap
from torch.nn import ModuleDict
from transformers import TrainerCallback

from curate.publish import write_whole
from train.errors import BadRecipe
from train.recipe import Recipe
from train.tracing.clock import Clock
from train.tracing.moments import Moment
from train.tracing.sketch import DIMENSION, Sketcher, as_bytes
from train.tracing.visits import Watcher

FOLDER = "trace"
"""Where a run keeps what it has captured so far, among its checkpoints."""
VISIT = np.dtype(
    [("step", "<i4"), ("record", "<i4"), ("moment", "<i4"), ("loss", "<f4"), ("margin", "<f4"),
     ("influence", "<f4")]
)  # fmt: skip
"""One visit; moment 0 is none, and then influence is 0."""

Table = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Captured:
    """What was kept of a whole run."""

    visits: Table
    """In order of steps."""
    moments: tuple[Moment, ...]
    """Those that training came to."""
    modules: tuple[str, ...]
    seed: int
    seconds: float
    """What capturing took, in this sitting."""
    folder: Path

    def sketches(self, moment: Moment) -> Table:
        """Prepared records x DIMENSION, as signed bytes, read as they are needed."""
        made: Table = np.load(sketch_file(self.folder, moment), mmap_mode="r")
        return made

    def adapter(self, moment: Moment) -> Path:
        """The adapter at a moment."""
        return self.folder / f"adapter-{moment.number}"


@dataclass
class Capture:
    """Keeps what one process sees of the records that it trains."""

    model: Any
    folder: Path
    records: int
    """How many are prepared, which is how many rows there are."""
    moments: Sequence[Moment]
    seed: int
    earlier: Table = field(default_factory=lambda: np.empty(0, VISIT))
    """Visits before the state that the run goes on from."""

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.sketcher = Sketcher(self.model, self.seed, self.clock)
        self.watcher = Watcher(self.model)
        self.where: torch.Tensor | None = None
        self.visits = [self.earlier]
        self.files: dict[int, Any] = {}
        self.folder.mkdir(parents=True, exist_ok=True)

    def moment(self, epoch: int) -> Moment | None:
        """The moment of an epoch; None for one whose gradients are not kept."""
        return next((moment for moment in self.moments if moment.epoch == epoch), None)

    @contextmanager
    def visit(
        self, numbers: Sequence[int], where: torch.Tensor, labels: torch.Tensor,
        moment: Moment | None, step: int, token_weight: float,
    ) -> Iterator[None]:  # fmt: skip
        """Keep what the pass inside shows of these records; `token_weight` is the part of the loss
        that each learnt token has in it.
        """
        self.where = where if moment is not None else None
        yield
        if not numbers:
            return
        with self.clock:
            made = np.zeros(len(numbers), VISIT)
            loss, margin, count = self.watcher.measured(labels, where)
            made["step"], made["record"] = step, numbers
            made["loss"], made["margin"] = loss.cpu(), margin.cpu()
            if moment is not None:
                sketches = self.sketcher.taken() / (token_weight * count.clamp(min=1)[:, None])
                made["moment"] = moment.number
                made["influence"] = sketches.square().sum(1).cpu()
                self.rows(moment)[list(numbers)] = as_bytes(sketches)
            self.visits.append(made)

    @contextmanager
    def forward(self) -> Iterator[None]:
        """Watch the forward pass inside."""
        with self.watcher.watching():
            if self.where is None:
                yield
            else:
                with self.sketcher.watching(self.where):
                    yield

    def rows(self, moment: Moment) -> Any:
        """The file of a moment's sketches, made by the process that comes first."""
        if moment.number not in self.files:
            file = sketch_file(self.folder, moment)
            if not file.exists():
                empty = file.with_name(f".{file.stem}-{os.getpid()}.npy")
                open_memmap(empty, "w+", np.int8, (self.records, DIMENSION)).flush()
                with suppress(FileExistsError):
                    os.link(empty, file)
                empty.unlink()
            self.files[moment.number] = open_memmap(file, "r+")
        return self.files[moment.number]

    def remember(self, state: Path, rank: int) -> None:
        """Keep what was seen so far beside the weights of a state."""
        for file in self.files.values():
            file.flush()
        out = io.BytesIO()
        epochs = np.array([moment.epoch for moment in self.moments])
        np.savez(out, visits=np.concatenate(self.visits), epochs=epochs)
        write_whole(state / f"trace-{rank}.npz", out.getvalue())

    def finished(self, step: int) -> Captured:
        """What all processes kept; a moment that the run stopped in ends where it stopped."""
        everything = gather_object([np.concatenate(self.visits)])
        visits = np.concatenate(everything)
        visits = visits[np.lexsort((visits["record"], visits["step"]))]
        reached = [
            Moment(moment.number, moment.epoch, min(moment.step, step))
            for moment in self.moments
            if (visits["moment"] == moment.number).any()
        ]
        for file in self.files.values():
            file.flush()
        return Captured(
            visits, tuple(reached), tuple(pair.name for pair in self.sketcher.pairs), self.seed,
            self.clock.seconds(), self.folder,
        )  # fmt: skip


class Adapters(TrainerCallback):
    """Keeps the adapter as it is at the end of each moment."""

    def __init__(self, capture: Capture) -> None:
        self.capture = capture

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """At the end of a moment."""
        for moment in self.capture.moments:
            if state.is_world_process_zero and moment.step == state.global_step:
                self.keep(moment)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Where a run stops early, in the moment that it stopped in."""
        for moment in self.capture.moments:
            unfinished = moment.number in self.capture.files and moment.step > state.global_step
            if state.is_world_process_zero and unfinished:
                self.keep(moment)

    def keep(self, moment: Moment) -> None:
        """Write it, whole or not at all."""
        place = self.capture.folder / f"adapter-{moment.number}"
        made = place.with_name(f".{place.name}")
        shutil.rmtree(made, ignore_errors=True)
        self.capture.model.save_pretrained(made, save_embedding_layers=False)
        (made / "README.md").unlink(missing_ok=True)  # a card with nothing in it
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)


def sketch_file(folder: Path, moment: Moment) -> Path:
    """Where the sketches of a moment are."""
    return folder / f"sketches-{moment.number}.npy"


def remembered(state: Path | None, rank: int) -> tuple[Table, list[int]]:
    """The visits that an earlier state knows of, and the epochs that it meant to keep."""
    file = state / f"trace-{rank}.npz" if state else None
    if file is None or not file.exists():
        return np.empty(0, VISIT), []
    with np.load(file) as said:
        return said["visits"], said["epochs"].tolist()


def why_not(recipe: Recipe, model: Any) -> str | None:
    """Why nothing is traced; None where it is. BadRecipe where it must be and cannot."""
    says = None
    if recipe.trace.enabled is False:
        says = "the recipe says so"
    elif recipe.training.task == "dpo":
        says = "in preference tuning no record has a gradient of its own"
    elif not any(isinstance(getattr(one, "lora_A", None), ModuleDict) for one in model.modules()):
        says = "the gradients that are kept are those of LoRA matrices, and there are none"
    if says and recipe.trace.enabled is True:
        raise BadRecipe(f"trace.enabled is true, but {says}; set it to auto")
    return says
