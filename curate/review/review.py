"""Review: who looks at what, and what they decide. What an app or a command needs is here.

    review = open_review(workspace)
    shown = review.claim("mika", order="severity", filters=Filters(check=("secret",)))
    review.keep_draft(shown, {"answer": "…"})      every few seconds, while somebody types
    shown = review.renew(shown)                    while the page is open; None: lost to another
    review.decide(shown, "edit", {"changes": {"answer": {"old": "…", "new": "…"}}})
    shown = review.claim("mika", after=shown)      the next one without a decision
    back = review.undo("mika")                     the last act of a person, by a new entry
    review.pick("mika", back[0].record_id, back[0].ordered_by)    that record again, or any other
    review.claim("hana", adjudicating=True)        a record on which two people differ

`claim` gives a `Shown`, or `Nothing` with the reasons why the queue is empty. `decide` gives
`Taken`; sent twice it counts once; sent too late it raises `Refused` and keeps the text as a
draft. Figures are in `figures`, policies and bulk in `policy`, JSON Lines in `exchange`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any
from uuid import uuid4

from curate.report import Report, open_report
from curate.review.current_best import CurrentBest
from curate.review.deciding import decided
from curate.review.failing import waiting
from curate.review.follow import NOTHING, Followed, next_open
from curate.review.frames import Filters
from curate.review.placing import Best
from curate.review.queue import BEST, Item, queue
from curate.review.settings import Settings, settings_of
from curate.review.shown import PICKED, Shown, Taken, Verdict, clock_time, unlisted
from curate.review.why import Nothing, why_empty
from curate.store import decisions, leases, notes
from curate.store.database import Connection, Store, open_store
from curate.store.decision import Decision
from curate.store.failures import Run, all_runs
from curate.store.leases import Lease
from curate.store.refusals import Refused
from curate.store.standing import Standing, standings
from curate.workspace import Workspace

TRIES = 16  # records looked at in one transaction
ALL = Filters()


def open_review(where: Workspace, store: Store | None = None, *, reading: bool = False) -> Review:
    """The review of the workspace's latest audit; NothingToAudit where there is none.

    Whoever is only `reading` makes no store.
    """
    folder = where.audited()
    return Review(open_report(folder, where), store or open_store(where, reading=reading))


class Review:
    """One report and one store, for any number of people and threads."""

    def __init__(self, report: Report, store: Store) -> None:
        self.report = report
        self.store = store
        self.followed = Followed()
        self._best = CurrentBest(report)
        self._queues: dict[tuple[object, ...], tuple[Best | None, list[Item]]] = {}

    @property
    def settings(self) -> Settings:
        """What holds for everybody on this store."""
        return self.store.read(settings_of)

    def queue(self, order: str = "severity", filters: Filters = ALL) -> list[Item]:
        """All items in an order, decided or not."""
        now = self.settings
        named: frozenset[str] | None = None
        if filters.reviewer:
            named = self.store.read(lambda on: decisions.records_of(on, filters.reviewer))
        failing = self.store.read(waiting)
        best = self.best() if order == BEST else None
        asked = (order, filters, named, now.control_share, now.double_share, failing)
        held = self._queues.get(asked)
        if held is None or held[0] is not best:
            shares = (now.control_share, now.double_share)
            items = queue(self.report, order, filters, *shares, named, failing, best)
            held = self._queues[asked] = (best, items)
        return held[1]

    def best(self) -> Best:
        """What the order `best` goes by now."""
        self.store.read(self.followed.refresh)
        return self._best(self.followed.all(), self.store.read(all_runs))

    def goes_by(self) -> tuple[Run | None, int]:
        """The run whose signals that order goes by, and how many verdicts; at little cost."""
        self.store.read(self.followed.refresh)
        run, taught = self._best.goes_by(self.followed.all(), self.store.read(all_runs))
        return run, len(taught)

    def alone(self) -> list[Item]:
        """Every record in the order `best`, without drawn ones among them and without failures."""
        best = self.best()
        held = self._queues.get((BEST,))
        if held is None or held[0] is not best:
            items = queue(self.report, BEST, control_share=0, best=best)
            held = self._queues[(BEST,)] = (best, items)
        return held[1]

    def claim(
        self,
        reviewer: str,
        order: str = "severity",
        filters: Filters = ALL,
        after: Shown | None = None,
        adjudicating: bool = False,
    ) -> Shown | Nothing:
        """The next record that is free and wants this person; first, one they hold already."""
        items = self.queue(order, filters)
        if after is not None:
            self.release(after)
        while True:
            free = self.store.read(
                lambda on: list(islice(self._free(on, items, reviewer, after, adjudicating), TRIES))
            )
            if not free:
                return self._why(items, reviewer, order, filters)
            shown = self.store.write(partial(self._take, free, reviewer, adjudicating))
            if shown is not None:
                return shown

    def pick(self, reviewer: str, record_id: str, ordered_by: str = PICKED) -> Shown:
        """One record by its id, decided or not; Refused where it is not there, or with another.

        After an undo, `ordered_by` is that of what was taken back, so that the order stays known.
        """
        found = (item for item in self.queue() if record_id in item.members)
        item = next(found, None) or unlisted(self.report, record_id)

        def work(on: Connection) -> Shown:
            self.followed.refresh(on)  # what is told beside it holds now
            lease = self._lease(on, item.key, reviewer, ordered_by)
            standing = standings(decisions.current_of(on, [record_id])).get(record_id, NOTHING)
            others = set(standing.blind) - {reviewer}
            full = len(standing.blind) >= item.wanted  # one more verdict is the last word
            return self._shown(
                on, item, record_id, lease, standing.adjudicated or bool(others and full)
            )

        return self.store.write(work)

    def renew(self, shown: Shown) -> Shown | None:
        """The same for longer; None where the record is no longer this person's."""
        seconds = self.settings.lease_seconds
        held = Lease(
            shown.item.key, shown.reviewer, shown.until, shown.request_id, shown.ordered_by
        )

        def work(on: Connection) -> Shown | None:
            lease = leases.renew(self.store, on, held, seconds)
            if lease is None:
                return None
            return self._shown(on, shown.item, shown.record_id, lease, shown.adjudicates)

        return self.store.write(work)

    def release(self, shown: Shown) -> None:
        """Give the record back, undecided."""
        self.store.write(lambda on: leases.release(on, shown.item.key, shown.reviewer))

    def keep_draft(self, shown: Shown, payload: Mapping[str, Any]) -> None:
        """Keep what is typed so far; the same person gets it back with the record."""
        self.store.write(
            lambda on: notes.keep_draft(self.store, on, shown.record_id, shown.reviewer, payload)
        )

    def decide(
        self,
        shown: Shown,
        kind: str,
        payload: Mapping[str, Any] | None = None,
        reason: str | None = None,
        seconds: float | None = None,
    ) -> Taken:
        """Record a verdict or a skip; Refused (and the text kept) where the record is lost."""
        verdict = Verdict(kind, payload or {}, reason, seconds)
        try:
            return self.store.write(lambda on: decided(self.store, on, shown, verdict))
        except Refused:
            self.keep_draft(shown, {"kind": kind, "payload": payload or {}, "reason": reason})
            raise

    def comment(self, reviewer: str, record_id: str, text: str, request_id: str) -> Decision:
        """Say something about a record without deciding."""
        said = Decision(
            record_id=record_id, kind="comment", reviewer=reviewer,
            request_id=request_id, reason=text,
        )  # fmt: skip
        return self.store.write(lambda on: decisions.append(self.store, on, [said]))[0]

    def undo(self, reviewer: str) -> list[Decision]:
        """Take back the person's last act, all of it; what was taken back, or nothing."""

        def work(on: Connection) -> list[Decision]:
            last = decisions.latest(on, reviewer)
            if last is None or last.act is None:
                return []
            back = decisions.of_act(on, last.act)
            decisions.undo(self.store, on, [one.id for one in back if one.id], reviewer)
            return back

        return self.store.write(work)

    def revert(
        self, named: Sequence[str], reviewer: str, reason: str | None = None
    ) -> list[Decision]:
        """Take back decisions by their numbers, or whole acts by their names; the new entries."""
        return self.store.write(
            lambda on: decisions.undo(
                self.store, on, decisions.numbers(on, named), reviewer, reason
            )
        )

    def history(self, record_id: str) -> list[Decision]:
        """Everything that was ever said about a record; not for a reviewer who is to be blind."""
        return self.store.read(lambda on: list(decisions.log(on, record_id)))

    def _free(
        self,
        on: Connection,
        items: list[Item],
        reviewer: str,
        after: Shown | None,
        adjudicating: bool,
    ) -> Iterator[Item]:
        """Items that seem open to this person and nobody else's, in order, their own first."""
        seen = self.followed.refresh(on)
        live = leases.live(self.store, on)
        others = {lease.record_id for lease in live if lease.reviewer != reviewer}
        mine = {lease.record_id for lease in live if lease.reviewer == reviewer}
        walked = items
        if after is not None:
            past = next((n for n, i in enumerate(items, 1) if i.key == after.item.key), 0)
            walked = [*items[past:], *items[:past]]
        elif mine:
            walked = [*(item for item in items if item.key in mine), *items]
        followed = self.followed
        for item in walked:
            if item.key in others or followed.passed(item, seen):
                continue
            if next_open(item, followed.of, reviewer, adjudicating=adjudicating):
                yield item

    def _why(self, items: list[Item], reviewer: str, order: str, filters: Filters) -> Nothing:
        whole = len(self.queue(order)) if filters.active else len(items)
        return self.store.read(lambda on: why_empty(self, on, items, reviewer, filters, whole))

    def _take(
        self, items: list[Item], reviewer: str, adjudicating: bool, on: Connection
    ) -> Shown | None:
        """The first of these items that can be had and is still open, by what the store says."""
        seconds = settings_of(on).lease_seconds
        for item in items:
            if leases.in_hand(on, item.key):
                continue
            lease = leases.take(
                self.store, on, item.key, reviewer, seconds, uuid4().hex, item.ordered_by
            )
            if lease is None:
                continue
            fresh = defaultdict(Standing, standings(decisions.current_of(on, item.records)))
            record_id = next_open(item, fresh.__getitem__, reviewer, adjudicating=adjudicating)
            if record_id is not None:
                return self._shown(on, item, record_id, lease, adjudicating)
            leases.release(on, item.key, reviewer)
        return None

    def _shown(
        self, on: Connection, item: Item, record_id: str, lease: Lease, adjudicates: bool
    ) -> Shown:
        draft = notes.draft(on, record_id, lease.reviewer)
        newest = decisions.newest(on, item.members)
        return Shown(
            item, record_id, lease.reviewer, lease.request_id, lease.until,
            lease.ordered_by or item.ordered_by, draft, adjudicates, newest,
        )  # fmt: skip

    def _lease(self, on: Connection, key: str, reviewer: str, order: str) -> Lease:
        """The lease of a record; Refused, naming who has it."""
        seconds = settings_of(on).lease_seconds
        lease = leases.take(self.store, on, key, reviewer, seconds, uuid4().hex, order)
        if lease is None:
            held = leases.of(on, key)
            raise Refused(
                says="{reviewer} has this record until {time}",
                reviewer=held.reviewer if held else "?",
                time=clock_time(held.until if held else 0),
            )
        return lease
