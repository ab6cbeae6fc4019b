"""Telling: titles of our own, and moments, shares and intervals as people read them."""

from __future__ import annotations

from datetime import datetime

import streamlit as st


def told() -> None:
    """The line that the last act left for the person."""
    said, alarming = st.session_state.pop("told", (None, False))
    if said and alarming:
        st.container(border=True).text(said, width="stretch")
    elif said:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(":material/info:")
            st.text(said, width="stretch")


def title(ours: str) -> None:
    """What a part of a page is about; Markdown, so never a word of a record or a person."""
    st.markdown(f"##### {ours}", width="stretch")


def moment(seconds: float | None) -> str:
    """Day and time on the reader's own clock."""
    at = datetime.fromtimestamp(seconds or 0).astimezone()
    return at.strftime("%Y-%m-%d %H:%M:%S")


def share(value: float | None) -> str:
    """Per cent, or a dash where it is not known."""
    return "–" if value is None else f"{value:.1%}"


def shared(value: float | None, range_: tuple[float, float] | None) -> str:
    """Per cent with its interval, or a dash."""
    if range_ is None:
        return share(value)
    return f"{share(value)} ({share(range_[0])} – {share(range_[1])})"


def figure(value: float | None, digits: int = 2) -> str:
    """A number, or a dash where it is not known."""
    return "–" if value is None else f"{value:.{digits}f}"


def within(value: float | None, low: float | None, high: float | None) -> str:
    """A number with its interval, or a dash."""
    if value is None or low is None or high is None:
        return figure(value)
    return f"{value:.2f} ({low:.2f} – {high:.2f})"
