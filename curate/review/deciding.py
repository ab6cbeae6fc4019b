"""Take a decision, once, from whoever has the record; the rest is refused."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from curate.review.follow import NOTHING
from curate.review.settings import settings_of
from curate.review.shown import PICKED, Shown, Taken, Verdict, clock_time
from curate.store import decisions, leases, notes
from curate.store.database import Connection, Store
from curate.store.decision import CHANGING, Decision, well_formed
from curate.store.refusals import Refused
from curate.store.standing import standings


def decided(store: Store, on: Connection, shown: Shown, verdict: Verdict) -> Taken:
    """The decision, recorded with its record given back; what was sent before is not sent twice."""
    seconds = settings_of(on).lease_seconds
    lease = leases.take(
        store, on, shown.item.key, shown.reviewer, seconds, shown.request_id, shown.ordered_by
    )
    before = decisions.by_request(on, [shown.request_id])
    if before:
        if lease is not None and lease.request_id == shown.request_id:
            leases.release(on, shown.item.key, shown.reviewer)
        return Taken(tuple(decisions.of_act(on, shown.request_id)), again=True)
    new = entries(shown, verdict)
    if lease is None:
        raise _taken_over(on, shown)
    if not still_open(on, shown):
        raise Refused(
            says="this record was decided meanwhile ({names}); your text is kept as a draft",
            names=", ".join(_others(on, shown)),
        )
    known = said_already(on, shown, new[0])
    written = known or decisions.append(store, on, new)
    leases.release(on, shown.item.key, shown.reviewer)
    if verdict.kind in CHANGING or not typed(on, shown):
        for one in written:
            notes.drop_draft(on, one.record_id, shown.reviewer)
    return Taken(tuple(written), again=bool(known))


def typed(on: Connection, shown: Shown) -> bool:
    """Whether an edit is in the person's draft; it ends with an edit, and with nothing else."""
    draft = notes.draft(on, shown.record_id, shown.reviewer) or {}
    return bool((draft.get("payload") or {}).get("changes"))


def said_already(on: Connection, shown: Shown, new: Decision) -> list[Decision]:
    """This person's own decision, where it holds and says the same; else nothing.

    A page that is loaded again shows the record of before, and the same key is pressed on it.
    """
    found = standings(decisions.current_of(on, [shown.record_id])).get(shown.record_id, NOTHING)
    mine = None if shown.adjudicates or found.adjudicated else found.blind.get(shown.reviewer)
    if mine is None or mine.act is None or mine.outcome != new.outcome:
        return []
    return decisions.of_act(on, mine.act) if new.reason in (None, mine.reason) else []


def entries(shown: Shown, verdict: Verdict) -> list[Decision]:
    """One entry for the record; a choice has one for every record of its cluster."""
    ids = [shown.record_id]
    if verdict.kind == "choose":
        ids += [one for one in shown.item.members if one != shown.record_id]
    made = [
        Decision(
            record_id=record_id,
            kind=verdict.kind,
            reviewer=shown.reviewer,
            request_id=f"{shown.request_id}/{nth}" if nth else shown.request_id,
            payload=verdict.payload,
            reason=verdict.reason,
            findings=shown.item.checks.get(record_id, ()),
            seconds=None if nth else verdict.seconds,
            ordered_by=shown.ordered_by,
            adjudicates=shown.adjudicates,
            act=shown.request_id,
        )
        for nth, record_id in enumerate(ids)
    ]
    well_formed(made[0])
    if verdict.kind == "choose":
        _within(ids, (p["record_id"] for side in ("keep", "drop") for p in verdict.payload[side]))
    return made


def still_open(on: Connection, shown: Shown) -> bool:
    """Whether the record still waits for this person, by what the store says now."""
    if shown.ordered_by == PICKED:
        later = (decisions.log(on, one, after=shown.newest) for one in shown.item.members)
        return all(one.kind == "comment" for one in chain.from_iterable(later))
    found = standings(decisions.current_of(on, [shown.record_id]))
    standing = found.get(shown.record_id, NOTHING)
    if shown.adjudicates:
        return standing.in_conflict
    return standing.open_to(shown.reviewer, shown.item.asked_of(shown.record_id), shown.item.wanted)


def _within(ids: Iterable[str], named: Iterable[str]) -> None:
    strange = sorted(set(named) - set(ids))
    if strange:
        raise Refused(
            says="choose names {record}, which is not in this cluster of {size}",
            record=strange[0],
            size=len(list(ids)),
        )


def _taken_over(on: Connection, shown: Shown) -> Refused:
    held = leases.of(on, shown.item.key)
    return Refused(
        says="too late: {reviewer} has this record until {time}; your text is kept as a draft",
        reviewer=held.reviewer if held else "?",
        time=clock_time(held.until if held else 0),
    )


def _others(on: Connection, shown: Shown) -> list[str]:
    """Who has spoken on the record since it was shown."""
    entries = decisions.log(on, shown.record_id, after=shown.newest)
    return list(dict.fromkeys(one.reviewer for one in entries))
