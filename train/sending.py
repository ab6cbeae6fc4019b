"""Sending: what a model got wrong goes into the review queue, where that can be reached.

A training machine often has neither the workspace nor what reading it needs; then the folder is
carried back. Nothing here ends a run.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from curate.errors import CurateError
from curate.workspace import Workspace, find
from train.approved import Approved
from train.folder import told
from train.recipe import Recipe
from train.telling import Telling


def send(
    place: Path, recipe: Recipe, approved: Approved, workspace: Path | None, tell: Telling
) -> None:
    """Take the failures of a finished run into the queue of the workspace that it came from."""
    if not recipe.loop.send_failures:
        return
    home = next(homes(approved.path, approved.id, workspace), None)
    if home is None:
        tell("not in the review queue: the workspace of this snapshot is not here")
        carry(place, tell)
        return
    try:
        from curate.intake import take_in

        done = take_in(home, place, most=recipe.loop.max_items, neighbours=recipe.loop.neighbours)
    except (CurateError, ImportError) as error:
        tell("not in the review queue: {why}", why=error)
        carry(place, tell)
        return
    tell(
        "review queue: {new} failures new, {known} there before, {gone} gone, {left} left out",
        new=done.new, known=done.known, gone=done.gone, left=done.left,
    )  # fmt: skip


def send_said(place: Path, tell: Telling) -> None:
    """Take what a chat has kept in a run's folder into the queue at once."""
    trained_on = told(place).get("approved", {})
    try:
        where, name = Path(trained_on["path"]), str(trained_on["id"])
        home = next(homes(where, name, None, beside=place), None)
        if home is None:
            tell("not in the review queue: the workspace of this snapshot is not here")
            carry(place, tell)
            return
        from curate.intake import take_in_sent

        take_in_sent(home, place)
    except (CurateError, ImportError, KeyError) as error:
        tell("not in the review queue: {why}", why=error)
        carry(place, tell)
        return
    tell("it is in the review queue")


def carry(place: Path, tell: Telling) -> None:
    """What brings the failures home."""
    command = f"curate intake {shlex.quote(str(place))}"
    tell("carry the folder back and run: {command}", command=command)


def homes(
    where: Path, name: str, workspace: Path | None, beside: Path | None = None
) -> Iterator[Workspace]:
    """Workspaces that hold an approved snapshot: that it was read from, then those nearest."""
    around = Workspace(where.resolve().parents[1])
    for one in (around, find(workspace, beside), find(workspace)):
        if (one.approved / name / "manifest.json").is_file():
            yield one
