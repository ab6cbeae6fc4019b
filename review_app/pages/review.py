"""The review page: one record, why it is here, and what shall become of it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from time import time

import streamlit as st

from curate.review.shown import Shown
from curate.review.why import Nothing
from curate.store.refusals import StoreTrouble
from review_app import (
    acts,
    case,
    choosing,
    drafts,
    failed,
    failed_acts,
    failed_opened,
    reading,
    sides,
    walk,
)
from review_app.buttons import bar, button, moving
from review_app.case import OPTIONS, Case
from review_app.desk import Desk
from review_app.editing import autosave, drafted, editor
from review_app.keyboard import listen
from review_app.keys import KEYS
from review_app.telling import told

LEAST = 5.0  # seconds between two renewals of a lease, at least


def page(desk: Desk) -> None:
    """Draw it."""
    far = st.sidebar.container()
    choosing.panel(desk)
    found = acts.before(desk)
    told()
    if isinstance(found, Nothing):
        empty(desk, found)
        st.query_params.pop("record", None)
    else:
        screen(desk, found)
        # Last, so that an address that names the record tells that its keys are there.
        if st.query_params.get("record") != found.record_id:
            st.query_params["record"] = found.record_id
    with far:
        choosing.progress(desk)
    listen()


def screen(desk: Desk, shown: Shown) -> None:
    """A record, or what a model got wrong on it; it stays this person's while it is here."""
    if failed.is_one(shown):
        failed.screen(desk, shown)
    else:
        record(desk, case_of(desk, shown))
    seconds = desk.review.settings.lease_seconds
    st.fragment(run_every=max(LEAST, seconds / 4))(stay)(desk, shown.request_id, seconds)


def record(desk: Desk, seen: Case) -> None:
    """A record with its findings beside it and its keys below."""
    editing = bool(st.session_state.get("editing"))
    head(desk, seen)
    if seen.shown.adjudicates:
        sides.both(desk, seen)
    if editing:
        with editor(desk, seen):
            failed_opened.why(desk, seen)
            reading.findings(desk, seen)
            reading.others(desk, seen)
            reason(desk, seen, alone=True)
    else:
        left, right = st.columns([3, 2], gap="medium")
        with left:
            if seen.cluster:
                reading.options(desk, seen)
            else:
                reading.record(desk, seen)
        with right:
            beside(desk, seen)
    with st.bottom:
        saving(desk, seen) if editing else keys(desk, seen)


def case_of(desk: Desk, shown: Shown) -> Case:
    """What was gathered on the record, kept while it is on the screen."""
    name = (shown.request_id, shown.record_id, desk.locale)
    kept: tuple[tuple[str, str, str], Case] | None = st.session_state.get("case")
    if kept is None or kept[0] != name:
        kept = (name, case.opened(desk.review, shown, desk.locale))
        st.session_state["case"] = kept
    return kept[1]


def head(desk: Desk, seen: Case) -> None:
    """Where the record lies, and what the data itself says about it."""
    first = seen.places[0].named if seen.places else ""
    record = seen.record
    place = f"{record['source']}:{record['line']}" if record else first
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.text(place)
        if labels := reading.about(desk, seen):
            st.text(labels)
        if seen.shown.adjudicates:
            st.badge(desk.t("reviewers differ: you have the last word"), color="violet")
        elif seen.shown.blind:
            st.badge(desk.t("decided by two people, each alone"), color="violet")
        else:
            verdict = desk.review.followed.of(seen.record_id).verdict
            if verdict is not None:
                st.badge(desk.say("decided as: {kind}", kind=desk.t(verdict.kind)), color="green")
        if seen.cluster:
            st.badge(desk.say("one of {n} is to be chosen", n=len(seen.places)), color="gray")
        if drafted(seen) and not st.session_state.get("editing"):
            st.badge(desk.t("a draft of yours waits: E"), color="orange")


def beside(desk: Desk, seen: Case) -> None:
    """Findings, guidelines and history, one at a time."""
    why, rules, past = st.tabs([desk.t("Findings"), desk.t("Guidelines"), desk.t("History")])
    with why:
        failed_opened.why(desk, seen)
        reading.findings(desk, seen)
        reading.beside(desk, seen)
        reason(desk, seen)
    with rules:
        guidelines(desk)
    with past:
        reading.history(desk, seen.shown)


