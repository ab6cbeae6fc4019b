"""A PostgreSQL server of one's own, on loopback and in a folder of its own, for tests and benches.

PostgreSQL refuses to run as root; a root user starts it as the user that Debian's package makes.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

USER = "postgres"
READY_SECONDS = 60


def programs() -> Path | None:
    """Where `initdb` and `postgres` lie; None where they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; each test gets a database of its own."""

    port: int
    folder: Path

    def url(self, base: str = "postgres") -> str:
        """The address of a database, as CURATE_STORE takes it."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{base}"

    def new(self, name: str) -> str:
        """The address of a new, empty database."""
        with self.connected() as on:
            on.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def connected(self) -> psycopg.Connection[tuple[object, ...]]:
        """A plain connection, each statement its own transaction."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, autocommit=True, connect_timeout=5
        )

    def kill_one_backend(self) -> None:
        """End one client's process at once, on which the whole server starts again."""
        with self.connected() as on:
            found = on.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
            ).fetchone()
            if found is not None:
                os.kill(int(str(found[0])), signal.SIGKILL)


@contextmanager
def running() -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it at the end."""
    place = programs()
    assert place is not None, "PostgreSQL is not installed"
    as_user: dict[str, object] = {}
    if os.getuid() == 0:
        as_user = {"user": USER, "group": USER, "extra_groups": []}
    folder = Path(tempfile.mkdtemp(prefix="curate-postgres-"))
    if as_user:
        shutil.chown(folder, USER, USER)
    data = folder / "data"
    made = [place / "initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8"]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **as_user)  # type: ignore[call-overload]
    port = free_port()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # type: ignore[call-overload]
            [place / "postgres", "-D", data, "-p", str(port), "-k", folder,
             "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB"],
            stdout=log, stderr=log, cwd=folder, **as_user,
        )  # fmt: skip
        try:
            yield answering(Server(port, folder))
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            server.wait(READY_SECONDS)
            shutil.rmtree(folder, ignore_errors=True)


def answering(server: Server) -> Server:
    """The same server, once it takes connections."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            server.connected().close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return server


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
