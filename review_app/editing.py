"""Editing: the record's texts in boxes, what changed beside them, and a draft that saves itself."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from curate.store.refusals import StoreTrouble
from review_app import acts, drafts, inert
from review_app.case import EDITABLE, LABELS, Case
from review_app.desk import Desk

LINE = 90  # characters of a text that make about one line of its box
TALL, LOW = 420, 96  # pixels of a box


def fields(case: Case) -> list[str]:
    """What can be edited: the texts that there are, and always answer, label and category."""
    always = ("instruction", "answer", *LABELS)
    return [name for name in EDITABLE if name in always or case.record.get(name)]


def box(case: Case, field: str) -> str:
    """The name of a field's box; another showing of the record has boxes of its own."""
    return f"edit-{field}-{case.shown.request_id}"


def drafted(case: Case) -> Mapping[str, str]:
    """What was typed on this record earlier, by field."""
    draft = st.session_state.get("draft") or {}
    changes = (draft.get("payload") or {}).get("changes") or {}
    return {name: change["new"] for name, change in changes.items() if name in EDITABLE}


def typed(case: Case) -> dict[str, str]:
    """What the boxes hold; a box that is not on the screen holds its draft, or the record."""
    before = drafted(case)
    return {
        name: st.session_state.get(box(case, name), before.get(name, case.value(name)))
        for name in fields(case)
    }


def editor(desk: Desk, case: Case) -> DeltaGenerator:
    """Boxes on the left, what changes on the right; gives the right side, where there is room."""
    before = drafted(case)
    names = titles(desk)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        for field in [f for f in fields(case) if f not in LABELS]:
            value = before.get(field, case.value(field))
            st.text_area(
                names[field], value, key=box(case, field), height=room(field, value),
                on_change=autosave, args=(desk, case),
            )  # fmt: skip
        for column, field in zip(st.columns(2), LABELS, strict=True):
            column.text_input(
                names[field], before.get(field, case.value(field)), key=box(case, field),
                live=True, on_change=autosave, args=(desk, case),
            )  # fmt: skip
    with right:
        compared(desk, case)
    return right


def compared(desk: Desk, case: Case) -> None:
    """What the edit changes, and how it differs from the suggestion."""
    now = typed(case)
    names = titles(desk)
    changes = case.changes(now)
    st.caption(desk.t("What your edit changes") if changes else desk.t("Nothing is changed yet."))
    for field, change in changes.items():
        st.caption(names[field])
        told = inert.changes(change["old"] or "", change["new"] or "")
        st.code(told, language="diff", wrap_lines=True)
    for field, text in case.suggestions.items():
        if now.get(field) not in (text, case.value(field)):
            st.caption(desk.t("From the suggestion to your edit"))
            st.code(inert.changes(text, now.get(field, "")), language="diff", wrap_lines=True)


def autosave(desk: Desk, case: Case) -> None:
    """Keep a draft of what the boxes hold."""
    try:
        drafts.keep(desk, case, case.changes(typed(case)))
    except StoreTrouble as trouble:
        acts.tell(desk, trouble)


def titles(desk: Desk) -> dict[str, str]:
    """What each field is called."""
    return {
        "instruction": desk.t("Prompt"),
        "input": desk.t("Input"),
        "answer": desk.t("Answer"),
        "system": desk.t("System prompt"),
        "label": desk.t("Label"),
        "category": desk.t("Category"),
    }


def room(field: str, text: str) -> int:
    """How tall a box is: the answer's, which is mostly what is edited, never small."""
    lines = sum(1 + len(line) // LINE for line in text.split("\n"))
    least = 160 if field == "answer" else LOW
    return max(least, min(TALL, 44 + 22 * lines))
