"""Forged identities: whatever a client claims beside its token, nobody becomes a reviewer by it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from curate import demo
from curate.audit import audit
from review_app import signin

ROOT = Path(__file__).parents[2]
START = "import typer; from curate.commands.review import review; typer.run(review)"
TRUSTING = START.replace(
    "; typer.run",
    "; import curate.commands.review as r; r.SHUT.clear(); r.hosts = lambda _: []; typer.run",
)  # the twin: a file of the user's opens it
HEADER = "X-Forwarded-User"
TRUSTED = {"STREAMLIT_SERVER_TRUSTED_USER_HEADERS": json.dumps({HEADER: "email"})}
SECRET, ANOTHER = "0123456789abcdef-ours", "fedcba9876543210-theirs"
COOKIE, XSRF = "_streamlit_user", "_streamlit_xsrf"
FORTY_DAYS = 40 * 86_400
SECONDS = 60


@contextmanager
def serving(folder: Path, script: str = START, **said: str) -> Iterator[int]:
    """The app in a folder, on loopback; gives its port."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    secrets = folder / ".streamlit" / "secrets.toml"
    if secrets.exists():
        secrets.write_text(secrets.read_text().replace("PORT", str(port)))
    words = ["--workspace", str(folder / ".curate"), "--port", str(port)]
    with (folder / "server.log").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", script, *words], cwd=folder, stdout=out, stderr=out,
            env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder)} | said,
        )  # fmt: skip
    try:
        for _ in range(10 * SECONDS):
            with (
                suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"),
            ):
                break
            assert process.poll() is None, (folder / "server.log").read_text()
            time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def made(folder: Path, *, signs_in: bool) -> Path:
    """A workspace with something to review, with or without a provider of sign-in."""
    demo.write(folder)
    audit(folder / "data.jsonl", workspace=folder / ".curate", only=["empty-answer"])
    if signs_in:
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "secrets.toml").write_text(
            '[auth]\nredirect_uri = "http://localhost:PORT/oauth2callback"\n'
            f'cookie_secret = "{SECRET}"\nclient_id = "curate"\nclient_secret = "z"\n'
            'server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"\n'
        )
    return folder


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server that people sign in to."""
    folder = made(tmp_path_factory.mktemp("guarded"), signs_in=True)
    with serving(folder, **TRUSTED) as port:
        yield port


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Its twin, which believes a header and answers to every name."""
    folder = made(tmp_path_factory.mktemp("trusting"), signs_in=True)
    with serving(folder, TRUSTING, **TRUSTED) as port:
        yield port


def signed(secret: str, port: int, *, name: str = COOKIE, age: float = 0, **said: Any) -> str:
    """A cookie as the server makes them after a sign-in, or nearly."""

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time() - age)

    token = {
        "provider": "default", "origin": f"http://localhost:{port}", "is_logged_in": True,
        "sub": "42", "email": "mika@example.org", "email_verified": True,
    } | said  # fmt: skip
    signer = URLSafeTimedSerializer(secret, salt=name, signer=Then)
    return f"{COOKIE}={signer.dumps(json.dumps(token))}"


def xsrf(port: int) -> str:
    """What a browser sends back to show that it has opened the app's own page."""
    with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health") as said:
        cookies = SimpleCookie(said.headers["Set-Cookie"])
    return cookies[XSRF].value


def seen(
    port: int,
    headers: dict[str, str] | None = None,
    query: str = "",
    states: dict[str, str] | None = None,
    origin: str | None = None,
    host: str | None = None,
) -> str:
    """All that the app shows a client that opens it so; empty where it is refused."""
    ask = BackMsg()
    ask.rerun_script.query_string = query
    for name, value in (states or {}).items():
        state = ask.rerun_script.widget_states.widgets.add()
        state.id, state.string_value = name, value
    place = host or f"localhost:{port}"
    token = xsrf(port)
    cookies = "; ".join(filter(None, [f"{XSRF}={token}", (headers or {}).get("Cookie")]))
    with closing(socket.create_connection(("127.0.0.1", port))) as opened:
        try:
            talk = connect(
                f"ws://{place}/_stcore/stream", sock=opened, subprotocols=["streamlit", token],  # type: ignore[list-item]
                origin=origin or f"http://{place}", additional_headers={**(headers or {}), "Cookie": cookies}, max_size=None,  # type: ignore[arg-type]
            )  # fmt: skip
        except InvalidStatus:
            return ""
        shown = []
        with talk:
            talk.send(ask.SerializeToString())
            while True:
                said = ForwardMsg()
                said.ParseFromString(bytes(talk.recv(timeout=SECONDS)))  # type: ignore[arg-type]
                shown.append(str(said))
                if said.WhichOneof("type") == "script_finished":
                    return "\n".join(shown)


