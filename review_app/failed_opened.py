"""Failed opened: a training record that comes back since a model learnt something wrong from it."""

from __future__ import annotations

import streamlit as st

from curate.review import Review
from curate.review.failing import about, opened_record
from curate.show.shown import visible
from curate.store import failures as kept
from curate.store.database import Connection
from curate.store.decision import Decision
from curate.store.failures import Failure
from curate.trace.reasons import REASONS
from review_app import inert, walk
from review_app.case import Case
from review_app.desk import Desk
from review_app.editing import titles
from review_app.failed_case import covered, hidden_in
from review_app.failed_reading import because
from review_app.reading import entry, inert_text, titled
from review_app.walk import Walk


def why(desk: Desk, seen: Case) -> None:
    """Who opened it, because of which wrong answer, and how it read when it was trained on."""
    if opened_record(seen.shown.record_id) is None:
        return
    if way := walk.here(seen.shown.record_id):
        behind(desk, way)
    for verdict, failure in openings(desk.review, seen.record_id):
        with st.container(border=True, gap="xsmall"):
            st.caption(f"**{desk.t('Opened because a model answered this wrongly')}**")
            st.text(entry(desk, verdict, undone=False), width="stretch")
            if failure is not None:
                wrong_answer(desk, failure)
    before = seen.showing.record(seen.record_id) or {}
    for field, new in seen.edited.items():
        name = titles(desk).get(field, field)
        st.caption(f"**{desk.t('As it is by now')} · {name}**")
        st.code(inert.changes(before.get(field) or "", new), language="diff", wrap_lines=True)


def behind(desk: Desk, way: Walk) -> None:
    """Why a failure was traced to this record, the failure, and the record's copies."""
    told = {"n": way.at + 1, "total": len(way.case.traced)}
    with st.container(border=True, gap="xsmall"):
        st.badge(desk.say("Record {n} of {total} behind a failure", **told), color="violet")
        because(desk, [REASONS[code] for code in way.suspect.reasons], way.suspect.copies)
        wrong_answer(desk, way.case.failure)
    hidden = hidden_in(desk.review, [one.record_id for one in way.suspect.copies])
    for one in way.suspect.copies:
        with st.container(border=True, gap="xsmall"):
            st.caption(desk.t("Decided with it"))
            for said in (one.prompt, one.answer):
                private = hidden.get(one.record_id, ())
                inert_text(inert.directed(covered(visible(said or ""), private)))


def wrong_answer(desk: Desk, failure: Failure) -> None:
    """The failure that opened it, in short."""
    hidden = hidden_in(desk.review, [failure.first_id]).get(failure.first_id, set())
    told = {
        name: covered(failure.told.get(name) or "", hidden)
        for name in ("prompt", "reference", "answer")
    }
    reference, answer = inert.apart(told["reference"], told["answer"])
    titled(desk.t("Prompt"), inert.directed(visible(told["prompt"])))
    titled(desk.t("Reference"), reference)
    titled(desk.t("The model's answer"), answer)


def openings(review: Review, record_id: str) -> list[tuple[Decision, Failure | None]]:
    """The verdicts that opened a record, each with its failure."""

    def work(on: Connection) -> list[tuple[Decision, Failure | None]]:
        opening = [one for one in kept.answers(on) if record_id in about(one).get("opens", ())]
        return [(one, of_verdict(on, one)) for one in opening]

    return review.store.read(work)


def of_verdict(on: Connection, verdict: Decision) -> Failure | None:
    """The failure that a verdict is about, as its run had it."""
    found = kept.of_record(on, str(about(verdict).get("record_id")))
    return next((one for one in found if one.run_id == about(verdict).get("run")), None)
