"""Twice over: a double click, a key struck twice, Back and a reload decide each record once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, cycle, islice
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

from bench.review_load import made
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.served import SOON, Server, decided, place, settled, sign_in, soon

pytestmark = pytest.mark.browser

APP = Path(__file__).parents[2] / "review_app" / "app.py"
RUN = f"runpy.run_path({str(APP)!r}, run_name='__main__')"
FORGETFUL = f"""
import runpy
from dataclasses import replace
from uuid import uuid4
from curate.review import deciding, review
real = deciding.decided
def decided(store, on, shown, verdict):
    return real(store, on, replace(shown, request_id=uuid4().hex), verdict)
deciding.still_open = lambda on, shown: True
deciding.said_already = lambda on, shown, new: []
review.decided = decided
{RUN}
"""
HASTY = f"""
import runpy
import streamlit as st
from review_app import keyboard
hasty = keyboard.SCRIPT.replace("event.detail > 1", "false")
if hasty != keyboard.SCRIPT:  # the script runs for every click
    keyboard.SCRIPT = hasty
    keyboard._mounted = st.components.v2.component("curate.keyboard", js=hasty)
{RUN}
"""


@pytest.fixture(autouse=True)
def _chromium() -> None:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed; apt-get install chromium")


class Way(NamedTuple):
    """How somebody decides twice: what they do, and what once another record is on the screen."""

    first: Callable[[Page], None]
    then: Callable[[Page], object] = settled


def keep(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Keep"))


def double_click(page: Page) -> None:
    keep(page).dblclick()


def half(page: Page, nth: int) -> None:
    """One half of a double click, by a hand that does not wait."""
    if nth == 1:
        keep(page).hover()
    page.mouse.down(click_count=nth)
    page.mouse.up(click_count=nth)


def keys(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def enter_twice(page: Page) -> None:
    keep(page).focus()
    keys(page, "Enter", "Enter")


def resend(page: Page) -> None:
    """A second click is on its way before the server has answered the first."""
    keep(page).evaluate("button => { button.click(); setTimeout(() => button.click(), 40); }")


def back(page: Page) -> None:
    """The browser's Back: the address goes to the record before, and the app leads it on again."""
    shown = place(page)
    settled(page)
    page.go_back()
    soon(lambda: place(page) == shown)


WAYS = [
    Way(double_click),
    Way(partial(half, nth=1), then=partial(half, nth=2)),
    Way(lambda page: keys(page, "k", "k")),
    Way(enter_twice),
    Way(resend),
    Way(lambda page: keys(page, "k"), then=back),
    Way(lambda page: keys(page, "k"), then=Page.reload),
]


def person(server: Server, each: int, name: str) -> list[tuple[str, str]]:
    """Decide on so many records, in a browser of one's own; each with who had it on the screen."""
    meant = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.set_default_timeout(SOON)
        sign_in(page, server, name)
        for way in islice(cycle(WAYS), each):
            settled(page)
            before = place(page)
            meant.append((name, before))
            way.first(page)
            soon(lambda before=before: place(page) != before)  # type: ignore[misc]
            way.then(page)
        settled(page)
        browser.close()
    return meant


def counted_once(folder: Path, people: int, each: int, script: Path | None = None) -> None:
    """All at once: every decision is one that somebody meant, and there is no other."""
    where = made(folder, 2 * people * each)  # nobody runs out of records
    server = Server(where.path, folder / "server.log", script)
    server.start()
    try:
        with ThreadPoolExecutor(people) as at_once:
            names = [f"reviewer {nth}" for nth in range(people)]
            meant = Counter(chain(*at_once.map(partial(person, server, each), names)))
        log = Counter((one.reviewer, one.record_id) for one in decided(server))
    finally:
        server.kill()
    assert log == meant, f"not once: {log - meant}, lost: {meant - log}"
    assert log.total() == len({record for _, record in log}) == people * each


@pytest.mark.parametrize(
    ("people", "each"), [(2, len(WAYS)), pytest.param(4, 10, marks=pytest.mark.long)]
)
def test_whatever_is_done_twice_counts_once(tmp_path: Path, people: int, each: int) -> None:
    counted_once(tmp_path, people, each)


@pytest.mark.parametrize("broken", [FORGETFUL, HASTY], ids=["forgetful", "hasty"])
def test_an_app_that_counts_twice_is_caught(tmp_path: Path, broken: str) -> None:
    (tmp_path / "broken.py").write_text(broken)
    with pytest.raises(AssertionError, match="not once"):
        counted_once(tmp_path, people=1, each=5, script=tmp_path / "broken.py")
