"""Runs: the two runs of a proof, refused where training again could prove nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from curate.errors import CurateError
from train.approved import SPLITS, Approved, open_approved
from train.compare import Ran, matched, opened
from train.credit import decided, places
from train.errors import NotApproved
from train.prove.repair import Repair, origin, repair, rows_of
from train.recipe import Recipe, load

LEDGER = "ledger.parquet"


class NothingToProve(CurateError):
    """Training again could not show what a repair did."""


@dataclass(frozen=True)
class Side:
    """One run, its recipe, and the approved snapshot that it was trained on."""

    ran: Ran
    recipe: Recipe
    approved: Approved


@dataclass(frozen=True)
class Both:
    """The run that failed and the run on the repaired data."""

    before: Side
    after: Side

    @cached_property
    def repair(self) -> Repair:
        """What review changed in the training records."""
        return repair(*(rows_of(side.approved, "train") for side in (self.before, self.after)))

    @cached_property
    def matched(self) -> Mapping[str, str]:
        """Each dev or test record of the earlier run, and what it is in the later one."""
        return matched(self.before.ran, self.after.ran)

    @property
    def settings_apart(self) -> list[str]:
        """Settings in which the recipes differ, but for where a run lies and its seed."""
        sides = (self.before, self.after)
        one, other = (flat(side.recipe.model_dump(mode="json")) for side in sides)
        unlike = [name for name in one if one[name] != other[name]]
        return [name for name in unlike if not name.startswith(("run.", "dataset.approved"))]


def both(before: Path, after: Path) -> Both:
    """Two run folders; NothingToProve says why they cannot be held against each other."""
    sides = Both(side(before), side(after))
    for why_not in (other_model, other_template, not_descended, no_failure, no_repair):
        if why := why_not(sides):
            raise NothingToProve(why)
    return sides


def side(run: Path) -> Side:
    """A finished run with its recipe and its data; NotApproved where that is gone or changed."""
    ran = opened(run)
    return Side(ran, load(run / "resolved.yaml"), approved_of(ran))


def approved_of(ran: Ran) -> Approved:
    """The approved snapshot of a run, wherever it lies now."""
    wanted = str(ran.told["approved_id"])
    for place in places(ran.told):
        if place != ran.folder and (place / "manifest.json").is_file():
            found = open_approved(place)
            if found.id == wanted:
                return found
    raise NotApproved(
        f"{ran.folder} was trained on the approved snapshot {wanted}, which is not here; bring its "
        "folder to .curate/approved/"
    )


def other_model(sides: Both) -> str | None:
    """Whether the runs started from different weights."""
    one, other = (side.ran.told["model"] for side in (sides.before, sides.after))
    if one["files"] == other["files"]:
        return None
    return (
        f"{sides.before.ran.name} was trained on {one['name']} and {sides.after.ran.name} on "
        f"{other['name']}, with other files: what is fixed could be the other model's doing; train "
        "both on one base"
    )


def other_template(sides: Both) -> str | None:
    """Whether the runs ask their model in different words."""
    one, other = (side.ran.told["template_fingerprint"] for side in (sides.before, sides.after))
    if one == other:
        return None
    return (
        f"the template of {sides.before.ran.name} has fingerprint {one}, that of "
        f"{sides.after.ran.name} {other}: what is fixed could be the template's doing; train both "
        "with one"
    )


def not_descended(sides: Both) -> str | None:
    """Whether the later run's data is no child of the earlier one's."""
    one, other = sides.before.approved, sides.after.approved
    names = f"{sides.after.ran.name} ({other.id[:12]})", f"{sides.before.ran.name} ({one.id[:12]})"
    if not descended(one, other):
        return (
            f"the data of {names[0]} does not descend from that of {names[1]}: records of the "
            "latter are neither in it nor in its ledger; name two runs of one review"
        )
    old, new = ({d["request_id"] for d in decided(s.ran.told)} for s in (sides.before, sides.after))
    if old - new and not new - old:
        return (
            f"the data of {names[0]} holds no decision that {names[1]} lacks, but the other way "
            "round: name the run before the repair first"
        )
    return None


def descended(one: Approved, other: Approved) -> bool:
    """Whether the second snapshot says what became of every record of the first."""
    said = one.manifest, other.manifest
    if said[1].get("after") == one.id or said[0]["parent"] == said[1]["parent"]:
        return True
    return {origin(row) for row in every(one)} <= set(accounted(other))


def every(approved: Approved) -> Iterator[Mapping[str, Any]]:
    """The rows of all splits."""
    for split in SPLITS:
        yield from rows_of(approved, split)


def accounted(approved: Approved) -> Iterator[str]:
    """The ids, before any edit, of all records that a snapshot holds or has left out."""
    yield from (origin(row) for row in every(approved))
    file = approved.path / LEDGER
    if file.is_file():
        from pyarrow import parquet

        yield from parquet.read_table(file, columns=["record_id"])["record_id"].to_pylist()


def no_failure(sides: Both) -> str | None:
    """Whether there was nothing to repair."""
    if sides.before.ran.failures:
        return None
    return f"{sides.before.ran.name} answered no dev record wrongly, so there is nothing to prove"


def no_repair(sides: Both) -> str | None:
    """Whether both runs were trained on the same records, or the control has none to change."""
    found = sides.repair
    if not found.changed:
        return (
            f"{sides.before.ran.name} and {sides.after.ran.name} were trained on the same records: "
            "decide in `curate review`, export, and train again"
        )
    if found.changed > len(found.untouched):
        return (
            f"{found.changed} training records were changed and only {len(found.untouched)} were "
            "not: a control needs as many others to change"
        )
    return None


def flat(tree: Mapping[str, Any], inside: str = "") -> dict[str, str]:
    """Dotted names of settings, and their values as JSON."""
    made: dict[str, str] = {}
    for name, value in tree.items():
        if isinstance(value, dict) and value:
            made |= flat(value, f"{inside}{name}.")
        else:
            made[f"{inside}{name}"] = json.dumps(value, sort_keys=True)
    return made
