"""A real browser, and the review app on a copy of the demo's audit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from curate import demo
from curate.audit import audit
from tests.e2e.served import SOON, Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
APP = Path(__file__).parents[2] / "review_app" / "app.py"
FORGETFUL = f"""
import runpy
from curate.review import Review
Review.keep_draft = lambda *said: None
runpy.run_path({str(APP)!r}, run_name="__main__")
"""
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


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
def forgetful(audited: Path, tmp_path: Path) -> Iterator[Server]:
    """The twin, which keeps no draft."""
    where = tmp_path / ".curate"
    shutil.copytree(audited, where)
    (tmp_path / "forgetful.py").write_text(FORGETFUL)
    server = Server(where, tmp_path / "server.log", script=tmp_path / "forgetful.py")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.set_default_timeout(SOON)
    yield opened
    opened.close()
