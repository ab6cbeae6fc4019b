"""Checkpoints: states of a run to go on from, each whole or not counted at all.

A state is whole when the list of its files with their digests, written last, holds for all of them.
A kill inside a save leaves a folder without that list, which is removed at the next start.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from curate.errors import CurateError
from curate.publish import sync, write_whole
from train.backbones import file_digest
from train.ledger import Seen

WHOLE = "whole.json"
PREFIX = "checkpoint-"
EPOCHS = "training.epochs"


class Changed(CurateError):
    """A run cannot go on, because it would not be the same run."""


def seal(folder: Path) -> None:
    """Say that a state is whole, once everything in it is on the disk."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.name != WHOLE)
    for file in files:
        sync(file)
    said = {file.name: file_digest(file) for file in files}
    write_whole(folder / WHOLE, json.dumps(said, indent=1).encode())
    sync(folder)


def is_whole(folder: Path) -> bool:
    """Whether every file of a state is the one that was saved."""
    try:
        said = json.loads((folder / WHOLE).read_bytes())
    except (OSError, ValueError):
        return False
    return all(
        (folder / name).is_file() and file_digest(folder / name) == digest
        for name, digest in said.items()
    )


def states(run: Path) -> list[Path]:
    """The folders of states, newest first, whole or not."""
    found = [each for each in run.glob(f"{PREFIX}*") if each.name.removeprefix(PREFIX).isdigit()]
    return sorted(found, key=step_of, reverse=True)


def step_of(folder: Path) -> int:
    """The step after which a state was saved."""
    return int(folder.name.removeprefix(PREFIX))


def newest(run: Path) -> Path | None:
    """The newest whole state; those that are not whole are removed."""
    for folder in states(run):
        if is_whole(folder):
            return folder
        shutil.rmtree(folder)
    return None


def remember(folder: Path, seen: Seen, rank: int = 0) -> None:
    """Keep one process's part of the ledger beside its weights."""
    write_whole(folder / f"ledger-{rank}.json", json.dumps(seen.state()).encode())


def remembered(folder: Path | None, rank: int = 0) -> Seen:
    """The part of the ledger of an earlier state."""
    if folder is None:
        return Seen()
    return Seen.of([json.loads((folder / f"ledger-{rank}.json").read_bytes())])


def must_agree(before: dict[str, Any], now: dict[str, Any]) -> None:
    """Changed, with each difference, unless a run's settings and data are those it began with.

    More epochs are allowed: what was trained so far stays what it was.
    """
    old, new = flat(before), flat(now)
    apart = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    if more_epochs(old, new):
        apart = [key for key in apart if not key.endswith(EPOCHS)]
    if apart:
        lines = [f"  {key}: {old.get(key)!r} then, {new.get(key)!r} now" for key in apart]
        raise Changed(
            "this run cannot be resumed, because it would not be the same run:\n"
            + "\n".join(lines)
            + "\ngive back the old values, or begin a new run without --resume"
        )


def more_epochs(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether the only change of epochs is a rise."""
    key = next((key for key in old if key.endswith(EPOCHS)), None)
    return key is None or key not in new or new[key] >= old[key]


def flat(said: dict[str, Any], inside: Sequence[str] = ()) -> dict[str, Any]:
    """A nested mapping with dotted keys."""
    made: dict[str, Any] = {}
    for key, value in said.items():
        path = (*inside, key)
        made.update(flat(value, path) if isinstance(value, dict) else {".".join(path): value})
    return made
