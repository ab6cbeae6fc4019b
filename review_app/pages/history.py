"""History: one record's whole life, from its line in a file to the last word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from curate.content.masking import mask
from curate.review import lookup
from curate.review.lookup import Life, Place
from curate.review.shown import clock_time
from curate.show.cards import of_records
from curate.show.showing import Showing, private, values, where
from curate.show.shown import visible
from curate.store.decision import Decision
from review_app.desk import Desk
from review_app.editing import titles
from review_app.failed_case import kind_said
from review_app.inert import changes, marked
from review_app.telling import figure, moment, title

LONG = 4000  # characters of a text that are shown around what findings point at
TURN = 1000  # characters of an earlier turn


def page(desk: Desk) -> None:
    """Draw the page."""
    t = desk.t
    words = st.text_input(
        t("Record"), key="record", bind="query-params", width=520,
        placeholder=t("how its id begins, or its place: data.jsonl:12"),
    )  # fmt: skip
    if not words:
        lately(desk)
        return
    found = lookup.find(desk.review, words)
    if not found:
        st.caption(t("There is no such record in the audited data."))
        gone(desk, words)
        return
    chosen = found[0]
    if len({one.record_id for one in found}) > 1:
        chosen = st.selectbox(t("Several begin so; which one?"), found, format_func=named)
    whole_life(desk, lookup.life(desk.review, chosen.record_id, desk.reviewer))


def named(place: Place) -> str:
    """A record as a list of choices has it."""
    return f"{place.record_id[:12]} · {where(place.source, place.line)}"


def lately(desk: Desk) -> None:
    """What this person decided last, to begin with."""
    t = desk.t
    mine = lookup.latest_of(desk.review, desk.reviewer)
    if not mine:
        st.caption(t("You have decided nothing yet. Look a record up by its id or its place."))
        return
    title(t("Your latest decisions"))
    known = lookup.places(desk.review, mine)
    st.dataframe([line(desk, one, set(), known) | {t("Record"): one.record_id} for one in mine],
                 hide_index=True)  # fmt: skip


def gone(desk: Desk, words: str) -> None:
    """Decisions on a record that is no longer in the data are still told."""
    life = lookup.life(desk.review, words.strip(), desk.reviewer)
    if life.entries:
        timeline(desk, life, set())


def whole_life(desk: Desk, life: Life) -> None:
    """The record on the left; where it stands and what was said of it on the right."""
    findings = of_records(desk.review.report, [life.record_id]).get(life.record_id, [])
    showing = Showing(desk.review.report, desk.locale, [life.record_id])
    hidden: set[str] = set()
    if life.record is not None:
        known = private(desk.review.report, [life.record_id]).get(life.record_id, [])
        hidden = values(life.record, known)
    left, right = st.columns([3, 4], gap="large")
    with left:
        text(desk, showing, life, findings)
    with right:
        standing(desk, life)
        timeline(desk, life, hidden)
        flagged(desk, showing, findings)


def text(desk: Desk, showing: Showing, life: Life, findings: Sequence[Any]) -> None:
    """The record itself, and where it lies."""
    t = desk.t
    title(t("Record"))
    st.code(life.record_id, language=None)
    st.text("\n".join(where(one.source, one.line) for one in life.places))
    turns = [(t(role), pieces) for role, pieces in showing.history(life.record_id, TURN)]
    system = showing.text(life.record_id, "system", LONG, findings)
    own = [
        *([(t("system"), system)] if system else []),
        *turns,
        (t("Prompt"), showing.text(life.record_id, "prompt", LONG, findings)),
        (t("Answer"), showing.text(life.record_id, "answer", LONG, findings)),
    ]
    for role, pieces in own:
        st.text(role)
        st.code(marked(pieces) or " ", language=None, wrap_lines=True)


def standing(desk: Desk, life: Life) -> None:
    """What holds now."""
    t = desk.t
    title(t("Where it stands"))
    spoken = life.standing.verdict
    if life.withheld:
        st.info(t("Others have decided. You see what they said when everybody asked has spoken."))
    elif spoken is not None:
        st.text(f"{t(spoken.kind)} · {visible(spoken.reviewer)} · {moment(spoken.decided_at)}")
    elif life.standing.in_conflict:
        st.text(t("Reviewers differ; it waits for a last word."))
    elif life.standing.policies:
        st.text(" · ".join(f"{t(one.kind)} ({one.policy})" for one in life.standing.policies))
    elif life.item.checks or life.item.drawn:
        st.text(t("It waits in the queue."))
    else:
        st.text(t("No check has found anything; it stays as it is."))
    if life.lease is not None:
        told = {"reviewer": visible(life.lease.reviewer), "time": clock_time(life.lease.until)}
        st.text(desk.say("{reviewer} has this record until {time}", **told))
    if len(life.item.members) > 1:
        st.text(desk.say("Decided together with {n} others.", n=len(life.item.members) - 1))


def timeline(desk: Desk, life: Life, hidden: set[str]) -> None:
    """Every entry of the log, and under it the texts that were changed."""
    t = desk.t
    title(t("Decisions"))
    if not life.entries:
        if not life.withheld:
            st.caption(t("nothing was decided on this record"))
        return
    known = lookup.places(desk.review, life.entries)
    st.dataframe([line(desk, one, life.undone, known) for one in life.entries], hide_index=True)
    for one in life.entries:
        for field, change in one.payload.get("changes", {}).items():
            what = titles(desk).get(field, field)
            st.text(f"{one.id} · {t(one.kind)} · {what} · {visible(one.reviewer)}")
            told = changes(masked(change["old"], hidden), masked(change["new"], hidden))
            st.code(told or t("(as it was)"), language="diff", wrap_lines=True)


def line(
    desk: Desk, one: Decision, undone: set[int], known: Mapping[str, Sequence[Place]]
) -> dict[str, Any]:
    """One entry of the log."""
    t = desk.t
    notes = [
        lookup.choice(t, one, known),
        f"{t('undo')} {one.undoes}" if one.undoes is not None else "",
        t("undone") if one.id in undone else "",
        t("last word") if one.adjudicates else "",
        t("policy {policy}").format(policy=one.policy) if one.policy else "",
        visible(one.reason or ""),
    ]
    return {
        t("No."): one.id,
        t("Time"): moment(one.decided_at),
        t("Reviewer"): visible(one.reviewer),
        t("Decision"): t(kind_said(one)),
        t("Note"): " · ".join(filter(None, notes)),
        t("Findings seen"): ", ".join(one.findings),
        t("Seconds"): figure(one.seconds, 1),
    }


def flagged(desk: Desk, showing: Showing, findings: Sequence[Any]) -> None:
    """What the checks say of it."""
    t = desk.t
    title(t("Findings"))
    if not findings:
        st.caption(t("No check has found anything."))
        return
    st.dataframe(
        [
            {
                t("No."): number,
                t("Check"): one["check"],
                t("Severity"): t(one["severity"]),
                t("Message"): showing.message(one),
            }
            for number, one in enumerate(findings, start=1)
        ],
        hide_index=True,
    )


def masked(text: str | None, hidden: set[str]) -> str:
    """The text without the private values that were found in the record."""
    shown = text or ""
    for value in sorted(hidden, key=len, reverse=True):
        shown = shown.replace(value, mask(value))
    return shown