def reason(desk: Desk, seen: Case, alone: bool = False) -> None:
    """A field for the reason of a decision, or for a comment without one unless it stands alone.

    The same one while the record is edited: a field that is not drawn forgets what was typed.
    """
    with bar():
        st.text_input(
            desk.t("Reason or comment"), drafts.drafted_reason(),
            key=drafts.reason_box(seen.shown), live=True, on_change=autosave, args=(desk, seen),
            placeholder=f"{desk.t('Reason or comment')} (W)", label_visibility="collapsed",
        )  # fmt: skip
        if alone:
            return
        button(desk.t("Comment"), seen.shown, KEYS["comment"], partial(acts.comment, desk, seen))


def guidelines(desk: Desk) -> None:
    """What the team goes by, in its newest version."""
    from curate.store import guidelines

    newest = desk.review.store.read(guidelines.newest)
    if newest is None:
        st.caption(desk.t("No guidelines are written yet; the page Guidelines is for that."))
        return
    st.text(newest.text, width="stretch")


def keys(desk: Desk, seen: Case) -> None:
    """What can be done with the record; every button has its key."""
    t, shown = desk.t, seen.shown
    everything = list(range(len(seen.places)))
    keep = partial(acts.choose, desk, seen, everything) if seen.cluster else None
    drop = partial(acts.choose, desk, seen, []) if seen.cluster else None
    with bar():
        if shown.adjudicates:
            sides.takes(desk, seen)
        if seen.cluster:
            for nth, _ in enumerate(seen.places[:OPTIONS]):
                choose = partial(acts.choose, desk, seen, [nth])
                button(desk.say("Only {n}", n=nth + 1), shown, str(nth + 1), choose, main=nth == 0)
        keep = keep or partial(acts.decide, desk, shown, "keep")
        drop = drop or partial(acts.decide, desk, shown, "drop")
        button(t("Keep all") if seen.cluster else t("Keep"), shown, KEYS["keep"], keep,
               main=not seen.cluster)  # fmt: skip
        button(t("Drop all") if seen.cluster else t("Drop"), shown, KEYS["drop"], drop)
        button(t("Edit"), shown, KEYS["edit"], partial(acts.edit, editing=True))
        if seen.suggestions:
            button(t("Accept"), shown, KEYS["accept"], partial(acts.accept, desk, seen))
        button(t("Skip"), shown, KEYS["skip"], partial(acts.decide, desk, shown, "skip"))
        if walk.here(shown.record_id):
            back = partial(failed_acts.back, desk)
            button(t("Back to the failure"), shown, KEYS["failure"], back)
        moving(desk, shown.request_id)


def saving(desk: Desk, seen: Case) -> None:
    """What can be done while editing."""
    t, shown = desk.t, seen.shown
    with bar():
        button(t("Save"), shown, KEYS["save"], partial(acts.save, desk, seen), main=True)
        button(t("Back"), shown, KEYS["back"], partial(acts.edit, editing=False))
        st.caption(t("What you type is kept as a draft every few seconds."))


def empty(desk: Desk, nothing: Nothing) -> None:
    """Why there is no record, and what can be done about it."""
    with st.container(border=True):
        st.subheader(desk.t("Nothing is left for you here"))
        for reason in nothing.told(desk.t):
            st.text(reason)
        if acts.filtered():
            clear = partial(choosing.unfiltered, desk)
            st.button(desk.t("Clear the filters"), on_click=acts.attempt, args=(clear,))
    with st.bottom, bar():
        moving(desk, "empty")
    if nothing.until is not None:
        st.fragment(run_every=LEAST)(look_again)(desk)


def look_again(desk: Desk) -> None:
    """Ask anew now and then: another's record may have come free."""
    with suppress(StoreTrouble):
        if isinstance(acts.claim(desk), Shown):
            st.rerun()


def stay(desk: Desk, request_id: str, seconds: float) -> None:
    """Keep the record this person's while the page is open."""
    shown: Shown | None = st.session_state.get("shown")
    if shown is None or shown.request_id != request_id or shown.until - time() > seconds / 2:
        return
    if not acts.renew(desk, shown):
        st.rerun()
