"""Texts that try something, on the review page and in its editor: nothing runs or is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from curate.audit import audit
from curate.report import Report
from tests.e2e.served import SOON, Server, place, press, reviewed, settled, sign_in, strike
from tests.e2e.test_pages_in_browser import PORT, watched
from tests.hostile import PAYLOADS, TRAP

pytestmark = pytest.mark.browser

LENGTH = 2_000
TEXTS = {
    name: text.format(trap=TRAP.format(port=PORT, name=name))[:LENGTH]
    for name, text in PAYLOADS.items()
}
FIELDS = ("system", "instruction", "input", "output")  # the last with a fence that stays open
PAIRED = ("script", "markdown-image", "markup", "style", "form", "breakout", "bidi", "mention")
BAIT = (
    "#bait, #out, iframe[src*='127.0.0.1:9'], form[action*='127.0.0.1:9'], meta[http-equiv=refresh]"
)
APP = Path(__file__).parents[2] / "review_app" / "app.py"
RENDERING = f"""
import runpy
import streamlit as st
from review_app import reading
reading.inert_text = st.markdown
runpy.run_path({str(APP)!r}, run_name="__main__")
"""


def trapped(folder: Path) -> Report:
    """Every payload once in a text of a record, and as its category; some twice, to choose from."""
    named, every = list(TEXTS.values()), len(TEXTS) // len(FIELDS)
    rows = [
        {name: named[nth + at * every] for at, name in enumerate(FIELDS)}
        | {"category": named[nth][:60], "output": f"{named[nth + 3 * every]}\n```python\nx = 1"}
        for nth in range(every)
    ]  # fmt: skip
    pairs = zip(PAIRED[::2], PAIRED[1::2], strict=True)
    rows += [
        {"instruction": TEXTS[one], "output": TEXTS[other], "category": TEXTS[one][:60]}
        for one, other in pairs
        for _ in range(2)
    ]
    checks = ["unclosed-code", "exact-duplicate"]
    report = audit(rows, workspace=folder / ".curate", only=checks)
    assert len(report.findings["record_id"].unique()) == every + len(PAIRED) // 2
    return report


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    trapped(tmp_path)
    server = Server(tmp_path / ".curate", tmp_path / "server.log")
    server.start()
    yield server
    server.kill()


def unharmed(page: Page, server: Server) -> None:
    assert page.evaluate("window.__pwned") is None
    assert page.locator(BAIT).count() == 0
    assert page.url.startswith(server.url)


def edited(page: Page) -> set[str]:
    """What stands in the boxes of the editor, which is opened and left again by key."""
    page.keyboard.press("e")  # the page has been settled
    expect(page.get_by_role("textbox", name="Answer")).to_be_visible(timeout=SOON)
    settled(page)
    texts = {box.input_value() for box in page.locator("textarea").all()}
    strike(page, "Escape")
    expect(page.get_by_role("button", name="Edit")).to_be_visible(timeout=SOON)
    return texts


def test_nothing_runs_while_a_reviewer_reads_and_edits(page: Page, served: Server) -> None:
    asked = watched(page)
    sign_in(page, served)
    items = reviewed(served).queue()
    seen: set[str] = set()
    typed: set[str] = set()
    while (record := place(page)) not in seen:
        seen.add(record)
        settled(page)
        unharmed(page, served)
        typed |= edited(page)
        unharmed(page, served)
        press(page, "n")
    assert len(seen) == len(items)
    assert not [name for name, text in TEXTS.items() if not any(text in one for one in typed)]
    assert [one for one in asked if not one.startswith(("data:", "blob:"))] == []


def test_a_page_that_renders_a_record_is_caught(page: Page, tmp_path: Path) -> None:
    report = trapped(tmp_path)
    image = pl.any_horizontal(pl.col(*FIELDS[:3], "answer") == TEXTS["markdown-image"])
    record = pl.concat(report.snapshot.frames()).filter(image)["record_id"][0]
    (tmp_path / "rendering.py").write_text(RENDERING)
    server = Server(tmp_path / ".curate", tmp_path / "server.log", tmp_path / "rendering.py")
    server.start()
    asked = watched(page)
    try:
        sign_in(page, server, query=f"?record={record}")
        settled(page)
    finally:
        server.kill()
    assert any(TRAP.format(port=PORT, name="markdown-image") in one for one in asked)
