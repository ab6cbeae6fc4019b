"""Acts: what a key does. Each changes the store through the review, then what is on the screen.

What a session remembers: `shown` (the record before it), `trail` (records it came from), `draft`
(what is typed on the record), `since` (when it was shown), `seen` (records shown so far),
`editing`, and `told` (a line for the person about the last act).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import time
from typing import Any
from uuid import uuid4

import streamlit as st

from curate.review import ALL
from curate.review.failing import opened_record
from curate.review.failures import answer_opened
from curate.review.frames import Filters
from curate.review.shown import PICKED, Shown, Taken, Verdict
from curate.review.why import Nothing, without_conflict
from curate.review.writing import save_drafts
from curate.store.decision import CHANGING, Decision, outcome
from curate.store.failures import on_failure
from curate.store.refusals import Refused, StoreTrouble
from review_app import drafts, walk
from review_app.case import Case
from review_app.desk import Desk
from review_app.failed_case import kind_said

LONGEST = 3600.0  # seconds spent on one record; more was a pause
TRAIL = 50  # records one can go back


def before(desk: Desk) -> Shown | Nothing:
    """The record before this person: the one they have, one that the address names, or the next."""
    shown: Shown | None = st.session_state.get("shown")
    if shown is not None and shown.reviewer != desk.reviewer:
        shown = None
    linked = st.query_params.get("record")
    # The address lags behind a quick person, so one that was shown before asks for nothing.
    if linked and linked not in seen():
        seen().add(linked)
        return pick(desk, linked) or claim(desk)
    return following(desk) if shown is None else shown


def following(desk: Desk) -> Shown | Nothing:
    """The next stop of a walk that can be had, else the next record in the order chosen."""
    while (stop := walk.passed_by()) is not None:
        if found := pick(desk, stop):
            return found
    return claim(desk)


def seen() -> set[str]:
    """The records that this session has shown."""
    shown: set[str] = st.session_state.setdefault("seen", set())
    return shown


def claim(desk: Desk, after: Shown | None = None) -> Shown | Nothing:
    """The next record in the order chosen."""
    order: str = st.session_state.get("order") or "severity"
    filters: Filters = st.session_state.get("filters") or ALL
    differing = bool(st.session_state.get("differing"))
    found = desk.review.claim(desk.reviewer, order, filters, after, differing)
    if isinstance(found, Shown):
        return show(found)
    return without_conflict(desk.review, desk.reviewer, order, filters) if differing else found


def filtered() -> bool:
    """Whether this person sees a part of the queue only."""
    filters: Filters = st.session_state.get("filters") or ALL
    return filters.active or bool(st.session_state.get("differing"))


def pick(desk: Desk, record_id: str, ordered_by: str = PICKED) -> Shown | None:
    """One record by its id; None, with the reason told, where it cannot be had."""
    try:
        return show(desk.review.pick(desk.reviewer, record_id, ordered_by))
    except Refused as refused:
        tell(desk, refused)
        return None


def show(shown: Shown) -> Shown:
    """Put a record on the screen; text typed on it earlier comes back."""
    state = st.session_state
    draft = dict(shown.draft) if shown.draft else {}
    state["shown"], state["since"], state["draft"] = shown, time(), draft
    state["editing"] = bool((draft.get("payload") or {}).get("changes"))
    seen().add(shown.record_id)
    walk.came_to(shown.record_id)
    return shown


def attempt(act: Callable[[], None]) -> None:
    """Do what a key asks for; where the store cannot, that is told and the screen stays."""
    try:
        act()
    except StoreTrouble as trouble:
        tell(st.session_state["desk"], trouble)


def put_away(desk: Desk, *, release: bool = True) -> None:
    """Take the record off the screen; the way back to it is kept."""
    shown: Shown | None = st.session_state.get("shown")
    if shown is not None and release:
        desk.review.release(shown)
    st.session_state.pop("shown", None)
    st.session_state["editing"] = False
    if shown is None:
        return
    trail: list[str] = st.session_state.setdefault("trail", [])
    trail.append(shown.record_id)
    del trail[:-TRAIL]


def decide(desk: Desk, shown: Shown, kind: str, payload: Mapping[str, Any] | None = None) -> None:
    """Record a decision and go on; a record that was lost meanwhile keeps its text as a draft."""
    spent = min(LONGEST, time() - st.session_state.get("since", time()))
    reason = drafts.reason_of(shown)
    try:
        if opened_record(shown.record_id) and kind != "skip":
            of_opened(desk, shown, Verdict(kind, payload or {}, reason, round(spent, 1)))
        else:
            taken = desk.review.decide(shown, kind, payload, reason, round(spent, 1))
            if taken.again:
                late(desk, shown, taken, kind, payload or {})
    except Refused as refused:
        tell(desk, refused)
    except StoreTrouble as trouble:
        tell(desk, trouble)  # nothing was acknowledged, so the record stays
        return
    put_away(desk, release=False)


def of_opened(desk: Desk, shown: Shown, said: Verdict) -> None:
    """Decide on a record that a failure led to, and with it on its copies."""
    way = walk.here(shown.record_id)
    copies = [one.record_id for one in way.suspect.copies] if way else ()
    answer_opened(
        desk.review, shown, said.kind, said.payload.get("changes"), said.reason, said.seconds,
        behind=way.case.failure.record_id if way else None, copies=copies,
    )  # fmt: skip


def late(desk: Desk, shown: Shown, taken: Taken, kind: str, payload: Mapping[str, Any]) -> None:
    """Told where another window of this person had decided otherwise; a second click is silent."""
    first = taken.decisions[0]
    if first.outcome == outcome(kind, payload):
        return
    if payload:
        typed = {"kind": kind, "payload": payload, "reason": drafts.reason_of(shown)}
        desk.review.keep_draft(shown, typed)
    says = (
        "Not recorded: you had decided this record as {kind} already. "
        "Undo takes that back; a text you typed here is kept as a draft."
    )
    tell(desk, Refused(says=says, kind=desk.t(kind_said(first))))


def choose(desk: Desk, case: Case, staying: list[int]) -> None:
    """One decision for all records of a cluster."""
    stay = [place.payload for at, place in enumerate(case.places) if at in staying]
    go = [place.payload for at, place in enumerate(case.places) if at not in staying]
    decide(desk, case.shown, "choose", {"keep": stay, "drop": go})


def save(desk: Desk, case: Case) -> None:
    """Record what was typed, as an edit or, where only labels changed, a relabel."""
    from review_app.editing import typed

    changes = case.changes(typed(case))
    if not changes:
        tell(desk, desk.t("Nothing was changed; press K to keep the record as it is."))
        return
    kind = "relabel" if set(changes) <= {"label", "category"} else "edit"
    decide(desk, case.shown, kind, {"changes": changes})


def accept(desk: Desk, case: Case) -> None:
    """Record the suggested text as the reviewer's edit."""
    decide(desk, case.shown, "edit", {"changes": case.changes(case.suggestions)})


