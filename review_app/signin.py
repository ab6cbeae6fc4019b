"""Sign-in: who is at the desk. On this machine people name themselves; elsewhere a token tells.

With OpenID Connect configured (`[auth]` in .streamlit/secrets.toml) the name comes from the token
alone, wherever the server listens. Without it, only a browser on this machine is let in. Whoever
has named themself there gets a seat, a word in the address that nobody can guess, so that a reload
finds them again; a name in the address names nobody.
"""

from __future__ import annotations

import ipaddress
import os
from secrets import token_urlsafe
from typing import Any

import streamlit as st

from curate.locale import Translator

NAME_AT_MOST = 60  # characters
SEAT = "seat"


def reviewer(t: Translator) -> str | None:
    """The name that decisions are signed with; None until somebody has signed in."""
    if not here() and not signs_in():
        st.error(t("This address is open to others; sign-in with OpenID Connect is needed."))
        st.stop()
    if signs_in():
        return of_token(dict(st.user)) if st.user.is_logged_in is True else None
    named = st.session_state.get("reviewer") or seats().get(st.query_params.get(SEAT, ""))
    if named is not None:
        st.session_state["reviewer"] = named
        seated(named)
    return named


@st.cache_resource
def seats() -> dict[str, str]:
    """Who sits where, as long as the server runs."""
    return {}


def seated(name: str) -> None:
    """See that the address holds this person's seat."""
    seat = st.query_params.get(SEAT, "")
    if seats().get(seat) != name:
        seat = st.session_state.setdefault(SEAT, token_urlsafe(12))
        seats()[seat] = name
        st.query_params[SEAT] = seat


def of_token(token: dict[str, Any]) -> str:
    """The verified mail address of a token, else who it is about (`sub`)."""
    if token.get("email") and token.get("email_verified") is True:
        return str(token["email"])
    return str(token["sub"])


def ask(t: Translator) -> None:
    """Ask who is there."""
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle, st.container(border=True):
        st.subheader(t("Who is reviewing?"))
        if signs_in():
            st.caption(t("Your decisions carry the name of your account."))
            st.button(t("Sign in"), type="primary", on_click=st.login, width="stretch")
            return
        st.caption(t("Your decisions carry this name, and unfinished text comes back to it."))
        with st.form("who", border=False):
            st.text_input(t("Your name"), value=user(), max_chars=NAME_AT_MOST, key="name")
            st.form_submit_button(t("Start"), type="primary", width="stretch", on_click=enter)
        if not str(st.session_state.get("name") or "").isprintable():
            st.error(t("A name is made of visible characters only."))


def enter() -> None:
    """Take the name that was typed, where it is one."""
    typed = str(st.session_state.get("name") or "").strip()
    if typed.isprintable() and typed:  # one with hidden characters could pass for another's
        st.session_state["reviewer"] = typed


def leave(t: Translator, name: str) -> None:
    """Say who is there, and let them go."""
    with st.sidebar.container(horizontal=True, vertical_alignment="center"):
        st.text(name, width="stretch")
        if st.button(t("Sign out"), type="tertiary", key="leave"):
            for word in ("reviewer", "shown", SEAT):
                st.session_state.pop(word, None)
            seats().pop(st.query_params.pop(SEAT, ""), None)
            if signs_in():
                st.logout()
            st.rerun()


def signs_in() -> bool:
    """Whether OpenID Connect is configured."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def here() -> bool:
    """Whether the server listens on this machine alone."""
    return is_loopback(str(st.get_option("server.address") or "127.0.0.1"))


def is_loopback(address: str) -> bool:
    """Whether an address cannot be reached from another machine."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def user() -> str:
    """A first guess at the name: the account's, where it is a person's."""
    name = os.environ.get("USER", "")
    return "" if name == "root" else name
