"""curate review: people decide, in a browser. The app is a program of its own; this starts it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curate.commands import options
from curate.errors import BadSetting, MissingExtra, NothingToAudit

if TYPE_CHECKING:
    from curate.locale import Translator

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the app.")]
Address = Annotated[
    str, typer.Option(help="Address it listens on; any but this machine's own needs sign-in.")
]

QUIET = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showSidebarNavigation": "false",
    "client.showErrorDetails": "none",  # a traceback may quote a record
    "logger.hideWelcomeMessage": "true",
    "logger.level": "warning",  # of streamlit and its server; what goes wrong is still said
}
SHUT = {  # said each time, since a file or a variable of the user's could open them
    "server.trustedUserHeaders": "{}",  # anybody can send a header
    "server.enableAgentApi": "false",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
}
LOOK = {
    "theme.baseFontSize": "14",
    "theme.codeFontSize": "0.95rem",
    "theme.baseRadius": "small",
    "theme.paddingTop": "0.75rem",
    "theme.paddingBottom": "1rem",
    "theme.light.primaryColor": "#1f5fbf",
    "theme.dark.primaryColor": "#4c8ae8",
}
SIGN_IN = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")


def review(
    workspace: options.Workspace = None,
    port: Port = 8501,
    address: Address = "127.0.0.1",
    locale: options.Locale = "en",
) -> int:
    """Open the review app: keep, drop, edit or relabel what the latest audit found.

    Exit code 2 where it cannot listen or nobody could be told apart, 3 where nothing was audited.
    """
    import sys

    from curate import workspace as workspaces
    from curate.locale import translator

    t = translator(locale)
    if not (is_loopback(address) or sign_in_configured()):
        raise BadSetting(without_sign_in(t, address))
    app = script()
    place = workspaces.find(workspace)
    if place.latest_audit() is None:
        says = t("{place} holds no audit yet; run: {command}")
        raise NothingToAudit(says.format(place=place.path, command="curate audit SOURCE"))
    refuse_taken(t, address, port)
    shown = f"[{address}]" if ":" in address else address
    says = t("Review at {url} (stop with Ctrl-C)").format(url=f"http://{shown}:{port}")
    typer.echo(says)
    sys.stdout.flush()
    settings = QUIET | SHUT | LOOK | {"server.port": str(port), "server.address": address}
    told = {"CURATE_WORKSPACE": str(place.path.resolve()), "CURATE_LOCALE": locale}
    run = [sys.executable, "-m", "streamlit", "run", app]
    run += [f"--{name}={value}" for name, value in settings.items()]
    run += [f"--server.allowedHosts={host}" for host in hosts(address)]
    run += [f"--client.allowedOrigins=http://{shown}:{port}"]  # nobody else's page frames it
    os.execve(sys.executable, run, os.environ | told)


def script() -> str:
    """The app's file; MissingExtra where streamlit or the app is not installed."""
    from importlib.util import find_spec

    if find_spec("streamlit") is None or find_spec("review_app") is None:
        raise MissingExtra("curate review", "review")
    found = find_spec("review_app.app")
    if found is None or found.origin is None:
        raise MissingExtra("curate review", "review")
    return found.origin


def is_loopback(address: str) -> bool:
    """Whether nobody on another machine can reach it."""
    import ipaddress

    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def refuse_taken(t: Translator, address: str, port: int) -> None:
    """BadSetting where the app could not listen there."""
    import socket

    try:
        family, kind, _, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the app does
            tried.bind(place)
    except OSError as error:
        says = t(
            "--port {port}: the app cannot listen at {address}: {why}; stop what runs there, or "
            "name another port"
        )
        told = {"port": port, "address": address, "why": error.strerror or error}
        raise BadSetting(says.format(**told)) from error


def hosts(address: str) -> list[str]:
    """The names it answers to; a page whose own name leads here (DNS rebinding) is refused."""
    return [address, "localhost", "127.0.0.1", "::1"] if is_loopback(address) else ["*"]


def sign_in_configured() -> bool:
    """Whether streamlit's own secrets file tells it a provider that signs people in."""
    import tomllib

    for folder in (Path.cwd(), Path.home()):
        file = folder / ".streamlit" / "secrets.toml"
        if not file.is_file():
            continue
        try:
            auth = tomllib.loads(file.read_text(encoding="utf-8")).get("auth", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSetting(f"{file}: {error}") from error
        if isinstance(auth, dict) and all(isinstance(auth.get(name), str) for name in SIGN_IN):
            return True
    return False


def without_sign_in(t: Translator, address: str) -> str:
    """What is wrong with an open address, and what to do."""
    says = t(
        "--address {address}: other machines could reach the app, and nobody would know who "
        "decides. Either keep to this machine (--address 127.0.0.1), or have people sign in: put "
        "[auth] with {names} of your OpenID Connect provider into .streamlit/secrets.toml"
    )
    return says.format(address=address, names=", ".join(SIGN_IN))
