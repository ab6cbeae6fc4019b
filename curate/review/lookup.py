"""Look-up: one record's whole life, the records that filters let through, and the large acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from curate.locale import Translator
from curate.review import ALL, Review
from curate.review.follow import NOTHING
from curate.review.frames import Filters, judged, matching
from curate.review.queue import Item
from curate.show.showing import where
from curate.show.shown import one_line
from curate.store import decisions, leases
from curate.store.database import Connection
from curate.store.decision import Decision
from curate.store.leases import Lease
from curate.store.standing import Standing, standings

FEWEST = 4  # characters of an id that are enough to look for
MOST = 50  # records that one search gives
CHOICE = ("keep", "drop")  # the sides of a choice
SHORT = 8  # characters of an id that name a record
NAMED = 3  # records of a choice that are named; the others are counted
LARGE = ("bulk-", "policy-")  # how acts on many records at once are named


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies."""

    record_id: str
    source: str
    line: int


@dataclass(frozen=True)
class Life:
    """What became of one record: where it came from, what was found, and who said what."""

    record_id: str
    record: dict[str, Any] | None  # None: it is not in the audited data any more
    places: Sequence[Place]  # several where copies share the id
    findings: pl.DataFrame  # finding.SCHEMA
    item: Item
    entries: Sequence[Decision]  # of the log, oldest first
    withheld: int  # entries of others that a blind reviewer may not see yet
    standing: Standing
    lease: Lease | None
    blind: bool

    @property
    def undone(self) -> set[int]:
        """Numbers of the entries that were taken back."""
        return {one.undoes for one in self.entries if one.undoes is not None}


@dataclass(frozen=True, slots=True)
class Act:
    """Many decisions made at once."""

    name: str
    reviewer: str
    at: float  # seconds since 1970
    kind: str
    policy: str | None
    records: int
    undone: bool


def find(review: Review, words: str) -> list[Place]:
    """The records whose id begins so, or at a place written source:line; the first MOST."""
    words = words.strip()
    source, _, line = words.rpartition(":")
    asked: pl.Expr | None = None
    if source and line.isdecimal():
        named = (pl.col("source") == source) | pl.col("source").str.ends_with(f"/{source}")
        asked = named & (pl.col("line") == int(line))
    elif len(words) >= FEWEST:
        asked = pl.col("record_id").str.starts_with(words.lower())
    if asked is None:
        return []
    found: list[Place] = []
    for frame in review.report.snapshot.frames(["record_id", "source", "line"]):
        found += [Place(*row) for row in frame.filter(asked).head(MOST).iter_rows()]
    return found[:MOST]


def places(review: Review, made: Iterable[Decision]) -> dict[str, list[Place]]:
    """Where the records lie between which these decisions choose; a record may be gone."""
    chosen = {p["record_id"] for one in made for side in CHOICE for p in one.payload.get(side, ())}
    found: dict[str, list[Place]] = {}
    if chosen:
        for frame in review.report.snapshot.frames(["record_id", "source", "line"]):
            for row in frame.filter(pl.col("record_id").is_in(list(chosen))).iter_rows():
                found.setdefault(row[0], []).append(Place(*row))
    return found


def choice(t: Translator, one: Decision, known: Mapping[str, Sequence[Place]]) -> str:
    """Which records a choice keeps, which it drops, and what becomes of its own; else empty."""
    if one.kind != "choose":
        return ""
    keep, drop = (one.payload[side] for side in CHOICE)
    stays, goes = ([p["record_id"] for p in side].count(one.record_id) for side in (keep, drop))
    fate = ""
    if stays and goes:
        says = "copies of this record that stay: {stays}, that go: {goes}"
        fate = t(says).format(stays=stays, goes=goes)
    elif stays or goes:
        fate = t("this record stays") if stays else t("this record goes")
    told = t("keeps {keep}; drops {drop}").format(
        keep=_names(keep, known), drop=_names(drop, known)
    )
    return "; ".join(filter(None, [told, fate]))


def _names(side: Sequence[Mapping[str, Any]], known: Mapping[str, Sequence[Place]]) -> str:
    """SOURCE:LINE (id…) of each, as far as they are known; the id alone where it is not."""
    names = []
    for chosen in side:
        short = f"{one_line(chosen['record_id'][:SHORT])}…"
        at = [(place.source, place.line) for place in known.get(chosen["record_id"], ())]
        if "source" in chosen:
            at = [(chosen["source"], chosen["line"])]
        names += [f"{where(*place)} ({short})" for place in at] or [short]
    more = [f"+{len(names) - NAMED}"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more]) or "–"


def life(review: Review, record_id: str, reviewer: str) -> Life:
    """All that this reviewer may know of a record.

    While it waits for a second blind decision, nobody is told what the others said.
    """
    item = next((i for i in review.queue() if record_id in i.members), Item(record_id, {}))

    def work(on: Connection) -> tuple[list[Decision], Standing, Lease | None]:
        now = standings(decisions.current_of(on, [record_id]))
        return (
            list(decisions.log(on, record_id)),
            now.get(record_id, NOTHING),
            next((one for one in leases.live(review.store, on) if one.record_id == item.key), None),
        )

    log, standing, lease = review.store.read(work)
    blind = item.wanted > 1 and not standing.adjudicated and len(standing.blind) < item.wanted
    seen = [one for one in log if not blind or one.reviewer == reviewer or one.policy is not None]
    found = review.report.findings.filter(pl.col("record_id") == record_id)
    places = find(review, record_id)
    return Life(
        record_id,
        review.report.record(record_id) if places else None,
        places,
        found,
        item,
        seen,
        len(log) - len(seen),
        Standing() if len(log) > len(seen) else standing,
        lease,
        blind,
    )


def latest_of(review: Review, reviewer: str, most: int = 20) -> list[Decision]:
    """This person's decisions that hold, the newest first; not those of their policies."""
    made = review.store.read(lambda on: list(decisions.current_of(on)))
    mine = [one for one in made if one.reviewer == reviewer and one.policy is None]
    return sorted(mine, key=lambda one: -(one.decided_at or 0))[:most]


def flagged(review: Review, filters: Filters = ALL) -> pl.DataFrame:
    """record_id, source, line and checks of the records with findings that pass the filters."""
    named = None
    if filters.reviewer:
        named = review.store.read(lambda on: decisions.records_of(on, filters.reviewer))
    frame = matching(judged(review.report, {}), review.report, filters, named)
    return frame.select("record_id", "source", "line", "checks").sort("source", "line")


def large_acts(review: Review) -> list[Act]:
    """Bulk decisions and policies that were ever recorded, the newest first."""
    log = review.store.read(lambda on: list(decisions.log(on)))
    undone = {one.undoes for one in log if one.undoes is not None}
    acts: dict[str, list[Decision]] = {}
    for one in log:
        if one.act and one.act.startswith(LARGE):
            acts.setdefault(one.act, []).append(one)
    return [
        Act(
            name,
            made[0].reviewer,
            made[0].decided_at or 0,
            made[0].kind,
            made[0].policy,
            len(made),
            all(one.id in undone for one in made),
        )
        for name, made in reversed(acts.items())
    ]
