"""Sides: what the reviewers of a record said where they differ, for whoever has the last word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from curate.content.masking import mask
from curate.review.follow import NOTHING
from curate.show.showing import private, values, where
from curate.show.shown import one_line, visible
from curate.store import decisions
from curate.store.decision import Decision
from curate.store.standing import standings
from review_app import acts, inert
from review_app.buttons import button
from review_app.case import OPTIONS, Case
from review_app.desk import Desk
from review_app.editing import titles
from review_app.failed_case import kind_said
from review_app.keys import SIDES


def verdicts(desk: Desk, case: Case) -> list[Decision]:
    """One verdict of each reviewer, in the order of their keys."""
    record_id = case.shown.record_id
    found = desk.review.store.read(lambda on: standings(decisions.current_of(on, [record_id])))
    known = list(found.get(record_id, NOTHING).blind.values())
    return known[: len(SIDES) if case.cluster else OPTIONS]


def both(desk: Desk, case: Case) -> None:
    """Every side: who, what, why, and the words that an edit changes."""
    said = verdicts(desk, case)
    for column, (nth, one) in zip(st.columns(len(said) or 1), enumerate(said), strict=False):
        with column, st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge(key_of(case, nth), color="violet")
                st.text(f"{one_line(one.reviewer)}: {desk.t(kind_said(one))}")
            if one.reason:
                st.text(visible(one.reason), width="stretch")
            outcome(desk, case, one)


def outcome(desk: Desk, case: Case, one: Decision) -> None:
    """What a verdict does to the record, private values masked."""
    for field, change in one.payload.get("changes", {}).items():
        st.caption(titles(desk).get(field, field))
        told = inert.changes(masked(desk, case, change["old"]), masked(desk, case, change["new"]))
        st.code(told, language="diff", wrap_lines=True)
    for side, says in (("keep", desk.t("stays")), ("drop", desk.t("goes"))):
        named = [place_of(case, place) for place in one.payload.get(side, ())]
        if named:
            st.text(f"{says}: {', '.join(named)}", width="stretch")


def place_of(case: Case, place: Mapping[str, Any]) -> str:
    """Where a chosen record lies; a choice may name its record alone."""
    if "source" in place:
        return where(place["source"], place["line"])
    known = {one.record_id: one.named for one in case.places}
    return known.get(place["record_id"], str(place["record_id"]))


def masked(desk: Desk, case: Case, text: str | None) -> str:
    """The text without the private values that were found in the record."""
    known = private(desk.review.report, [case.record_id]).get(case.record_id, [])
    shown = text or ""
    for value in sorted(values(case.record, known), key=len, reverse=True):
        shown = shown.replace(value, mask(value))
    return shown


def takes(desk: Desk, case: Case) -> None:
    """A key for each side, which makes it the last word."""
    for nth, one in enumerate(verdicts(desk, case)):
        key = key_of(case, nth)
        take = partial(acts.decide, desk, case.shown, one.kind, one.payload)
        button(desk.say("Take {n}", n=key), case.shown, key, take)


def key_of(case: Case, nth: int) -> str:
    """The key of a side: its number, or a letter where the numbers choose a record."""
    return SIDES[nth] if case.cluster else str(nth + 1)
