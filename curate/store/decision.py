"""Decision: a person's verdict on a record, or a policy's that a person switched on.

What the payload holds, by kind:
edit, relabel  {"changes": {field: {"old": text or null, "new": text}}}
choose         {"keep": [place, ...], "drop": [place, ...]}; a place is {"record_id": ...}, and for
               copies, which share an id, also {"source": ..., "line": ...}
the others     nothing
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal

import orjson

from curate.errors import unknown
from curate.store.refusals import Refused

Kind = Literal["keep", "drop", "edit", "relabel", "choose", "skip", "comment", "undo"]
VERDICTS = ("keep", "drop", "edit", "relabel", "choose")
KINDS = (*VERDICTS, "skip", "comment", "undo")
CHANGING = ("edit", "relabel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One entry of the log. The store fills in what has a default of None and is not given."""

    record_id: str
    kind: str
    reviewer: str
    request_id: str  # the same request counts once, however often it is sent
    payload: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None  # a comment's text, too
    findings: tuple[str, ...] = ()  # the checks whose findings the reviewer saw
    seconds: float | None = None  # from shown to decided
    ordered_by: str | None = None  # the order of the queue that the record came from
    policy: str | None = None  # null: a person looked
    adjudicates: bool = False  # made in view of the others' decisions; final
    act: str | None = None  # decisions made in one act share it, and one undo takes all back
    undoes: int | None = None
    decided_at: float | None = None  # seconds since 1970, UTC
    id: int | None = None

    @property
    def is_verdict(self) -> bool:
        """Whether it says what shall become of the record."""
        return self.kind in VERDICTS

    @property
    def outcome(self) -> str:
        """Equal for two decisions that do the same to the record."""
        return outcome(self.kind, self.payload)


def outcome(kind: str, payload: Mapping[str, Any]) -> str:
    """The kind, and for those that carry text or a choice a digest of what they lead to."""
    if kind in CHANGING:
        does: Any = {name: change["new"] for name, change in payload["changes"].items()}
    elif kind == "choose":
        does = sorted(
            orjson.dumps(p, option=orjson.OPT_SORT_KEYS).decode() for p in payload["drop"]
        )
    else:
        return kind
    told = orjson.dumps(does, option=orjson.OPT_SORT_KEYS)
    return f"{kind} {blake2b(told, digest_size=8).hexdigest()}"


def well_formed(decision: Decision) -> Decision:
    """The same decision; Refused where its kind is unknown or its payload has another shape."""
    kind, payload = decision.kind, decision.payload
    if kind not in KINDS:
        raise Refused(says="{problem}", problem=unknown("kind of decision", kind, KINDS))
    if not decision.reviewer.strip():
        raise Refused(says="a decision needs the name of its reviewer")
    if kind in CHANGING and not _changes(payload):
        raise Refused(says="{kind} needs the old and the new text of at least one field", kind=kind)
    if kind == "choose" and not _places(payload):
        raise Refused(says="choose needs the places that stay and the places that go")
    return decision


def _changes(payload: Mapping[str, Any]) -> bool:
    changes = payload.get("changes")
    return (
        isinstance(changes, Mapping)
        and bool(changes)
        and all(
            isinstance(c, Mapping) and isinstance(c.get("new"), str) and "old" in c
            for c in changes.values()
        )
    )


def _places(payload: Mapping[str, Any]) -> bool:
    return all(
        isinstance(payload.get(side), list | tuple) and all("record_id" in p for p in payload[side])
        for side in ("keep", "drop")
    )
