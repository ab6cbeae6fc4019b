"""Texts that try something, on every page of the app in a real browser: nothing runs or is fetched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from bench import app_pictures
from bench.app_pictures import filled, serving, sign_in, turn
from curate.audit import audit
from curate.review import Review
from curate.review.settings import change
from curate.review.shown import Shown
from curate.store import guidelines
from curate.store.database import open_store
from curate.workspace import Workspace
from tests.e2e.served import SOON, settled
from tests.hostile import PAYLOADS, TRAP

pytestmark = pytest.mark.browser
SHOWN = {"history", "guidelines"}  # pages on which the payloads stand for certain
PORT = 9  # nobody listens there, and a request to it is seen all the same
TEXTS = [text.format(trap=TRAP.format(port=PORT, name=name)) for name, text in PAYLOADS.items()]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """Records, edits, reasons, reviewers and guidelines that are all payloads; one record's id."""
    where = Workspace(tmp_path_factory.mktemp("trapped") / ".curate")
    short = [text[:400] for text in TEXTS]
    records = [
        {"instruction": text, "output": short[n - 1], "category": short[n % 5]}
        for n, text in enumerate(short)
        for _ in range(2)
    ]
    review = Review(audit(records, workspace=where.path), open_store(where))
    change(review.store, "control_share", 0.5)
    for text in short[:14]:
        shown = review.claim(text.replace("\x00", "")[:60])
        assert isinstance(shown, Shown)
        edit = {"changes": {"answer": {"old": text, "new": text.replace("\x00", "") + "!"}}}
        review.decide(shown, "edit", edit, reason=text.replace("\x00", ""))
        if "__pwned" in text:
            told = shown.record_id
    store, whole = review.store, "\n\n".join(short[:14]).replace("\x00", "")
    store.write(lambda on: guidelines.write(store, on, whole, "<b>mika</b>"))
    store.engine.dispose()
    return where, told


def watched(page: Page) -> list[str]:
    """The addresses of all requests that do not go to the app, as they come."""
    elsewhere: list[str] = []

    def look(request: Request) -> None:
        if request.url.startswith(f"http://127.0.0.1:{PORT}/") or "127.0.0.1" not in request.url:
            elsewhere.append(request.url)

    page.on("request", look)
    return elsewhere


def test_the_watch_sees_an_image_that_is_asked_for(browser: Browser) -> None:
    page = browser.new_page()
    asked = watched(page)
    page.set_content(f'<img src="{TRAP.format(port=PORT, name="x")}">')
    page.wait_for_timeout(500)
    page.close()
    assert asked == [TRAP.format(port=PORT, name="x")]


def test_nothing_runs_and_nothing_is_fetched_on_any_page(
    trapped: tuple[Workspace, str], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_pictures, "drawn", settled)  # pictures wait longer than need be
    where, record_id = trapped
    seen = set()
    with serving(where) as url:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        asked = watched(page)
        sign_in(page, url, "en")
        links = page.locator("[data-testid=stTopNavLink]")
        expect(links.nth(4)).to_be_visible(timeout=SOON)
        for nth in range(links.count()):
            turn(page, links.nth(nth))
            name = page.url.split("?")[0].rsplit("/", 1)[-1]
            filled(page, name, record_id)
            if name in SHOWN:
                expect(page.locator("[data-testid=stMain]")).to_contain_text(
                    "__pwned", timeout=SOON
                )
                seen.add(name)
                settled(page)
            assert page.evaluate("window.__pwned") is None
            assert page.locator("#bait, #out, iframe[src*='127.0.0.1:9']").count() == 0
            assert page.url.startswith(url)
        page.close()
    assert seen == SHOWN
    assert [one for one in asked if not one.startswith(("data:", "blob:"))] == []
