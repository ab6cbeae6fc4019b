"""No room for a decision: the app says so, acknowledges nothing, and goes on when there is room."""

from __future__ import annotations

import re
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.served import SOON, Server, decided, place, press, settled, sign_in, strike

pytestmark = pytest.mark.browser

APP = Path(__file__).parents[2] / "review_app" / "app.py"
BOASTFUL = f"""
import runpy
from curate.review import Review
from curate.store.refusals import StoreTrouble
real = Review.decide
def decide(self, *said):
    try:
        return real(self, *said)
    except StoreTrouble:
        self.followed.passed = lambda item, seen: True
Review.decide = decide if real.__module__ == "curate.review.review" else real
runpy.run_path({str(APP)!r}, run_name="__main__")
"""


def room(server: Server, size: int) -> None:
    """From now on the server cannot make a file longer than this many bytes."""
    assert server.process is not None
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, hard))


def test_a_full_disk_is_told_and_nothing_is_acknowledged(page: Page, served: Server) -> None:
    sign_in(page, served)
    press(page, "k")
    record = place(page)
    settled(page)
    room(served, 512)
    for key in "kdsun":
        strike(page, key)
        expect(page.get_by_text("nothing was recorded")).to_be_visible(timeout=SOON)
        assert place(page) == record, key
        strike(page, "h")  # it decides nothing, and takes what was told away
        expect(page.get_by_role("dialog")).to_be_visible(timeout=SOON)
        expect(page.get_by_text("nothing was recorded")).to_have_count(0, timeout=SOON)
        strike(page, "Escape")
        expect(page.get_by_role("dialog")).to_have_count(0, timeout=SOON)
    assert [one.kind for one in decided(served)] == ["keep"]
    room(served, resource.RLIM_INFINITY)
    press(page, "d")
    press(page, "k")
    assert [one.kind for one in decided(served)] == ["keep", "drop", "keep"]
    assert decided(served)[1].record_id == record
    expect(page.get_by_text("nothing was recorded")).to_have_count(0)


def test_a_page_that_cannot_be_drawn_says_why_and_can_be_tried_again(
    page: Page, served: Server
) -> None:
    room(served, 512)
    page.goto(served.url)
    page.get_by_role("textbox").first.fill("mika")
    page.keyboard.press("Enter")
    expect(page.get_by_text("nothing was recorded")).to_be_visible(timeout=SOON)
    room(served, resource.RLIM_INFINITY)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name=re.compile("^Keep"))).to_be_visible(timeout=SOON)


@pytest.fixture
def boastful(audited: Path, tmp_path: Path) -> Iterator[Server]:
    """The twin, which passes over what the store could not do."""
    where = tmp_path / ".curate"
    shutil.copytree(audited, where)
    (tmp_path / "boastful.py").write_text(BOASTFUL)
    server = Server(where, tmp_path / "server.log", script=tmp_path / "boastful.py")
    server.start()
    yield server
    server.kill()


def test_a_server_that_acknowledges_all_the_same_is_caught(page: Page, boastful: Server) -> None:
    sign_in(page, boastful)
    settled(page)
    room(boastful, 512)
    strike(page, "k")
    expect(page.get_by_role("button", name=re.compile("^Keep"))).to_have_count(0, timeout=SOON)
    assert decided(boastful) == []
