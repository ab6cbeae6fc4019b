"""Failed: the screen on which a person says what is to be done about a model's wrong answer."""

from __future__ import annotations

from functools import partial

import streamlit as st

from curate.locale import Translator
from curate.review.failures import VERDICTS
from curate.review.frames import FAILED, OPENED
from curate.review.shown import Shown
from curate.store import failures as kept
from curate.trace.triage import DATA_CAUSED
from review_app import acts, failed_acts
from review_app import failed_reading as reading
from review_app.buttons import bar, button, moving
from review_app.desk import Desk
from review_app.failed_case import KEYS as NUMBERS
from review_app.failed_case import Failed, gathered
from review_app.failed_forms import form
from review_app.keys import KEYS


def is_one(shown: Shown) -> bool:
    """Whether what is shown is a failure, not a record."""
    return shown.record_id.startswith(kept.FAILED)


def checks(desk: Desk) -> list[str]:
    """What one can filter failures by, where there are any."""
    return [FAILED, OPENED] if desk.review.store.read(kept.all_runs) else []


def screen(desk: Desk, shown: Shown) -> None:
    """The failure, what may have taught it beside it, and the verdicts below."""
    seen = case_of(desk, shown)
    if seen is None:
        st.text(desk.t("There is no such record in the audited data."))
        with st.bottom, bar():
            moving(desk, shown.request_id, explained)
        return
    verdict = failed_acts.chosen(seen)
    reading.head(desk, seen)
    left, right = st.columns([3, 2] if verdict is None else [1, 1], gap="medium")
    with left:
        reading.reasons(desk, seen)
        if verdict is None:
            trace(desk, seen)
        reading.answers(desk, seen)
    with right:
        if verdict is not None:
            form(desk, seen, verdict)
        if verdict != "training-records-wrong":
            beside(desk, seen)
    with st.bottom:
        verdicts(desk, seen) if verdict is None else saving(desk, seen, verdict)


def trace(desk: Desk, seen: Failed) -> None:
    """The way to the records behind it; the main thing to do where the data is at fault."""
    if seen.case.traced and seen.case.triage:
        main = seen.case.triage["said"] == DATA_CAUSED
        go = partial(failed_acts.trace, desk, seen)
        button(desk.t("Look at these records in order"), seen.shown, KEYS["trace"], go, main=main)


def case_of(desk: Desk, shown: Shown) -> Failed | None:
    """What was gathered on the failure, kept while it is on the screen."""
    before: Failed | None = st.session_state.get("failed")
    if before is None or before.shown.request_id != shown.request_id:
        before = gathered(desk.review, shown)
        st.session_state["failed"] = before
    return before


def beside(desk: Desk, seen: Failed) -> None:
    """Training records, guidelines, history and measures, one at a time."""
    from review_app.pages.review import guidelines

    t = desk.t
    near, rules, past, more = st.tabs(
        [t("Training records"), t("Guidelines"), t("History"), t("Measures")]
    )
    with near:
        reading.training(desk, seen)
    with rules:
        guidelines(desk)
    with past:
        reading.history(desk, seen)
    with more:
        st.json(seen.evidence)


def verdicts(desk: Desk, seen: Failed) -> None:
    """The five verdicts, each with its number."""
    titles = faults(desk.t)
    with bar():
        st.caption(desk.t("At fault:"), width="content")
        for verdict, key in NUMBERS.items():
            if verdict == "reference-wrong" and not seen.case.has_reference:
                continue
            button(titles[verdict], seen.shown, key,
                   partial(failed_acts.choose, desk, seen, verdict))  # fmt: skip
        button(desk.t("Skip"), seen.shown, KEYS["skip"],
               partial(acts.decide, desk, seen.shown, "skip"))  # fmt: skip
        moving(desk, seen.shown.request_id, explained)


def faults(t: Translator) -> dict[str, str]:
    """Each verdict by what is at fault, as short as a button wants it."""
    named = (t("Reference"), t("Training record"), t("Coverage"), t("Recipe"), t("Rule"))
    return dict(zip(VERDICTS, named, strict=True))


def saving(desk: Desk, seen: Failed, verdict: str) -> None:
    """What can be done while a form is open."""
    t, shown = desk.t, seen.shown
    with bar():
        save = partial(failed_acts.save, desk, seen, verdict)
        button(t("Save"), shown, KEYS["save"], save, main=True)
        button(t("Back"), shown, KEYS["back"], partial(failed_acts.choose, desk, seen, None))
        st.caption(t("What you type is kept as a draft every few seconds."))


def explained(t: Translator) -> list[tuple[str, str]]:
    """Each key with what it does to a failure, for the help panel."""
    return [
        *((key, t(VERDICTS[verdict])) for verdict, key in NUMBERS.items()),
        ("O", t("Open the records behind it, one after another, then the failure again")),
        ("T", t("Show the next tab")),
        ("S", t("Skip it: somebody else decides")),
        ("U", t("Undo your last decision and show that record again")),
        ("P", t("Go back to the record before")),
        ("N", t("Go on without deciding")),
        ("1–9", t("While training records are ticked: tick one, or take the tick away")),
        ("Ctrl+Enter", t("While a rule is drafted: try it on all records")),
        ("Ctrl+S", t("While a form is open: save the verdict")),
        ("Esc", t("While a form is open: leave it; what you typed is kept as a draft")),
        ("H", t("Show this help")),
    ]
