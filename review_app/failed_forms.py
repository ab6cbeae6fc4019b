"""Failed forms: what each verdict needs, in boxes that keep a draft of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from curate.review.failures import VERDICTS, recipe_notes
from curate.review.writing import NEEDED, PARTS
from curate.show.showing import where
from curate.show.shown import visible
from review_app import drafts, failed_acts, inert
from review_app.desk import Desk
from review_app.editing import room
from review_app.failed_acts import beginning, name, part_titles, tried, typed
from review_app.failed_case import Beside, Failed
from review_app.failed_reading import training

TRY = "Mod+Enter"
RULE, LOW = 250, 80  # pixels of a rule's box, and of one that mostly stays empty
TALL = {"instruction": 100, "output": 130}
EARLIER = 5  # notes shown


def form(desk: Desk, seen: Failed, verdict: str) -> None:
    """The form of one verdict."""
    forms: Mapping[str, Callable[[Desk, Failed], None]] = {
        "reference-wrong": reference,
        "training-records-wrong": records,
        "coverage-missing": new_record,
        "under-trained": note,
        "rule-missing": rule,
    }
    st.caption(f"**{desk.t(VERDICTS[verdict])}**")
    forms[verdict](desk, seen)
    if verdict != "under-trained":
        st.text_input(
            desk.t("Reason (optional)"), drafts.drafted_reason(), key=drafts.reason_box(seen.shown),
            live=True, on_change=failed_acts.keep, args=(desk, seen, verdict),
            placeholder=desk.t("Reason (optional)"), label_visibility="collapsed",
        )  # fmt: skip


def box(desk: Desk, seen: Failed, verdict: str, field: str, title: str, height: int) -> None:
    """One box."""
    st.text_area(
        title, beginning(seen)[field], key=name(seen, field), height=height,
        on_change=failed_acts.keep, args=(desk, seen, verdict),
    )  # fmt: skip


def reference(desk: Desk, seen: Failed) -> None:
    """The reference to edit, and what the edit changes."""
    tall = room("answer", seen.value("reference"))
    box(desk, seen, "reference-wrong", "reference", desk.t("Reference"), tall)
    changed = inert.changes(seen.value("reference"), typed(seen, "reference-wrong")["reference"])
    st.caption(desk.t("What your edit changes") if changed else desk.t("Nothing is changed yet."))
    if changed:
        st.code(changed, language="diff", wrap_lines=True)


def records(desk: Desk, seen: Failed) -> None:
    """The training records, to be ticked by their numbers."""
    st.caption(desk.t("Tick the records to look at again, by their numbers."))
    opens = typed(seen, "training-records-wrong")["opens"]

    def mark(number: int, one: Beside) -> None:
        ticked = one.record.record_id in opens
        st.button(
            desk.say("Open {n}", n=number), key=name(seen, f"tick-{number}"),
            shortcut=str(number) if number <= 9 else None,
            icon=f":material/check_box{'' if ticked else '_outline_blank'}:",
            on_click=partial(failed_acts.tick, desk, seen, one.record.record_id),
        )  # fmt: skip

    training(desk, seen, mark)


def new_record(desk: Desk, seen: Failed) -> None:
    """A blank record."""
    st.caption(desk.t("It may not be near a record of the test set; saving looks that up."))
    titles = part_titles(desk)
    for part in NEEDED:
        box(desk, seen, "coverage-missing", part, titles[part], TALL[part])
    others = [part for part in PARTS if part not in NEEDED]
    for column, part in zip(st.columns(2), others, strict=True):
        with column:
            box(desk, seen, "coverage-missing", part, titles[part], LOW)


def note(desk: Desk, seen: Failed) -> None:
    """A note for the recipe, under what was noted before."""
    for one in recipe_notes(desk.review.store)[-EARLIER:]:
        st.text(f"· {visible(one)}", width="stretch")
    box(desk, seen, "under-trained", "note", desk.t("Note for the recipe"), 120)


def rule(desk: Desk, seen: Failed) -> None:
    """A draft rule, and what it finds in the whole snapshot."""
    box(desk, seen, "rule-missing", "rule", desk.t("Rule (YAML)"), RULE)
    st.button(
        desk.t("Try it on all records"), key=name(seen, "try"), shortcut=TRY,
        on_click=failed_acts.try_it, args=(desk, seen),
    )  # fmt: skip
    found(desk, seen)


def found(desk: Desk, seen: Failed) -> None:
    """What the rule does, where it was tried as it stands."""
    outcome = tried(seen)
    if outcome is None:
        return
    if outcome.tried is None:
        st.code(outcome.problem, language=None, wrap_lines=True)
        return
    told = outcome.tried
    for problem in told.wrong:
        st.code(problem, language=None, wrap_lines=True)
    st.caption(desk.say("{found} of {checked} records found", found=told.found,
                        checked=told.checked))  # fmt: skip
    if told.records:
        st.dataframe(
            [
                {
                    desk.t("Place"): where(one["source"], one["line"]),
                    desk.t("Message"): one["message"],
                }
                for one in told.records
            ],
            hide_index=True,
        )
