"""A served review: `curate review` on a port of this machine, and what a person does in a browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from curate.review import Review, open_review
from curate.store import notes
from curate.store.database import open_store
from curate.store.decision import Decision
from curate.store.decisions import log
from curate.workspace import Workspace

START = "import typer; from curate.commands.review import review; typer.run(review)"
TWIN = (
    "import typer; import curate.commands.review as r; r.script = lambda: {!r}; typer.run(r.review)"
)
SOON = 60_000  # milliseconds a busy machine may take
QUIET = 300  # milliseconds without work, by the page's own clock, after which nothing is on its way
STILL = """quiet => {
  const drawing = !document.querySelector('[data-test-script-state=notRunning]')
    || document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
    || document.querySelector('.st-key-keyboard') && !document.querySelector('[data-listening]');
  window.stillSince = drawing ? undefined : window.stillSince ?? performance.now();
  return performance.now() - window.stillSince > quiet;
}"""


class Server:
    """`curate review` on a port of this machine; it can be killed and started again.

    `script` is a twin's, in place of the app's own.
    """

    def __init__(self, where: Path, log_file: Path, script: Path | None = None) -> None:
        self.where = where
        self.begin = START if script is None else TWIN.format(str(script))
        self.log_file = log_file
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = ["--workspace", str(self.where), "--port", str(self.port)]
        with self.log_file.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", self.begin, *words], stdout=out, stderr=out, cwd=self.where.parent,
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            )  # fmt: skip
        for _ in range(600):
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/_stcore/health") as said:
                if said.read() == b"ok":
                    return
            assert self.process.poll() is None, self.log_file.read_text()
            time.sleep(0.1)
        raise AssertionError(self.log_file.read_text())

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


def sign_in(page: Page, server: Server, name: str = "mika", query: str = "") -> None:
    page.goto(f"{server.url}/{query}")
    page.get_by_role("textbox").first.fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^(Keep|Undo|Save)"))).not_to_have_count(
        0, timeout=SOON
    )


def decided(server: Server) -> list[Decision]:
    store = open_store(Workspace(server.where))
    try:
        return store.read(lambda on: list(log(on)))
    finally:
        store.engine.dispose()


def reviewed(server: Server) -> Review:
    return open_review(Workspace(server.where))


def soon(true: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until = time.monotonic() + SOON / 1000
    while not true():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.1)


def place(page: Page) -> str:
    """Which record is on the screen."""
    asked = "new URLSearchParams(location.search).get('record')"
    soon(lambda: page.evaluate(asked) is not None)
    return str(page.evaluate(asked))


def settled(page: Page) -> None:
    """Wait until the page is drawn and its keys listen.

    What was done before must be on the screen already: a slow server may not have begun with it.
    """
    page.evaluate("window.stillSince = undefined")
    page.wait_for_function(STILL, arg=QUIET, timeout=SOON)


def strike(page: Page, key: str) -> None:
    """Press a key once the page listens; what it does is for the test to wait for."""
    settled(page)
    page.keyboard.press(key)


def press(page: Page, key: str) -> None:
    """Press a key and wait until another record is on the screen."""
    before = place(page)
    strike(page, key)
    soon(lambda: place(page) != before)


def turn(page: Page, name: str) -> None:
    """Follow a link to another page of the app; one that is clicked while it draws is lost."""
    settled(page)
    link = page.get_by_role("link", name=name, exact=True)
    path = urlsplit(link.get_attribute("href") or "").path
    link.click()
    page.wait_for_url(lambda url: urlsplit(url).path == path, timeout=SOON)
    settled(page)


def write(page: Page, name: str, text: str) -> None:
    """Open the editor, and type at the end of a field."""
    strike(page, "e")
    box = page.get_by_role("textbox", name=name)
    expect(box).to_be_visible(timeout=SOON)
    settled(page)
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def drafted(server: Server, record_id: str, typed: str, within: int) -> bool:
    """Whether a draft that holds the text comes into the store in so many milliseconds."""
    store = open_store(Workspace(server.where))
    until = time.monotonic() + within / 1000
    try:
        while time.monotonic() < until:
            kept = store.read(lambda on: notes.draft(on, record_id, "mika"))
            if typed in json.dumps(kept, ensure_ascii=False):
                return True
            time.sleep(0.1)
        return False
    finally:
        store.engine.dispose()
