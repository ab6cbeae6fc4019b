"""Failed reading: the model's answer beside the reference, and what may have taught it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from curate.review.failing import Neighbour, about
from curate.review.failures import VERDICTS
from curate.show.shown import visible
from curate.store.decision import Decision
from curate.trace.reasons import ADVICE
from curate.trace.telling import WORDS
from review_app import inert
from review_app.desk import Desk
from review_app.failed_case import Beside, Failed, covered
from review_app.reading import COLORS, LONG, entry, inert_text, role_said, titled
from review_app.telling import moment

SHORT = 400  # characters of a training record's texts

Marked = Callable[[int, Beside], None]


def head(desk: Desk, seen: Failed) -> None:
    """Where the record lies, which model failed on it, and what was said of that."""
    failure, run = seen.case.failure, seen.case.run
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.text(f"{visible(failure.source)}:{failure.line}")
        st.badge(desk.t("failure of a model"), color=COLORS[failure.severity])
        st.text(f"{visible(run.name)}  {moment(run.taken_in_at)}")
        if failure.gone_in:
            st.badge(desk.t("no longer failing"), color="green")
        if seen.shown.adjudicates:
            st.badge(desk.t("reviewers differ: you have the last word"), color="violet")
        elif seen.shown.blind:
            st.badge(desk.t("decided by two people, each alone"), color="violet")
        else:
            verdict = desk.review.followed.of(seen.shown.record_id).verdict
            if verdict is not None:
                st.badge(desk.say("decided as: {kind}", kind=decided_as(desk, verdict)),
                         color="green")  # fmt: skip


def reasons(desk: Desk, seen: Failed) -> None:
    """Why the answer counts as wrong, and what that most likely comes from, in words."""
    with st.container(border=True, gap="xxsmall"):
        for reason, says in zip(seen.case.failure.reasons, seen.case.says, strict=True):
            found = seen.evidence.get(reason)
            st.text(f"{desk.t(says)}{values(desk, found)}{because_said(found)}", width="stretch")
        if told := seen.case.triage:
            st.badge(f"{desk.t('Most likely')}: {comes_from(desk, told)}", color="violet")
            st.text(desk.t(ADVICE[told["said"]]), width="stretch")


def comes_from(desk: Desk, told: Mapping[str, Any]) -> str:
    """What triage says, and how sure it is."""
    says = desk.t(WORDS[told["said"]])
    return f"{says} {told['probability']:.0%}" if told["said"] in told["probabilities"] else says


def because_said(told: Any) -> str:
    """Why somebody called the answer wrong, in their words."""
    why = told.get("why") if isinstance(told, Mapping) else None
    return f": {visible(why)}" if why else ""


def values(desk: Desk, told: Any) -> str:
    """Which value was expected and which was found, where that is the reason."""
    if not isinstance(told, Mapping) or not {"expected", "found"} <= set(told):
        return ""
    sides = {
        name: visible(", ".join(map(str, told[name])) or "–") for name in ("expected", "found")
    }
    return f"  ({desk.say('expected: {expected}; found: {found}', **sides)})"


def answers(desk: Desk, seen: Failed) -> None:
    """Reference and answer side by side, what only one of them says in brackets.

    An answer sent from a chat has neither a reference nor a baseline, but what was said before.
    """
    t = desk.t
    if not seen.case.has_reference:
        for role, earlier in seen.evidence.get("history", ()):
            titled(role_said(desk, role), inert.directed(visible(earlier)))
        for title, name in ((t("Prompt"), "prompt"), (t("The model's answer"), "answer")):
            text(desk, seen, title, name, inert.directed(visible(seen.told(name))))
        return
    text(desk, seen, t("Prompt"), "prompt", inert.directed(visible(seen.told("prompt"))))
    right_one, given = inert.apart(seen.told("reference"), seen.told("answer"))
    left, right = st.columns(2)
    with left:
        text(desk, seen, t("Reference"), "reference", right_one)
    with right:
        text(desk, seen, t("The model's answer"), "answer", given)
    before = inert.directed(visible(seen.told("baseline_answer")))
    text(desk, seen, t("Before training"), "baseline_answer", before)


def text(desk: Desk, seen: Failed, title: str, name: str, shown: str) -> None:
    """One text; of a very long one the beginning, until all of it is asked for."""
    whole = f"whole-{name}-{seen.shown.request_id}"
    long = len(shown) > LONG
    cut = long and not st.session_state.get(whole)
    titled(title, shortened(shown, LONG) if cut else shown or desk.t("(empty)"))
    if long:
        st.toggle(desk.t("Show the whole text"), key=whole)


def shortened(shown: str, limit: int) -> str:
    """The beginning of a text, and how much more there is."""
    left = len(shown) - limit
    return shown if left <= 0 else f"{shown[:limit]} … (+{left:,})"


def training(desk: Desk, seen: Failed, mark: Marked | None = None) -> None:
    """The training records that may have taught it, each with who decided on it and when."""
    if not seen.beside:
        st.caption(desk.t("No training record is like it, or the data of the run is not here."))
    for number, one in enumerate(seen.beside, start=1):
        with st.container(border=True, gap="xxsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if mark is None:
                    st.badge(str(number), color="gray")
                else:
                    mark(number, one)
                st.caption(likeness(desk, one))
            because(desk, one.reasons, one.copies)
            hidden = seen.hidden.get(one.record.record_id, ())
            for said in (one.record.prompt, one.record.answer):
                inert_text(inert.directed(shortened(covered(visible(said or ""), hidden), SHORT)))
            approved(desk, one)


def because(desk: Desk, reasons: Sequence[str], copies: Sequence[Neighbour]) -> None:
    """Why a failure was traced to a record, and how many records one decision covers."""
    if reasons:
        st.text(desk.t("; ").join(map(desk.t, reasons)), width="stretch")
    if copies:
        st.caption(desk.say("One decision covers {n} records.", n=len(copies) + 1))


def likeness(desk: Desk, one: Beside) -> str:
    """In what the record is like the failure, and how much."""
    sides = [(desk.t("like the prompt"), one.prompt), (desk.t("like the answer"), one.answer)]
    return " · ".join(f"{says} {near:.2f}" for says, near in sides if near is not None)


def approved(desk: Desk, one: Beside) -> None:
    """Who decided on a training record, and when."""
    for decision in one.record.decisions:
        st.text(f"✓ {said(desk, decision)}", width="stretch")
    if not one.record.decisions:
        st.caption(desk.t("Nobody has decided on it; it was trained on as it came."))


def said(desk: Desk, one: Decision) -> str:
    """A decision on one line, with the policy that it came from."""
    policy = f"  ({desk.say('policy {policy}', policy=one.policy)})" if one.policy else ""
    return entry(desk, one, undone=False) + policy


def history(desk: Desk, seen: Failed) -> None:
    """What was said of the record, then of the failure; whoever is to be blind sees their own."""
    mine = seen.shown.blind
    if mine:
        st.caption(desk.t("Another person decides on this record too; their answer stays hidden."))
    spoken = [*seen.case.decisions, *desk.review.history(seen.shown.record_id)]
    undone = {one.undoes for one in spoken}
    shown = [one for one in spoken if not mine or one.reviewer == desk.reviewer]
    for one in shown:
        st.text(entry(desk, one, undone=one.id in undone), width="stretch")
    if not shown:
        st.caption(desk.t("Nothing was decided on this record yet."))


def decided_as(desk: Desk, one: Decision) -> str:
    """A verdict in two or three words."""
    return titles(desk).get(str(about(one).get("verdict"))) or desk.t(one.kind)


def titles(desk: Desk) -> dict[str, str]:
    """Each verdict in two or three words."""
    t = desk.t
    short = (
        t("Reference wrong"), t("Training records wrong"), t("Coverage missing"),
        t("Under-trained"), t("Rule missing"),
    )  # fmt: skip
    return dict(zip(VERDICTS, short, strict=True))
