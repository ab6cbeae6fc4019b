"""Review by keys: a real server and a real browser, on the demo's findings."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from curate import demo
from curate.audit import audit
from curate.review import Review, open_review
from curate.store.decision import Decision
from curate.store.decisions import log
from curate.workspace import Workspace

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
START = "import typer; from curate.commands.review import review; typer.run(review)"
SOON = 60_000  # milliseconds a busy machine may take


class Server:
    """`curate review` on a port of this machine; it can be killed and started again."""

    def __init__(self, where: Path, log_file: Path) -> None:
        self.where = where
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
                [sys.executable, "-c", START, *words], stdout=out, stderr=out, cwd=self.where.parent,
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed; apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the demo's audit, to be copied."""
    folder = tmp_path_factory.mktemp("audited")
    demo.write(folder)
    with chdir(folder):
        audit(["data.jsonl", "chat.jsonl", "faq.csv"], workspace=folder / ".curate")
    return folder / ".curate"


@pytest.fixture
def served(audited: Path, tmp_path: Path) -> Iterator[Server]:
    where = tmp_path / ".curate"
    shutil.copytree(audited, where)
    server = Server(where, tmp_path / "server.log")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.set_default_timeout(SOON)
    yield opened
    opened.close()


def sign_in(page: Page, server: Server, name: str = "mika", query: str = "") -> None:
    page.goto(f"{server.url}/{query}")
    page.get_by_role("textbox").first.fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^(Keep|Undo|Save)"))).not_to_have_count(
        0, timeout=SOON
    )


def decided(server: Server) -> list[Decision]:
    review = reviewed(server)
    return review.store.read(lambda on: list(log(on)))


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


def press(page: Page, key: str) -> None:
    """Press a key and wait until another record is on the screen."""
    before = place(page)
    page.wait_for_timeout(200)  # its keys were sent before its address; a browser draws them after
    page.keyboard.press(key)
    soon(lambda: place(page) != before)


def test_a_review_by_keys(page: Page, served: Server) -> None:
    sign_in(page, served)
    first = place(page)
    press(page, "k")
    second = place(page)
    press(page, "d")
    third = place(page)
    press(page, "s")
    soon(lambda: len(decided(served)) == 3)
    kinds = {one.record_id: one.kind for one in decided(served)}
    assert kinds == {first: "keep", second: "drop", third: "skip"}

    press(page, "u")
    assert place(page) == third
    assert decided(served)[-1].kind == "undo"
    press(page, "n")
    assert place(page) != third
    press(page, "p")
    assert place(page) == third
    assert all(one.reviewer == "mika" for one in decided(served))


def test_an_edit_is_typed_and_saved_without_the_mouse(page: Page, served: Server) -> None:
    sign_in(page, served)
    edited = place(page)
    page.keyboard.press("e")
    box = page.get_by_role("textbox", name="Answer")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" kept and dropped")  # letters that are keys elsewhere
    press(page, "Control+s")
    [made] = decided(served)
    assert (made.record_id, made.kind) == (edited, "edit")
    change = made.payload["changes"]["answer"]
    assert change["new"] == change["old"] + " kept and dropped"


def test_a_double_click_counts_once(page: Page, served: Server) -> None:
    sign_in(page, served)
    for n in range(1, 6):
        before = place(page)
        page.get_by_role("button", name=re.compile("^Keep")).first.dblclick()
        soon(lambda before=before: place(page) != before)  # type: ignore[misc]
        soon(lambda n=n: len(decided(served)) >= n)  # type: ignore[misc]
        page.wait_for_timeout(500)
        assert len(decided(served)) == n


def test_what_is_typed_survives_a_killed_server(page: Page, served: Server) -> None:
    sign_in(page, served)
    record = place(page)
    page.keyboard.press("e")
    box = page.get_by_role("textbox", name="Answer")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" typed and never sent")
    page.wait_for_timeout(10_000)  # the promise: at most the last ten seconds are lost
    served.kill()
    served.start()
    sign_in(page, served)
    assert place(page) == record
    expect(page.get_by_role("textbox", name="Answer")).to_have_value(
        re.compile(" typed and never sent$")
    )
    assert decided(served) == []