def entered(shown: str) -> bool:
    """Whether somebody is at the desk."""
    return "Sign out" in shown


def asked(shown: str) -> bool:
    """Whether the app asks who is there."""
    return "Who is reviewing?" in shown


def test_a_cookie_of_the_servers_own_lets_in(guarded: int) -> None:
    shown = seen(guarded, {"Cookie": signed(SECRET, guarded)})
    assert entered(shown)
    assert "mika@example.org" in shown


def test_mail_that_nobody_verified_names_nobody(guarded: int) -> None:
    shown = seen(guarded, {"Cookie": signed(SECRET, guarded, email_verified=False)})
    assert entered(shown)
    assert "mika@example.org" not in shown


UNSIGNED = json.dumps({"email": "mika@example.org", "email_verified": True, "is_logged_in": True})
FORGED = {
    "nothing at all": {},
    "a proxy's header": {"headers": {HEADER: "mika@example.org"}},
    "a proxy's header for mail": {"headers": {"X-Forwarded-Email": "mika@example.org"}},
    "a web server's header": {"headers": {"Remote-User": "mika@example.org"}},
    "a bearer token": {"headers": {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}},
    "a password": {"headers": {"Authorization": "Basic bWlrYTptaWth"}},
    "query parameters": {"query": "reviewer=mika&seat=mika&user=mika&email=mika@example.org"},
    "state of the session": {"states": {"reviewer": "mika", "name": "mika", "desk": "mika"}},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_what_a_client_says_of_itself_lets_nobody_in(guarded: int, forged: dict[str, Any]) -> None:
    shown = seen(guarded, **forged)
    assert asked(shown)
    assert not entered(shown)


@pytest.mark.parametrize(
    "cookie",
    [
        lambda port: f"{COOKIE}={UNSIGNED.encode().hex()}",
        lambda port: signed(ANOTHER, port),
        lambda port: signed(SECRET, port, age=FORTY_DAYS),
        lambda port: signed(SECRET, port, name="_streamlit_user_tokens"),
        lambda port: signed(SECRET, port, origin="http://evil.example"),
        lambda port: signed(SECRET, port, is_logged_in="yes"),
        lambda port: signed(SECRET, port)[:-3],
    ],
    ids=["unsigned", "another secret", "expired", "another cookie's", "another site's",
         "not truly signed in", "cut"],
)  # fmt: skip
def test_a_cookie_that_is_not_the_servers_lets_nobody_in(guarded: int, cookie: Any) -> None:
    shown = seen(guarded, {"Cookie": cookie(guarded)})
    assert asked(shown)
    assert not entered(shown)


def test_a_page_of_another_site_is_not_talked_to(guarded: int) -> None:
    theirs = {"Cookie": signed(SECRET, guarded)}
    assert seen(guarded, theirs, origin="http://evil.example") == ""


def test_a_name_that_was_bent_to_this_machine_is_not_talked_to(guarded: int, trusting: int) -> None:
    assert seen(guarded, host=f"evil.example:{guarded}") == ""
    assert asked(seen(trusting, host=f"evil.example:{trusting}")), "the twin answers"


def test_one_reviewer_cannot_be_another_by_a_header(guarded: int, trusting: int) -> None:
    def shown(port: int) -> str:
        headers = {HEADER: "hana@example.org", "Cookie": signed(SECRET, port)}
        return seen(port, headers)

    assert "mika@example.org" in shown(guarded)
    assert "hana@example.org" not in shown(guarded)
    assert "hana@example.org" in shown(trusting), "the twin believes it"


@pytest.mark.parametrize("verified", [False, None, "true", 1, "yes", []])
def test_only_a_verified_mail_address_is_a_name(verified: object) -> None:
    token = {"sub": "42", "email": "hana@example.org", "email_verified": verified}
    assert signin.of_token(token) == "42"
    assert signin.of_token({"sub": "42", "email": "hana@example.org"}) == "42"
    assert signin.of_token(token | {"email_verified": True}) == "hana@example.org"
