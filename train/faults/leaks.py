"""Leaks: records that stand on both sides of the split, so that a test would measure memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

from curate.content.wording import wording
from train.approved import Record
from train.intent import Intent
from train.problem import Problem, error, warn

SUBJECT = "split"
NEEDS = ("manifest",)

FEWEST_DEV = 8
"""Fewer say nothing about a model."""


def find(intent: Intent) -> Iterator[Problem]:
    """Sizes of the splits, and what they share."""
    splits = intent.splits
    if not intent.train:
        yield error("no-records", "the approved snapshot has no training record")
    dev = len(splits.get("dev", []))
    if dev < FEWEST_DEV:
        yield warn(
            "few-dev",
            "{dev} dev records show little of what the model gets wrong; {fewest} are the fewest "
            "that do",
            dev=dev, fewest=FEWEST_DEV,
        )  # fmt: skip
    yield from shared(intent.records)


def shared(records: Iterable[Record]) -> Iterator[Problem]:
    """What stands in two splits, the plainest first; a record is told once."""
    told: set[str] = set()
    every = list(records)
    for code, says, key in KINDS:
        ids = [id_ for id_ in across(every, key) if id_ not in told]
        if ids:
            told |= set(ids)
            yield error(code, says, ids)
    if ids := [id_ for id_ in children(every) if id_ not in told]:
        yield error(
            "split-parent", "{n} records stand in another split than the record they come from", ids
        )


def across(records: Iterable[Record], key: Callable[[Record], Hashable]) -> list[str]:
    """The ids of records that have their key in common with one of another split."""
    splits: dict[Hashable, set[str]] = defaultdict(set)
    every = list(records)
    for record in every:
        splits[key(record)].add(record.split)
    return [record.record_id for record in every if len(splits[key(record)]) > 1]


def children(records: Iterable[Record]) -> Iterator[str]:
    """Records whose parent, or another child of it, stands in another split."""
    every = list(records)
    where: dict[str, set[str]] = defaultdict(set)
    for record in every:
        where[record.record_id].add(record.split)
        if record.parent_id:
            where[record.parent_id].add(record.split)
    for record in every:
        if record.parent_id and len(where[record.parent_id]) > 1:
            yield record.record_id


KINDS: tuple[tuple[str, str, Callable[[Record], Hashable]], ...] = (
    ("leaked-record", "{n} records stand in more than one split", lambda r: r.messages),
    (
        "leaked-prompt",
        "{n} records have a question that stands in another split too",
        lambda r: r.messages[:-1],
    ),
    (
        "leaked-alike",
        "{n} records differ from one in another split by case, width, punctuation or spaces only",
        lambda r: tuple(wording(text) for role, text in r.messages[:-1] if role != "system"),
    ),
    (
        "split-group",
        "{n} records of one duplicate group stand in different splits",
        lambda r: r.group,
    ),
)
