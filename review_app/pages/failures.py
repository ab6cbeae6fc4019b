"""Failures: what a trained model answers wrongly, run by run, beside what may have taught it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from curate.finding import SEVERITIES
from curate.review.failing import REASONS
from curate.show.showing import where
from curate.show.shown import one_line, visible
from curate.store import failures as kept
from curate.store.failures import Failure, Run
from review_app import acts, failed_counts
from review_app.desk import Desk
from review_app.failed_case import without_private
from review_app.failed_reading import comes_from, titles
from review_app.inert import changes
from review_app.telling import moment, title

SHOWN = 200  # failures in the table
FEW, TALL = 6, 260  # rows that need no scrolling; pixels of a table with more


def page(desk: Desk) -> None:
    """Draw the page."""
    title(desk.t("Failures of a run"))
    runs = desk.review.store.read(kept.all_runs)
    if not runs:
        empty(desk)
        return
    failed_counts.notes(desk)
    run = st.selectbox(desk.t("Run"), runs, format_func=named, width=520, key="run")
    found = desk.review.store.read(lambda on: kept.of_run(on, run.run_id))
    if not found:
        st.caption(desk.t("This run answered every record well."))
        return
    worst_first = sorted(found, key=lambda one: -SEVERITIES.index(one.severity))
    table(desk, worst_first)


def named(run: Run) -> str:
    """A run as a list of choices has it."""
    return f"{one_line(run.name)} · {moment(run.taken_in_at)}"


def empty(desk: Desk) -> None:
    """Say how failures come here."""
    st.caption(
        desk.t(
            "No run has been taken in yet. A run trains on what was approved here and answers the "
            "dev records; what it answers wrongly then stands here, beside the reference."
        )
    )
    st.code("curate export\ntrain run\ncurate intake RUN", language=None)


def table(desk: Desk, found: Sequence[Failure]) -> None:
    """All failures, and the chosen one in full."""
    t = desk.t
    shown, said = without_private(desk.review, found[:SHOWN]), failed_counts.spoken(desk)
    picked = st.dataframe(
        [
            {
                t("Place"): where(one.source, one.line),
                t("Severity"): t(one.severity),
                t("State"): state(desk, one, said),
                t("Why"): why(desk, one),
                **likely(desk, one),
                t("Prompt"): one_line(one.told.get("prompt") or ""),
                t("Answer"): one_line(one.told.get("answer") or ""),
            }
            for one in shown
        ],
        height=TALL if len(shown) > FEW else "content",
        hide_index=True, on_select="rerun", selection_mode="single-row", key="failure",
    )  # fmt: skip
    if len(found) > SHOWN:
        st.caption(desk.say("{n} of {total} are shown.", n=SHOWN, total=len(found)))
    rows = picked["selection"]["rows"]
    one_failure(desk, shown[rows[0] if rows else 0])


def one_failure(desk: Desk, failure: Failure) -> None:
    """What the model said, what it should have said, and what may have taught it."""
    t, told = desk.t, failure.told
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.text(f"{where(failure.source, failure.line)}  {why(desk, failure)}")
        if st.button(t("Review this failure"), key="to-review", shortcut="O"):
            review(desk, failure)
    texts = [(t("Prompt"), "prompt"), (t("Reference"), "reference")]
    texts += [(t("The model's answer"), "answer"), (t("Before training"), "baseline_answer")]
    left, right = st.columns(2)
    for nth, (says, name) in enumerate(texts):
        with (left, right)[nth % 2]:
            st.caption(says)
            st.code(visible(told.get(name) or "") or "–", language=None, wrap_lines=True)
    changed = changes(told.get("reference") or "", told.get("answer") or "")
    if changed:
        st.caption(t("From the reference to the answer"))
        st.code(changed, language="diff", wrap_lines=True)
    near(desk, told.get("near") or {})
    if told.get("evidence"):
        st.json(told["evidence"], expanded=False)


def why(desk: Desk, failure: Failure) -> str:
    """The reasons in words."""
    return ", ".join(desk.t(REASONS.get(one, one)) for one in failure.reasons)


def likely(desk: Desk, failure: Failure) -> dict[str, str]:
    """What it most likely comes from, where its run kept traces."""
    told = failure.told.get("trace")
    return {desk.t("Most likely"): comes_from(desk, told["triage"])} if told else {}


def state(desk: Desk, failure: Failure, said: Mapping[str, str]) -> str:
    """What became of it so far."""
    if failure.key in said:
        return titles(desk)[said[failure.key]]
    return desk.t("no longer failing") if failure.gone_in else desk.t("in the queue")


def review(desk: Desk, failure: Failure) -> None:
    """Go to the review page with this failure on it."""
    acts.put_away(desk)
    acts.pick(desk, failure.key)
    if pages := st.session_state.get("pages"):
        st.switch_page(pages["review"])


def near(desk: Desk, sides: Any) -> None:
    """The training records most like the prompt, and most like the answer."""
    t = desk.t
    likes = {"prompt": t("like the prompt"), "answer": t("like the answer")}
    rows = [
        {
            t("Training record"): one["record_id"],
            t("Nearest by"): likes[side],
            t("How near"): round(one["score"], 2),
            t("Prompt"): one_line(one["prompt"] or ""),
            t("Answer"): one_line(one["answer"] or ""),
        }
        for side in likes
        for one in sides.get(side, ())
    ]
    if rows:
        st.caption(t("Training records beside it"))
        st.dataframe(rows, hide_index=True)
