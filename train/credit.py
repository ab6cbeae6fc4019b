"""Credit: which decisions, made between two runs, meant a failure that is now fixed.

A decision means a failure where it was made on the failure itself, on its record, or for it on
another record, as review notes it. All of that is in the log that an approved snapshot carries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from train.failures import Failure

PREFIX = "failure-"  # of the id under which a failure is decided; the record's id follows


@dataclass(frozen=True, slots=True)
class Credit:
    """One decision."""

    record_id: str
    kind: str
    reviewer: str
    decided_at: str
    reason: str | None
    verdict: str | None  # what was said of the failure


def credited(
    failure: Failure, earlier: Mapping[str, Any], later: Mapping[str, Any]
) -> tuple[Credit, ...]:
    """The decisions that the later run's data has and the earlier one's has not, for a failure."""
    known = {one["request_id"] for one in decided(earlier)}
    new = [one for one in in_force(decided(later)) if one["request_id"] not in known]
    return tuple(meant(failure, new))


def meant(failure: Failure, decisions: Iterable[Mapping[str, Any]]) -> Iterator[Credit]:
    """Those of the decisions that were made for this failure."""
    own = {failure.record_id, failure.parent_id} - {None}
    named = own | {f"{PREFIX}{one}" for one in own}
    for one in decisions:
        about = (one.get("payload") or {}).get("failure") or {}
        if one["record_id"] in named or own & {about.get("record_id"), *(about.get("for") or ())}:
            yield Credit(
                one["record_id"], one["kind"], one["reviewer"], str(one.get("decided_at") or ""),
                one.get("reason"), about.get("verdict"),
            )  # fmt: skip


def in_force(decisions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without what was undone, and without the undoing."""
    told = list(decisions)
    undone = {one.get("undoes") for one in told if one["kind"] == "undo"}
    return [one for one in told if one["kind"] != "undo" and one["request_id"] not in undone]


def decided(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The log of a run's approved snapshot; empty where that lies on another machine."""
    for folder in places(run):
        file = folder / "decisions.jsonl"
        if file.is_file():
            return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return []


def places(run: Mapping[str, Any]) -> Iterator[Path]:
    """Where the approved snapshot may lie: in the run, where it was read from, the workspace."""
    from curate.workspace import find

    folder = Path(run["folder"])
    yield folder
    approved = run.get("approved")
    if isinstance(approved, Mapping) and approved.get("path"):
        yield Path(approved["path"])
    yield find(start=folder).path / "approved" / str(run["approved_id"])
    yield find().path / "approved" / str(run["approved_id"])
