"""The pictures of the review app: every page in both languages, as a real browser shows it.

A failure with the records behind it is bench.trace_pictures.

usage: python -m bench.app_pictures [FOLDER]    (needs Debian's chromium; else docs/app)
"""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, sync_playwright

from bench.app_failures import fail
from bench.pictures import CHROMIUM, DOCS, FLAGS
from curate import demo
from curate.audit import audit
from curate.review import Review, open_review, policy
from curate.review.frames import Filters
from curate.review.settings import change
from curate.review.shown import Shown
from curate.store import decisions, guidelines
from curate.store.database import open_store
from curate.workspace import Workspace

COMMAND = (sys.executable, "-m", "curate", "review")
PEOPLE = ("Mika", "太郎")
PATIENCE = 60  # seconds until the server answers
DRAW = 30_000  # milliseconds until a page is drawn
SCHEMES = {"en": "light", "ja": "dark"}
ASKED = {"bulk": "refusal"}  # the page, and what to type into its first box
NAME = {"en": PEOPLE[0], "ja": PEOPLE[1]}
SOURCES = ("Source: the handbook, page 3.", "See the handbook, page 3.", "出典: 手引き 3 ページ")
RULES = """\
#### What stays
- The answer is true, complete and to the point.
- It is in the language of the question: *English* or *日本語*.

#### What goes
- Promises that a model cannot keep: "I have sent the mail."
- 「申し訳ありません」だけの回答。ただし、本当に答えられない質問は残します。

#### How it is worded
1. SQL keywords in capitals, one clause a line.
2. 敬体（です・ます）で書きます。
"""


def workspace(folder: Path) -> Workspace:
    """The demo, audited, with an afternoon's work of two people."""
    where = Workspace(folder / ".curate")
    demo.write(folder)
    with chdir(folder):  # as its user would, so that files have short names
        report = audit(
            ["data.jsonl", "chat.jsonl", "faq.csv"],
            workspace=where.path,
            given={"eval-leakage": {"eval_files": ("eval.jsonl",)}},
        )
    now = [time.time() - 3 * 3600]
    store = open_store(where, clock=lambda: now[0])
    review = Review(report, store)
    change(store, "double_share", 0.4)
    store.write(lambda on: guidelines.write(store, on, RULES.split("\n#### How")[0], PEOPLE[0]))
    now[0] += 600
    store.write(lambda on: guidelines.write(store, on, RULES, PEOPLE[1], after=1))
    policy.decide(review, "exact-duplicate", "survivor", PEOPLE[0])
    chance = random.Random(7)
    for turn in range(70):
        now[0] += chance.uniform(20, 220)
        shown = review.claim(PEOPLE[turn % 2])
        if isinstance(shown, Shown):
            verdict(review, shown, chance)
    undone = review.undo(PEOPLE[0])
    review.pick(PEOPLE[0], undone[0].record_id, undone[0].ordered_by or "picked")
    shown = review.claim(PEOPLE[0], filters=Filters(check=("contradiction",)))
    if isinstance(shown, Shown):
        review.release(shown)
    store.engine.dispose()
    return where


def verdict(review: Review, shown: Shown, chance: random.Random) -> None:
    """What a person might say: mostly the same of the same record, the words a little apart."""
    record = review.report.record(shown.record_id) or {}
    leaning = random.Random(shown.record_id).random()
    kind = "keep" if leaning < 0.45 else "drop" if leaning < 0.7 else "edit"
    if chance.random() < 0.15:
        kind = "drop" if kind == "keep" else "keep"
    payload = {}
    if kind == "edit":
        old = record.get("answer") or ""
        new = f"{old.strip()}\n\n{chance.choice(SOURCES)}".strip()
        payload = {"changes": {"answer": {"old": old, "new": new}}}
    review.decide(shown, kind, payload, seconds=round(chance.uniform(4, 40), 1))


@contextmanager
def serving(where: Workspace) -> Iterator[str]:
    """`curate review` on this workspace; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*COMMAND, "--port", str(port), "--workspace", str(where.path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        answered(f"{url}/_stcore/health")
        yield url
    finally:
        server.terminate()
        server.wait(30)


def answered(url: str) -> None:
    """Wait until the server answers; TimeoutError where it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{url} does not answer")


def sign_in(page: Page, url: str, locale: str, query: str = "") -> None:
    """Open the app and say who one is."""
    page.goto(f"{url}/?lang={locale}{query}")
    name = page.locator("input[type=text]").first
    name.wait_for(timeout=DRAW)
    name.fill(NAME[locale])
    page.locator("[data-testid=stFormSubmitButton] button").click()
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until the script has run and everything it asked for is there."""
    page.mouse.move(1278, 400)  # off everything that would change under it
    page.wait_for_timeout(700)
    page.wait_for_function(
        "document.querySelector('[data-test-script-state=notRunning]')"
        " && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')",
        timeout=DRAW,
    )
    page.wait_for_timeout(1500)


def turn(page: Page, link: Locator) -> None:
    """Follow a link to another page of the app, and wait until it is drawn."""
    path = urlsplit(link.get_attribute("href") or "").path
    link.click()
    page.wait_for_url(lambda url: urlsplit(url).path == path, timeout=DRAW)
    drawn(page)


def told_most(where: Workspace) -> str:
    """The record with the most to tell: decisions, and edits above all."""
    store = open_store(where)
    log = store.read(lambda on: list(decisions.log(on)))
    store.engine.dispose()
    counts: Counter[str] = Counter()
    for one in log:
        counts[one.record_id] += 2 if one.kind == "edit" else 1
    return max(sorted(counts), key=counts.__getitem__)


def contradicted(where: Workspace) -> str:
    """An open record that another contradicts: there is much to see."""
    review = open_review(where)
    found = next(one for one in review.alone() if "contradiction" in one.asked_of(one.key))
    review.store.engine.dispose()
    return found.key


def filled(page: Page, name: str, record: str) -> None:
    """Ask a page for something, where it shows little before it is asked."""
    boxes = page.locator("[data-testid=stMain] input[type=text]")
    if name in ASKED or name == "history":
        boxes.first.fill(ASKED.get(name, record))
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")  # a list of choices closes
        drawn(page)


def main() -> None:
    """Write NAME.png (English, light) and NAME-ja.png (Japanese, dark) of every page."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "app"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as player:
        where = workspace(Path(scratch))
        record, flagged = told_most(where), contradicted(where)
        fail(where, Path(scratch))
        with serving(where) as url:
            browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for locale, scheme in SCHEMES.items():
                page = browser.new_page(
                    viewport={"width": 1280, "height": 800}, color_scheme=scheme
                )
                sign_in(page, url, locale)
                mark = "" if locale == "en" else f"-{locale}"
                links = page.locator("[data-testid=stTopNavLink]")
                for nth in range(links.count()):
                    turn(page, links.nth(nth))
                    name = page.url.split("?")[0].rsplit("/", 1)[-1] or "review"
                    filled(page, name, record)
                    page.screenshot(path=out / f"{name}{mark}.png")
                sign_in(page, url, locale, f"&record={flagged}")
                page.screenshot(path=out / f"review{mark}.png")
                page.close()
            browser.close()


if __name__ == "__main__":
    main()
