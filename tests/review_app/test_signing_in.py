"""Sign-in: on this machine people name themselves; elsewhere a token does, or nothing starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from curate.commands.review import is_loopback, sign_in_configured
from review_app import signin

ROOT = Path(__file__).parents[2]
START = "import curate.cli as c; from curate.commands import review; c.app.command('review')(review.review); c.main()"
AUTH = """[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "x"
client_id = "y"
client_secret = "z"
server_metadata_url = "https://id.example/.well-known/openid-configuration"
"""

OURS = ["127.0.0.1", "127.8.0.1", "::1", "localhost"]
OTHERS = ["0.0.0.0", "::", "192.168.1.2", "10.0.0.1", "example.org", "", "localhost.evil.example"]


@pytest.mark.parametrize("address", OURS)
def test_addresses_of_this_machine(address: str) -> None:
    assert is_loopback(address)
    assert signin.is_loopback(address)


@pytest.mark.parametrize("address", OTHERS)
def test_addresses_that_others_can_reach(address: str) -> None:
    assert not is_loopback(address)
    assert not signin.is_loopback(address)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.2"])
def test_an_open_address_without_sign_in_refuses_to_start(address: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START, "review", "--address", address],
        capture_output=True, text=True, cwd=tmp_path, timeout=120,
        env={"PATH": "/usr/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 2
    assert address in done.stderr
    assert ".streamlit/secrets.toml" in done.stderr


@pytest.mark.parametrize(
    ("secrets", "enough"),
    [
        (AUTH, True),
        (AUTH.replace("cookie_secret", "cookie"), False),
        ("[other]\nauth = 1\n", False),
        ('auth = "yes"\n', False),
        ("", False),
    ],
)
def test_sign_in_needs_every_part(
    secrets: str, enough: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert sign_in_configured() is enough


def test_the_token_alone_names_the_reviewer() -> None:
    assert signin.of_token({"sub": "42", "email": "mika@example.org", "email_verified": True}) == (
        "mika@example.org"
    )
    assert signin.of_token({"sub": "42", "email": "hana@example.org", "email_verified": False}) == (
        "42"
    )
    assert signin.of_token({"sub": "42", "name": "hana"}) == "42"
    with pytest.raises(KeyError):
        signin.of_token({"name": "hana"})


def door() -> None:
    """What the app does before anything else."""
    import streamlit as st

    from curate.locale import translator
    from review_app import signin

    t = translator("en")
    name = signin.reviewer(t)
    signin.leave(t, name) if name else signin.ask(t)
    st.session_state["in_address"] = st.query_params.get("seat")


def opened(seat: str | None = None) -> AppTest:
    """The door, as a browser that was there before comes to it."""
    at = AppTest.from_function(door, default_timeout=60)
    if seat is not None:
        at.query_params["seat"] = seat
    at.run()
    assert not at.exception, at.exception
    return at


def entered(name: str) -> AppTest:
    at = opened()
    at.text_input[0].set_value(name)
    at.button[0].click().run()
    assert at.session_state["reviewer"] == name
    return at


def test_a_reload_finds_the_reviewer_again() -> None:
    seat = entered("花子").session_state["in_address"]
    assert "花子" not in seat
    again = opened(seat)
    assert again.session_state["reviewer"] == "花子"
    assert again.session_state["in_address"] == seat


@pytest.mark.parametrize("seat", ["", "Mika", "x" * 16])
def test_a_seat_that_nobody_has_lets_nobody_in(seat: str) -> None:
    entered("Mika")
    assert "reviewer" not in opened(seat).session_state


def test_whoever_leaves_has_no_seat_any_more() -> None:
    seat = entered("Mika").session_state["in_address"]
    at = opened(seat)
    at.button(key="leave").click().run()
    assert "reviewer" not in at.session_state
    assert "reviewer" not in opened(seat).session_state
