"""Drafts: what is typed on a record and not decided yet, kept in the store and given back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from curate.review.shown import Shown
from review_app.case import Case
from review_app.desk import Desk


def reason_box(shown: Shown) -> str:
    """The name of the field for a reason; another showing of the record has a field of its own."""
    return f"reason-{shown.request_id}"


def drafted_reason() -> str:
    """The reason that was typed on this record earlier."""
    return (st.session_state.get("draft") or {}).get("reason") or ""


def reason_of(shown: Shown) -> str | None:
    """What stands in the field for a reason; one that is not on the screen holds its draft."""
    typed: str = st.session_state.get(reason_box(shown), drafted_reason())
    return typed.strip() or None


def keep(desk: Desk, case: Case, changes: Mapping[str, Any]) -> None:
    """Keep what is typed so far, in the store."""
    payload = {"changes": dict(changes)} if changes else {}
    hold(desk, case.shown, {"kind": "edit", "payload": payload, "reason": reason_of(case.shown)})


def hold(desk: Desk, shown: Shown, draft: Mapping[str, Any], *, anew: bool = False) -> None:
    """Keep a draft where it is another than before; `anew` where the store may hold none by now.

    The key that ended the typing may have come first: then another record is on the screen, or none
    is, because this one was decided with all that was typed.
    """
    now: Shown | None = st.session_state.get("shown")
    if now is None:
        return
    here = now.request_id == shown.request_id
    if here and draft == st.session_state.get("draft") and not anew:
        return
    desk.review.keep_draft(shown, draft)
    if here:
        st.session_state["draft"] = dict(draft)
