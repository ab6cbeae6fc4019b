"""Failures: what a trained model answers wrongly, run by run, beside what may have taught it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from curate.finding import SEVERITIES
from curate.show.showing import where
from curate.show.shown import one_line, visible
from curate.store import failures as kept
from curate.store.failures import Failure, Run
from review_app.desk import Desk
from review_app.inert import changes
from review_app.telling import moment, title

SHOWN = 200  # failures in the table


def page(desk: Desk) -> None:
    """Draw the page."""
    title(desk.t("Failures of a run"))
    runs = desk.review.store.read(kept.all_runs)
    if not runs:
        empty(desk)
        return
    run = st.selectbox(desk.t("Run"), runs, format_func=named, width=520)
    found = desk.review.store.read(lambda on: kept.of_run(on, run.run_id))
    if not found:
        st.caption(desk.t("This run answered every record well."))
        return
    table(desk, sorted(found, key=lambda one: -SEVERITIES.index(one.severity)))


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
    shown = found[:SHOWN]
    picked = st.dataframe(
        [
            {
                t("Place"): where(one.source, one.line),
                t("Severity"): t(one.severity),
                t("Why"): ", ".join(one.reasons),
                t("Prompt"): one_line(one.told.get("prompt") or ""),
                t("Answer"): one_line(one.told.get("answer") or ""),
                t("State"): t("no longer failing") if one.gone_in else t("in the queue"),
            }
            for one in shown
        ],
        hide_index=True, height=260, on_select="rerun", selection_mode="single-row", key="failure",
    )  # fmt: skip
    if len(found) > SHOWN:
        st.caption(desk.say("{n} of {total} are shown.", n=SHOWN, total=len(found)))
    rows = picked["selection"]["rows"]
    one_failure(desk, shown[rows[0] if rows else 0])


def one_failure(desk: Desk, failure: Failure) -> None:
    """What the model said, what it should have said, and what may have taught it."""
    t, told = desk.t, failure.told
    st.text(f"{failure.record_id} · {', '.join(failure.reasons)}")
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
