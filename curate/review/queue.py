"""Queue: the records with findings, in a chosen order, with a share drawn at random among them.

A view, never stored: it is made from a report, and `review.py` leaves out what is decided. The
order `best` has every record, since one that no check found anything on may still be bad.

The control share is what makes an honest figure possible. Checks choose what people look at, so the
rate of bad records among those says nothing about the data. Every tenth record shown is therefore
drawn from *all* records, with or without a finding: those whose ids, hashed with a fixed word, are
smallest. They are shown in the order of that hash, so that however many are done, they are a
random sample; the sample stays the same when records are added or the queue is opened anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from itertools import chain

import polars as pl

from curate.errors import BadSetting, unknown
from curate.report import Report
from curate.review.frames import Failing, Filters, clusters, judged, matching
from curate.review.placing import Best, placed, untaught

ORDERS = {  # columns of `judged`, and which of them count down
    "severity": (["weight", "source", "line"], [True, False, False]),
    "check": (["check", "weight", "source", "line"], [False, True, False, False]),
    "uncertainty": (["margin", "source", "line"], [False, False, False]),
    "disagreement": (["differing", "weight", "source", "line"], [True, True, False, False]),
    "cluster-size": (["size", "weight", "source", "line"], [True, True, False, False]),
    "oldest": (["source", "line"], [False, False]),
    "failure-linked": (["linked", "weight", "source", "line"], [True, True, False, False]),
    "best": (["place"], [False]),
}
BEST = "best"
CONTROL = "control"  # the order that a randomly drawn record says it came from
SECOND = "second"
WHOLE = 1 << 64


@dataclass(frozen=True, slots=True)
class Item:
    """What is decided at once: a record, or the records of a cluster."""

    key: str  # the first record's id; what a lease is on
    checks: Mapping[str, tuple[str, ...]]  # record -> checks with findings on it; none: look at it
    peers: tuple[str, ...] = ()  # other records of the cluster, without findings of their own
    ordered_by: str = "severity"
    drawn: str | None = None  # the record that was drawn at random
    wanted: int = 1  # people who are asked, each without seeing the other

    @property
    def records(self) -> tuple[str, ...]:
        """The records that want an answer."""
        asked = tuple(self.checks)
        return asked if self.drawn is None or self.drawn in self.checks else (*asked, self.drawn)

    @property
    def members(self) -> tuple[str, ...]:
        """All records of the cluster."""
        return tuple(dict.fromkeys((*self.records, *self.peers)))

    def asked_of(self, record_id: str) -> tuple[str, ...]:
        """The checks that must be answered; a record drawn at random wants a person whatever."""
        return () if record_id == self.drawn else self.checks.get(record_id, ())


def queue(
    report: Report,
    order: str = "severity",
    filters: Filters | None = None,
    control_share: float = 0.1,
    double_share: float = 0.0,
    named: Iterable[str] | None = None,
    failing: Sequence[Failing] = (),
    best: Best | None = None,
) -> list[Item]:
    """The items of a report in an order; `named` are the records a reviewer's filter lets through.

    `failing` is what trained models bring; each is an item of its own, beside its record's others.
    `best` is what that order goes by; without it, what the audit knows.
    Records are drawn at random only where nothing is filtered: a share of a part says nothing.
    """
    if order not in ORDERS:
        raise BadSetting(unknown("order of the queue", order, ORDERS))
    if not 0 <= control_share < 1:
        raise BadSetting(f"control share {control_share}: a number from 0 up to, not including, 1")
    groups = clusters(report.findings)
    frame = judged(report, groups, failing)
    if order == BEST:
        frame = placed(frame, best or untaught(report))
    items = list(_items(matching(frame, report, filters, named), frame, groups, order))
    if control_share and not (filters and filters.active):
        ids = drawn(report)
        if order == BEST:
            items = among_all(items, ids, control_share)
        else:  # as many as make up this share of the queue
            n = round(len(items) * control_share / (1 - control_share))
            items = with_control(items, ids[:n], control_share)
    if not double_share:
        return items
    twice = partial(wants, double_share=double_share)
    return [replace(item, wanted=2) if twice(item.key) == 2 else item for item in items]


def _items(
    wanted: pl.DataFrame, frame: pl.DataFrame, groups: Mapping[str, Sequence[str]], order: str
) -> Iterator[Item]:
    """One item for each record or cluster, where its foremost record stands."""
    columns, down = ORDERS[order]
    checks = dict(zip(frame["record_id"], map(tuple, frame["checks"].to_list()), strict=True))
    told: set[str] = set()
    for record_id in wanted.sort(columns, descending=down, nulls_last=True)["record_id"].to_list():
        members = groups.get(record_id)
        if members is None:
            yield Item(record_id, {record_id: checks[record_id]}, (), order)
            continue
        if members[0] in told:
            continue
        told.add(members[0])
        flagged = {one: checks[one] for one in members if checks.get(one)}
        peers = tuple(one for one in members if one not in flagged)
        yield Item(members[0], flagged, peers, order)


def drawn(report: Report) -> list[str]:
    """All records of the snapshot, in random order."""
    ids = pl.concat(report.snapshot.frames(["record_id"]))["record_id"].unique()
    return in_random_order(ids.to_list())


def in_random_order(ids: Iterable[str]) -> list[str]:
    """Records by their hash: random, and the same every time."""
    return [record_id for _, record_id in sorted((hashed(CONTROL, one), one) for one in ids)]


def with_control(items: Sequence[Item], ids: Sequence[str], share: float) -> list[Item]:
    """The drawn records at even distances among the others; an item is there once."""
    asked = set(ids)
    place = {
        record: item
        for item in items
        for record in chain(item.checks, item.peers)
        if record in asked
    }
    control: dict[str, Item] = {}
    for record_id in ids:
        found = place.get(record_id, Item(record_id, {}))
        control.setdefault(found.key, replace(found, ordered_by=CONTROL, drawn=record_id))
    rest = iter([item for item in items if item.key not in control])
    mixed: list[Item] = []
    for nth, item in enumerate(control.values(), start=1):
        while len(mixed) + 1 < nth / share and (following := next(rest, None)) is not None:
            mixed.append(following)
        mixed.append(item)
    return [*mixed, *rest]


def among_all(items: Sequence[Item], ids: Iterable[str], share: float) -> list[Item]:
    """The same where every record is among the items: at its drawn place, or its own if earlier.

    So whatever stands behind a place is open, and those drawn from there are a sample of it.
    """
    owner = {record: item for item in items for record in item.members}
    waiting = {item.key for item in items}
    rest, control = iter(items), iter(ids)
    mixed: list[Item] = []
    nth = 1
    while waiting:
        item = None
        if len(mixed) + 1 >= nth / share:
            nth += 1
            chosen = next((one for one in control if owner[one].key in waiting), None)
            if chosen is not None:
                item = replace(owner[chosen], ordered_by=CONTROL, drawn=chosen)
        item = item or next(one for one in rest if one.key in waiting)
        waiting.remove(item.key)
        mixed.append(item)
    return mixed


def hashed(word: str, record_id: str) -> bytes:
    """Eight bytes that depend on a word and an id alone."""
    return blake2b(f"{word} {record_id}".encode(), digest_size=8).digest()


def wants(key: str, double_share: float) -> int:
    """How many people are asked: two on a share of the items, the same ones every time."""
    return 2 if int.from_bytes(hashed(SECOND, key), "big") < double_share * WHOLE else 1
