"""Texts that try something, on the review page and in its editor: nothing runs or is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from curate.audit import audit
from curate.report import Report
from tests.e2e.served import SOON, Server, place, press, reviewed, settled, sign_in
from tests.e2e.test_pages_in_browser import PORT, watched
from tests.hostile import PAYLOADS, TRAP

pytestmark = pytest.mark.browser

LENGTH = 2_000
TEXTS = {
    name: text.format(trap=TRAP.format(port=PORT, name=name))[:LENGTH]
    for name, text in PAYLOADS.items()
}
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
    """Every payload as prompt, answer, system text and label; some twice, to be chosen from."""
    rows = [
        {"instruction": text, "system": text, "category": text[:60],
         "output": f"{text}\n```python\nx = 1"}
        for text in TEXTS.values()
    ]  # fmt: skip
    rows += [{"instruction": f"{TEXTS[one]} ?", "output": TEXTS[one]} for one in PAIRED * 2]
    checks = ["unclosed-code", "exact-duplicate"]
    report = audit(rows, workspace=folder / ".curate", only=checks)
    assert len(report.findings["record_id"].unique()) >= len(TEXTS)
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


def test_nothing_runs_while_a_reviewer_reads_and_edits(page: Page, served: Server) -> None:
    asked = watched(page)
    sign_in(page, served)
    settled(page)
    items = {one.key: one for one in reviewed(served).queue()}
    seen: set[str] = set()
    while (record := place(page)) not in seen:
        seen.add(record)
        settled(page)
        unharmed(page, served)
        page.keyboard.press("e")
        expect(page.get_by_role("textbox", name="Answer")).to_be_visible(timeout=SOON)
        unharmed(page, served)
        page.get_by_role("button", name="Back").click()
        expect(page.get_by_role("button", name="Edit")).to_be_visible(timeout=SOON)
        press(page, "n")
    records = pl.concat(reviewed(served).report.snapshot.frames())
    read = records.filter(pl.col("record_id").is_in(list(seen)))["system"].drop_nulls()
    assert len(set(read)) == len(TEXTS), "every payload was really on the screen"
    assert len(seen) >= len([one for one in items.values() if one.checks])
    assert [one for one in asked if not one.startswith(("data:", "blob:"))] == []


def test_a_page_that_renders_a_record_is_caught(page: Page, tmp_path: Path) -> None:
    report = trapped(tmp_path)
    image = pl.col("system") == TEXTS["markdown-image"]
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
