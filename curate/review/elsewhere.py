"""Elsewhere: verdicts on their way to another review tool and back, in the shape of neither.

A verdict that another tool can hold is kept, dropped, or changed with the new texts. A choice among
a cluster is told as drop or keep of each of its records; a choice between copies, which share an
id, cannot be told and is named. What a policy said goes along as a suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from curate.errors import BadSource, unknown
from curate.review import Review
from curate.store import decisions
from curate.store.database import Connection
from curate.store.decision import CHANGING, Decision, outcome, well_formed
from curate.store.standing import Standing, standings

TOLD = ("keep", "drop", "edit", "relabel")
FIELDS = ("prompt", "system", "history", "instruction", "input", "answer", "rejected",
          "label", "category")  # fmt: skip
NEW = "new_"  # before the name of a field: its new text
SHOWN = ("system", "prompt", "answer", "label", "category", "source", "line")
NOTHING = Standing()


@dataclass(frozen=True, slots=True)
class Spoken:
    """One verdict of one person, or of a policy."""

    reviewer: str
    kind: str
    texts: Mapping[str, str]  # field -> new text
    reason: str | None = None
    seconds: float | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A record with what was said about it."""

    record_id: str
    shown: Mapping[str, Any]  # what the other tool shows
    spoken: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """Tasks for another tool, and the verdicts that it cannot hold: record, why."""

    tasks: tuple[Task, ...]
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """How many verdicts were new or there already, and the records that nobody knows here."""

    new: int
    known: int
    strangers: tuple[str, ...]


def given(review: Review) -> Given:
    """Every record with a finding or a decision, as a task."""
    known = review.store.read(lambda on: standings(decisions.current_of(on)))
    asked = dict.fromkeys(one for item in review.queue() for one in item.records)
    ids = list(asked | dict.fromkeys(known))
    rows = {row["record_id"]: row for row in review.report.records(ids).iter_rows(named=True)}
    tasks, left = [], []
    for record_id in ids:
        if record_id not in rows:
            left.append((record_id, "the record is not in the latest audit"))
            continue
        spoken = []
        for one in known.get(record_id, NOTHING).decisions:
            if one.is_verdict:
                told = abroad(one)
                if told is None:
                    left.append((record_id, "a choice between copies is told nowhere else"))
                else:
                    spoken.append(told)
        shown = {name: rows[record_id][name] for name in SHOWN}
        tasks.append(Task(record_id, shown, tuple(spoken)))
    return Given(tuple(tasks), tuple(left))


def abroad(one: Decision) -> Spoken | None:
    """A decision as another tool can hold it; None where it cannot."""
    kind, texts = one.kind, {}
    if kind in CHANGING:
        texts = {name: change["new"] for name, change in one.payload["changes"].items()}
    elif kind == "choose":
        mine = [place for place in one.payload["drop"] if place["record_id"] == one.record_id]
        if any("line" in place for place in mine):
            return None
        kind = "drop" if mine else "keep"
    return Spoken(one.reviewer, kind, texts, one.reason, one.seconds, one.policy)


def taken(review: Review, tasks: Sequence[Task], tool: str) -> Taken:
    """Take verdicts in, all that can be used; what is here already is not added twice."""
    rows = {
        row["record_id"]: row
        for row in review.report.records([one.record_id for one in tasks]).iter_rows(named=True)
    }
    made = [
        home(rows[task.record_id], said, tool)
        for task in tasks
        if task.record_id in rows
        for said in task.spoken
        if said.policy is None
    ]
    strangers = tuple(one.record_id for one in tasks if one.record_id not in rows and one.spoken)

    def work(on: Connection) -> Taken:
        current = standings(decisions.current_of(on, sorted({one.record_id for one in made})))
        new = [one for one in made if not there(current.get(one.record_id, NOTHING), one)]
        decisions.append(review.store, on, new)
        return Taken(len(new), len(made) - len(new), strangers)

    return review.store.write(work)


def there(standing: Standing, one: Decision) -> bool:
    """Whether this person has said just this on the record."""
    return any(
        each.reviewer == one.reviewer and each.policy is None and equal(each) == equal(one)
        for each in standing.decisions
    )


def equal(one: Decision) -> str:
    """Equal for decisions that are told in the same way elsewhere."""
    told = abroad(one)
    if told is None or told.kind in CHANGING:
        return one.outcome
    return told.kind


def home(row: Mapping[str, Any], said: Spoken, tool: str) -> Decision:
    """A verdict as a decision; BadSource where it cannot be one."""
    record_id = row["record_id"]
    if said.kind not in TOLD:
        raise BadSource(f"record {record_id}: {unknown('verdict', said.kind, TOLD)}")
    for name in said.texts:
        if name not in FIELDS:
            raise BadSource(f"record {record_id}: {unknown('field', name, FIELDS)}")
    changes = {
        name: {"old": row[name], "new": text}
        for name, text in said.texts.items()
        if said.kind in CHANGING
    }
    if said.kind in CHANGING and not changes:
        raise BadSource(f"record {record_id}: {said.kind} without a {NEW}… text")
    payload = {"changes": changes} if changes else {}
    told = [tool, record_id, said.reviewer, outcome(said.kind, payload)]
    request = blake2b(orjson.dumps(told), digest_size=12).hexdigest()
    return well_formed(
        Decision(
            record_id=record_id, kind=said.kind, reviewer=said.reviewer,
            request_id=f"{tool}-{request}", payload=payload, reason=said.reason,
            seconds=said.seconds, ordered_by=tool,
        )
    )  # fmt: skip


def spoken_from(reviewer: str, answers: Mapping[str, Any], seconds: float | None = None) -> Spoken:
    """A verdict from what one person answered, question by question."""
    texts = {
        name.removeprefix(NEW): str(value)
        for name, value in answers.items()
        if name.startswith(NEW) and value is not None
    }
    kind = answers.get("verdict") or ("edit" if texts else "")
    return Spoken(reviewer, str(kind), texts, answers.get("reason") or None, seconds)


def answers_of(said: Spoken) -> dict[str, str]:
    """The same, question by question."""
    told = {"verdict": said.kind, **{f"{NEW}{name}": text for name, text in said.texts.items()}}
    return told | ({"reason": said.reason} if said.reason else {})


def persons(spoken: Iterable[Spoken]) -> list[Spoken]:
    """What people said."""
    return [one for one in spoken if one.policy is None]


def policies(spoken: Iterable[Spoken]) -> list[Spoken]:
    """What policies said."""
    return [one for one in spoken if one.policy is not None]