def comment(desk: Desk, case: Case) -> None:
    """Keep what stands in the field for a reason, without deciding on the record."""
    from review_app.editing import autosave

    text = drafts.reason_of(case.shown)
    if text is None:
        tell(desk, desk.t("Press W and write the comment first."))
        return
    desk.review.comment(desk.reviewer, case.record_id, text, uuid4().hex)
    st.session_state[drafts.reason_box(case.shown)] = ""
    autosave(desk, case)  # the draft of it is said now
    tell(desk, desk.t("Your comment is kept; it stands in the record's history."))


def edit(*, editing: bool) -> None:
    """Open or leave the editor."""
    st.session_state["editing"] = editing


def undo(desk: Desk) -> None:
    """Take the last decision back and show its record."""
    back = desk.review.undo(desk.reviewer)
    if not back:
        tell(desk, desk.t("There is nothing of yours to take back."))
        return
    put_away(desk)
    first = back[0]
    if on_failure(first.record_id):
        save_drafts(desk.review.store, desk.workspace)
    tell(desk, desk.say("Taken back: {kind}", kind=desk.t(kind_said(first))))
    shown = pick(desk, first.record_id, first.ordered_by or PICKED)
    if shown is not None and not shown.draft and not on_failure(first.record_id):
        give_back(desk, shown, first)


def give_back(desk: Desk, shown: Shown, taken: Decision) -> None:
    """The text and the reason of what was taken back, as a draft."""
    changes = taken.payload["changes"] if taken.kind in CHANGING else {}
    if changes or taken.reason:
        payload = {"changes": changes} if changes else {}
        draft = {"kind": "edit", "payload": payload, "reason": taken.reason}
        drafts.hold(desk, shown, draft)
        st.session_state["editing"] = bool(changes)


def go_on(desk: Desk) -> None:
    """The next record, without a decision on this one."""
    shown: Shown | None = st.session_state.get("shown")
    put_away(desk)
    if walk.walking():
        following(desk)
        return
    found = claim(desk, shown)
    if shown is not None and isinstance(found, Shown) and found.record_id == shown.record_id:
        tell(desk, desk.t("This is the only record left for you here."))
    elif shown is not None and isinstance(found, Shown) and again(desk, shown, found):
        tell(desk, desk.t("That was the last record; the queue begins again."))


def again(desk: Desk, shown: Shown, found: Shown) -> bool:
    """Whether the queue went round: the record found stands before the one that was shown."""
    order: str = st.session_state.get("order") or "severity"
    items = desk.review.queue(order, st.session_state.get("filters") or ALL)
    both = (item.key for item in items if item.key in (shown.item.key, found.item.key))
    return next(both, None) == found.item.key


def go_back(desk: Desk) -> None:
    """The record that was on the screen before this one, decided or not."""
    trail: list[str] = st.session_state.get("trail", [])
    shown: Shown | None = st.session_state.get("shown")
    while trail and shown is not None and trail[-1] == shown.record_id:
        trail.pop()
    if not trail:
        tell(desk, desk.t("There is no record before this one."))
        return
    record_id = trail.pop()
    put_away(desk)
    if st.session_state["trail"]:
        st.session_state["trail"].pop()  # going back leaves no trail
    pick(desk, record_id)


def renew(desk: Desk, shown: Shown) -> bool:
    """Keep the record a while longer; False, and told, where another has it by now."""
    try:
        longer = desk.review.renew(shown)
    except StoreTrouble:
        return True  # it is tried again soon; whoever decides meanwhile is told
    if longer is not None:
        st.session_state["shown"] = longer
        return True
    tell(desk, desk.t("Your time on this record ran out; what you typed is kept as a draft."))
    put_away(desk, release=False)
    return False


def tell(desk: Desk, said: str | Refused | StoreTrouble) -> None:
    """Leave a line for the person, shown with the next screen."""
    told = said if isinstance(said, str) else desk.t(said.says).format(**said.args_said)
    st.session_state["told"] = (told, not isinstance(said, str))
