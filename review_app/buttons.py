"""Buttons: what can be done with what is shown, in one row, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from curate.locale import Translator
from curate.review.shown import Shown
from review_app import acts
from review_app.desk import Desk
from review_app.keys import KEYS, explained

Explained = Callable[[Translator], list[tuple[str, str]]]  # keys with what they do, for the help


def bar() -> DeltaGenerator:
    """One row of buttons."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def button(title: str, shown: Shown, key: str, act: partial[None], *, main: bool = False) -> None:
    """One decision. It belongs to this showing of the record, so a second click finds nothing."""
    st.button(
        title, key=f"{key}-{shown.request_id}", shortcut=key, on_click=acts.attempt,
        args=(act,), type="primary" if main else "secondary",
    )  # fmt: skip


def quiet(what: str, title: str, name: str, act: partial[None]) -> None:
    """A button that decides nothing."""
    st.button(
        title, key=f"{what}-{name}", shortcut=KEYS[what], on_click=acts.attempt, args=(act,),
        type="tertiary",
    )  # fmt: skip


def moving(desk: Desk, name: str, keys: Explained = explained) -> None:
    """What changes no decision on the record shown, or takes the last one back."""
    t = desk.t
    quiet("undo", t("Undo"), name, partial(acts.undo, desk))
    quiet("previous", t("Previous"), name, partial(acts.go_back, desk))
    quiet("next", t("Next"), name, partial(acts.go_on, desk))
    if st.button(t("Help"), key=f"help-{name}", shortcut=KEYS["help"], type="tertiary"):
        explain(desk, keys)


def explain(desk: Desk, keys: Explained) -> None:
    """The keys, in a panel over the page."""

    @st.dialog(desk.t("Keys"))
    def panel() -> None:
        for key, what in keys(desk.t):
            name, does = st.columns([1, 5])
            name.badge(key, color="gray")
            does.text(what)

    panel()
