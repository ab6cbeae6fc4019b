"""Sending: what a run got wrong goes into the review queue, where that can be reached.

A training machine often has neither the workspace nor what reading it needs; then the folder is
carried back. Nothing here ends a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curate.errors import CurateError
from curate.workspace import Workspace, find
from train.approved import Approved
from train.recipe import Recipe
from train.telling import Telling


def send(
    place: Path, recipe: Recipe, approved: Approved, workspace: Path | None, tell: Telling
) -> None:
    """Take the failures of a finished run into the queue of the workspace that it came from."""
    if not recipe.loop.send_failures:
        return
    home = next(homes(approved, workspace), None)
    if home is None:
        tell("not in the review queue: the workspace of this snapshot is not here")
        tell("carry the folder back and run: {command}", command=f"curate intake {place}")
        return
    try:
        from curate.intake import take_in

        done = take_in(home, place, most=recipe.loop.max_items, neighbours=recipe.loop.neighbours)
    except (CurateError, ImportError) as error:
        tell("not in the review queue: {why}", why=error)
        tell("carry the folder back and run: {command}", command=f"curate intake {place}")
        return
    tell(
        "review queue: {new} failures new, {known} there before, {gone} gone, {left} left out",
        new=done.new, known=done.known, gone=done.gone, left=done.left,
    )  # fmt: skip


def homes(approved: Approved, workspace: Path | None) -> Iterator[Workspace]:
    """Workspaces that hold the approved snapshot: the one it was read from, then the nearest."""
    around = Workspace(approved.path.resolve().parents[1])
    for one in (around, find(workspace)):
        if (one.approved / approved.id / "manifest.json").is_file():
            yield one
