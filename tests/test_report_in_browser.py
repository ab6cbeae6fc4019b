"""report.html in a real browser: nothing in it acts, its filter works, its text can be read."""

from __future__ import annotations

import shutil
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from curate.show.report_html import render
from tests.fake_report import FakeReport, check, crowd, empty, finding, record, report
from tests.hostile import hostile
from tests.realistic_report import realistic

pytestmark = pytest.mark.browser

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WIDE, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}

CONTRAST = """
() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const over = (top, under) => {
    const a = top[3] ?? 1;
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a));
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map(
      (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      layers.push(channels(getComputedStyle(e).backgroundColor));
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const bad = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const under = paper(element);
    const ink = element.closest("svg") ? style.fill : style.color;
    const [a, b] = [light(over(channels(ink), under)), light(under)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.push([element.tagName, element.className.toString(), ratio.toFixed(2)]);
  }
  return bad;
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed; apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def trap() -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback that remembers who called."""
    called: list[bytes] = []

    class Remember(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            called.append(self.request.recv(1024))

    with socketserver.TCPServer(("127.0.0.1", 0), Remember) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server.server_address[1], called
        server.shutdown()


def opened(
    browser: Browser, folder: Path, made: FakeReport, locale: str = "en", **context: Any
) -> Page:
    file = folder / "report.html"
    file.write_text(render(made, locale), encoding="utf-8")
    page = browser.new_page(**{"viewport": WIDE, **context})
    page.set_default_timeout(20_000)
    page.goto(file.as_uri())
    return page


def shown_rows(page: Page) -> list[str]:
    """The rows of the findings table that can be seen; one question, for there can be thousands."""
    script = "rows => rows.filter(row => row.checkVisibility()).map(row => row.innerText)"
    rows: list[str] = page.locator("#findings tbody tr").evaluate_all(script)
    return rows


def test_hostile_records_do_nothing(
    browser: Browser, tmp_path: Path, trap: tuple[int, list[bytes]]
) -> None:
    port, called = trap
    file = tmp_path / "report.html"
    file.write_text(render(hostile(port)), encoding="utf-8")
    page = browser.new_page(viewport=WIDE)
    requests: list[str] = []
    said: list[ConsoleMessage] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: said.append(message))
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    page.goto(file.as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    page.mouse.wheel(0, 100_000)
    page.wait_for_timeout(500)
    assert requests == [file.as_uri()]
    assert called == []
    assert page.url == file.as_uri()
    assert [message.text for message in said] == []
    assert page.evaluate("window.__pwned") is None
    held = "script, img, image, iframe, form, object, embed, link, base, #bait, #out"
    assert page.locator(held).count() == 0
    assert page.locator("meta[http-equiv=refresh]").count() == 0
    assert page.title().startswith("Audit of script>.jsonl")
    page.close()


def test_the_trap_of_this_test_catches(browser: Browser, trap: tuple[int, list[bytes]]) -> None:
    port, called = trap
    page = browser.new_page()
    page.set_content(f'<img src="http://127.0.0.1:{port}/x" onerror="window.__pwned = 1">')
    page.wait_for_function("window.__pwned === 1", timeout=20_000)
    assert called
    page.close()


def test_a_long_word_or_many_lines_do_not_break_the_page(browser: Browser, tmp_path: Path) -> None:
    for size in (WIDE, PHONE):
        page = opened(browser, tmp_path, hostile(), viewport=size)
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        assert page.evaluate("document.documentElement.scrollHeight") < 60_000
        page.close()


def test_the_filter_works_by_clicking(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic())
    total = len(shown_rows(page))
    assert total == 20
    page.get_by_text("ungrounded 2", exact=True).click()
    assert len(shown_rows(page)) == 2
    assert all("ungrounded" in row for row in shown_rows(page))
    page.locator("label[for=k]").click()
    page.get_by_text("support_ja.csv 6", exact=True).click()
    assert len(shown_rows(page)) == 6
    page.locator("label[for=error]").click()
    page.locator("label[for=info]").click()
    rows = shown_rows(page)
    assert len(rows) == 3
    assert all("support_ja.csv" in row for row in rows)
    page.get_by_text("ungrounded 2", exact=True).click()
    assert shown_rows(page) == []
    page.close()


def test_the_filter_works_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic())
    page.locator("#error").focus()
    page.keyboard.press("Space")
    assert len(shown_rows(page)) == 17
    page.locator("#k").focus()
    page.keyboard.press("ArrowRight")
    assert len(shown_rows(page)) == 2
    page.close()


def test_the_count_follows_the_filter(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, crowd(300))
    script = "() => document.querySelector('.shown').innerText"
    assert page.evaluate(script).endswith("of 300 findings shown")
    before = page.locator(".shown").screenshot()
    page.locator("label[for=warn]").click()
    assert len(shown_rows(page)) == 180
    assert page.locator(".shown").screenshot() != before
    page.close()


def test_a_long_table_shows_its_first_rows_and_all_of_a_filter(
    browser: Browser, tmp_path: Path
) -> None:
    page = opened(browser, tmp_path, crowd(300))
    assert len(shown_rows(page)) == 50
    page.get_by_text("fault-b 60", exact=True).click()
    assert len(shown_rows(page)) == 60
    assert not page.get_by_text("Show 250 more findings").is_visible()
    page.locator("label[for=k]").click()
    page.get_by_text("Show 250 more findings").click()
    assert len(shown_rows(page)) == 300
    inside = "() => getComputedStyle(document.querySelector('.found')).overflowY"
    assert page.evaluate(inside) == "visible", "no box that scrolls inside the page"
    page.close()


def test_a_long_answer_is_folded_and_opens(browser: Browser, tmp_path: Path) -> None:
    one = record("List the rooms.", "\n".join(f"Room {n} is free." for n in range(60)))
    found = finding(one, "repetition", "error", "again and again", field="answer")
    page = opened(browser, tmp_path, report([one], [found], [check("repetition", "form", "x")]))
    height = "() => document.querySelector('.folded').clientHeight"
    assert page.evaluate(height) < 300
    page.get_by_text("Show more", exact=True).click()
    assert page.evaluate(height) > 1_000
    page.get_by_text("Show less", exact=True).click()
    assert page.evaluate(height) < 300
    page.close()


def test_a_place_leads_to_its_card_even_a_folded_one(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic())
    page.locator("#findings a", has_text="support_ja.csv:905").click()
    card = page.locator(":target")
    assert "support_ja.csv:905" in card.inner_text()
    assert card.is_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ja"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_all_text_has_contrast_and_fits(
    browser: Browser, tmp_path: Path, scheme: str, locale: str, size: dict[str, int]
) -> None:
    page = opened(browser, tmp_path, realistic(), locale, viewport=size, color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, paper[4:-1].split(","))) < 200) == (scheme == "dark")
    page.close()


def test_charts_say_what_they_show_without_sight(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic())
    charts = page.get_by_role("img")
    assert charts.count() == 9
    tree = page.locator("#pictures").aria_snapshot()
    assert "Share of refusals" in tree
    assert "security 40%" in tree
    page.close()


def test_an_empty_report_and_a_crowd_open(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, empty())
    assert page.get_by_text("No check found anything.").count() == 2
    page.close()
    page = opened(browser, tmp_path, crowd(50_000))
    assert page.evaluate("document.documentElement.scrollHeight") < 20_000
    page.get_by_text("fault-e 10,000", exact=True).click()
    assert 20 <= len(shown_rows(page)) <= 2_000
    page.close()
