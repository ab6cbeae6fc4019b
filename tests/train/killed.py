"""Train the tiny model in a process of its own that can be told where to die (kill -9).

    python -m tests.train.killed SNAPSHOT OUT RUN-OR-DASH WHERE CHANGE...

WHERE is `never`, or `step:N` (in the N-th forward pass), `half:N` (half of the N-th optimiser,
scheduler or random state is written), `unsealed:N` (the N-th state is complete but for its seal),
`sealed:N`, `baseline` and `after` (before and after training). The last line names the run's folder.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from train import run as story
from train import trainers
from train.recipe import load


def die() -> None:
    """As a power cut would have it."""
    os.kill(os.getpid(), signal.SIGKILL)


def at(count: int, doomed: Callable[..., Any], before: bool = True) -> Callable[..., Any]:
    """The function, which dies at its n-th call."""
    calls = 0

    def wrapped(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if before and calls == count:
            die()
        made = doomed(*given, **named)
        if not before and calls == count:
            die()
        return made

    return wrapped


def halved(count: int) -> Callable[..., Any]:
    """torch.save, which at its n-th call leaves half of the file."""
    save = torch.save
    calls = 0

    def wrapped(what: Any, place: Any, *rest: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        save(what, place, *rest, **named)
        if calls == count:
            os.truncate(place, Path(place).stat().st_size // 2)
            die()

    return wrapped


def doom(where: str) -> None:
    """Arrange the death."""
    kind, _, number = where.partition(":")
    count = int(number or 1)
    if kind == "step":
        trainers.Counted.training_step = at(count, trainers.Counted.training_step)
    elif kind == "half":
        torch.save = halved(count)
    elif kind in ("unsealed", "sealed"):
        trainers.seal = at(count, trainers.seal, before=kind == "unsealed")
    elif kind == "baseline":
        story.baseline = at(1, story.baseline)
    elif kind == "after":
        story.keep = at(1, story.keep, before=False)


def main(snapshot: str, out: str, resume: str, where: str, *changes: str) -> None:
    """One sitting."""
    doom(where)
    recipe = load("smoke-cpu", [f"run.output_directory={out}", *changes])
    place = story.run(recipe, snapshot, resume=None if resume == "-" else Path(resume))
    sys.stdout.write(f"{place}\n")


def forked(words: list[str], out: Path, err: Path) -> None:
    """One sitting in a process that has its libraries already; what it says goes into files."""
    for number, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_CREAT | os.O_WRONLY), number)
    main(*words)


if __name__ == "__main__":
    main(*sys.argv[1:])
