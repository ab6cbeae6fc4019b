"""Decisions as JSON Lines: out of one store and into another, as often as one likes.

An entry is known by its request id, and an undo names the request it takes back, since numbers
differ from store to store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from curate.errors import BadSource, unknown
from curate.publish import write_whole
from curate.review.elsewhere import there
from curate.store import decisions
from curate.store.database import Connection, Store
from curate.store.decision import Decision, well_formed
from curate.store.refusals import Refused
from curate.store.standing import Standing, standings

FORMAT = "curate-decision/1"
KEYS = (
    "record_id", "kind", "reviewer", "request_id", "payload", "reason", "findings", "seconds",
    "ordered_by", "policy", "adjudicates", "act",
)  # fmt: skip
NEEDED = ("record_id", "kind", "reviewer", "request_id", "decided_at")

Entry = tuple[Decision, str | None, int]
"""A decision, the request it undoes, and the line it stands in."""

Word = tuple[str, str, bool]
"""Record, person, and whether in view of the others."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many entries were new, and how many were there already."""

    new: int
    known: int


def write_decisions(store: Store, file: Path) -> int:
    """Write the whole log to a file; how many entries it has."""

    def work(on: Connection) -> list[bytes]:
        requests: dict[int, str] = {}
        lines = []
        for one in decisions.log(on):
            requests[one.id or 0] = one.request_id
            lines.append(orjson.dumps(as_entry(one, requests)) + b"\n")
        return lines

    lines = store.read(work)
    write_whole(file, b"".join(lines))
    return len(lines)


def read_decisions(store: Store, file: Path) -> TakenIn:
    """Take in a file, all of it or nothing; BadSource names the line that cannot be used.

    What a person says of a record in the end and already says here, by another way, is not added.
    """
    entries = list(_entries(file))

    def work(on: Connection) -> TakenIn:
        known = set(decisions.by_request(on, [one.request_id for one, _, _ in entries]))
        known |= said_already(on, entries, known)
        new = [entry for entry in entries if entry[0].request_id not in known]
        decisions.append(store, on, [one for one, undone, _ in new if undone is None])
        undos = [(one, undone, line) for one, undone, line in new if undone is not None]
        there = decisions.by_request(on, [undone for _, undone, _ in undos])
        for _, undone, line in undos:
            if undone not in there:
                raise BadSource(f"{file}:{line}: it undoes {undone!r}, which is not known here")
        decisions.append(
            store, on, [replace(one, undoes=there[undone].id) for one, undone, _ in undos]
        )
        distinct = {one.request_id for one, _, _ in entries}
        return TakenIn(len(distinct) - len(known), len(entries) - len(distinct) + len(known))

    return store.write(work)


def said_already(on: Connection, entries: Sequence[Entry], known: Set[str]) -> set[str]:
    """The new requests of persons whose last word in the file is in force here, with their undos.

    An earlier word of theirs is left out too: it could be younger than what is in force here.
    """
    undone = {target for _, target, _ in entries}
    words: dict[Word, list[Decision]] = defaultdict(list)
    for one, target, _ in entries:
        if target is None and one.policy is None:
            words[one.record_id, one.reviewer, one.adjudicates].append(one)
    current = standings(decisions.current_of(on, sorted({record_id for record_id, *_ in words})))
    out: set[str] = set()
    for (record_id, _, adjudicates), said in words.items():
        in_force = [one for one in said if one.request_id not in undone and one.is_verdict]
        last = max(in_force, key=lambda one: one.decided_at or 0, default=None)
        here = current.get(record_id, Standing()).decisions
        alike = Standing(tuple(one for one in here if one.adjudicates == adjudicates))
        if last is not None and last.request_id not in known and there(alike, last):
            out |= {one.request_id for one in said} - known
    return out | {one.request_id for one, target, _ in entries if target in out}


def as_entry(one: Decision, requests: Mapping[int, str]) -> dict[str, Any]:
    """One line of the file."""
    moment = datetime.fromtimestamp(one.decided_at or 0, UTC).isoformat(timespec="microseconds")
    undone = requests[one.undoes] if one.undoes is not None else None
    told = {name: getattr(one, name) for name in KEYS}
    return {"schema": FORMAT, **told, "decided_at": moment, "undoes": undone}


def _entries(file: Path) -> Iterator[Entry]:
    """Decisions, the request each undoes, and the line each stands in."""
    if not file.is_file():
        raise BadSource(f"{file}: no such file; curate export-decisions FILE makes one")
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            told = orjson.loads(line)
            yield *_entry(told), number
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, Refused) as error:
            raise BadSource(f"{file}:{number}: no decision: {error}") from error


def _entry(told: Any) -> tuple[Decision, str | None]:
    if not isinstance(told, dict):
        raise TypeError(f"a JSON object is expected, not {type(told).__name__}")
    for name in told:
        if name not in (*KEYS, "schema", "decided_at", "undoes"):
            raise ValueError(unknown("key", name, (*KEYS, "schema", "decided_at", "undoes")))
    for name in NEEDED:
        if not isinstance(told.get(name), str):
            raise ValueError(f"{name} is missing or no text")
    if told.get("schema", FORMAT) != FORMAT:
        raise ValueError(f"schema {told['schema']!r}; this curate reads {FORMAT!r}")
    if (told["kind"] == "undo") != isinstance(told.get("undoes"), str):
        raise ValueError("an undo names the request it undoes, and nothing else does")
    moment = datetime.fromisoformat(told["decided_at"]).timestamp()
    given = {name: told[name] for name in KEYS if told.get(name) is not None}
    given["findings"] = tuple(given.get("findings", ()))
    return well_formed(Decision(**given, decided_at=moment)), told.get("undoes")
