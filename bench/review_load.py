"""How long a reviewer waits: opening a long queue, and from a key to the next record.

usage: python -m bench.review_load [--records N] [--next N]              one reviewer, a long queue
       python -m bench.review_load --reviewers N [--records N] [--think S]      several at once

One JSON line for the library, one for the app in a real browser. With several reviewers, each in a
browser of their own and by keys alone, `doubled` are records that were decided more than once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from bench.app_pictures import serving
from bench.pictures import CHROMIUM, FLAGS
from curate.audit import audit
from curate.review import open_review
from curate.review.shown import Shown
from curate.store import decisions
from curate.store.database import open_store
from curate.store.decision import VERDICTS
from curate.workspace import Workspace
from review_app import case

SEED = 7
THINK = 3.0  # seconds between a record and its key
LEAST = 0.3
PATIENCE = 120_000  # milliseconds
RECORD = "new URLSearchParams(location.search).get('record')"
SETTLED = (  # drawn, and its keys listen
    "document.querySelector('[data-test-script-state=notRunning]')"
    " && !document.querySelector('[data-stale=true]')"
)
READY = f"""quiet => {{
  const ready = {SETTLED} && document.querySelector('[data-listening]');
  window.readySince = ready ? window.readySince ?? performance.now() : undefined;
  return performance.now() - window.readySince > quiet;
}}"""  # by the page's own clock: a key is lost where a busy page has not drawn its buttons yet
QUIET = 300  # milliseconds
CHECKS = ["empty-answer", "unclosed-code", "exact-duplicate", "contradiction"]


def made(folder: Path, records: int) -> Workspace:
    """An audit whose queue has this many items: half lack an answer, half a closing fence."""
    code = "Like this:\n```python\nfor i in range(3):"
    rows = [
        {"instruction": f"Explain step {n} of the plan.", "output": code if n % 2 else ""}
        for n in range(records)
    ]
    audit(rows, workspace=folder / ".curate", only=CHECKS)
    return Workspace(folder / ".curate")


def of_library(where: Workspace, count: int) -> dict[str, Any]:
    """Seconds until the first record is there, and milliseconds from a verdict to the next one."""
    began = time.perf_counter()
    review = open_review(where)
    shown = review.claim("mika")
    assert isinstance(shown, Shown)
    case.opened(review, shown, "en")
    opened, waited = time.perf_counter() - began, []
    for _ in range(count):
        began = time.perf_counter()
        review.decide(shown, "keep")
        shown = review.claim("mika")
        assert isinstance(shown, Shown)
        case.opened(review, shown, "en")
        waited.append(time.perf_counter() - began)
    review.store.engine.dispose()
    return {"of": "library", "items": len(review.queue()), "open_s": round(opened, 2), **ms(waited)}


async def enter(page: Page, url: str, name: str) -> float:
    """Say who one is; seconds until a record is there."""
    await page.goto(url)
    box = page.get_by_role("textbox").first
    await box.wait_for(timeout=PATIENCE)
    await box.fill(name)
    began = time.perf_counter()
    await page.keyboard.press("Enter")
    await page.wait_for_function(f"{RECORD} && {SETTLED}", timeout=PATIENCE)
    return time.perf_counter() - began


async def work(page: Page, seed: int, think: float, most: int | None = None) -> list[float]:
    """Keep or drop, by keys, until nothing is left; seconds from each key to the next record."""
    chance, waited = random.Random(seed), []
    while most is None or len(waited) < most:
        before = await page.evaluate(RECORD)
        if before is None:
            return waited
        await page.wait_for_timeout(1000 * max(LEAST, chance.uniform(0.5, 1.5) * think))
        await page.evaluate("window.readySince = undefined")
        await page.wait_for_function(READY, arg=QUIET, timeout=PATIENCE)
        key = chance.choice("kd")
        began = time.perf_counter()
        await page.keyboard.press(key)
        following = f"before => {RECORD} !== before && {SETTLED}"
        await page.wait_for_function(following, arg=before, timeout=PATIENCE)
        waited.append(time.perf_counter() - began)
    return waited


async def people(url: str, count: int, think: float, most: int | None) -> list[tuple[float, Any]]:
    """So many at once, each in a context of their own; when they could start, and their waits."""
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        async def one(nth: int) -> tuple[float, list[float]]:
            context = await browser.new_context(viewport={"width": 1280, "height": 720})
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            opened = await enter(page, url, f"reviewer {nth}")
            return opened, await work(page, SEED + nth, think, most)

        done = await asyncio.gather(*(one(nth) for nth in range(count)))
        await browser.close()
    return done


def of_browser(
    where: Workspace, reviewers: int, think: float, most: int | None = None
) -> dict[str, Any]:
    """The same in browsers, and what the log says of it afterwards."""
    before = spoken(where)
    with serving(where) as url:
        done = asyncio.run(people(url, reviewers, think, most))
    waited = [seconds for _, each in done for seconds in each]
    decided = spoken(where) - before
    return {
        "of": "browser", "reviewers": reviewers, "pressed": len(waited),
        "decisions": decided.total(), "doubled": sum(n > 1 for n in decided.values()),
        "open_s": round(max(opened for opened, _ in done), 2), **ms(waited),
    }  # fmt: skip


def spoken(where: Workspace) -> Counter[str]:
    """How often each record was decided."""
    store = open_store(where)
    log = store.read(lambda on: list(decisions.log(on)))
    store.engine.dispose()
    return Counter(one.record_id for one in log if one.kind in VERDICTS)


def ms(waited: list[float]) -> dict[str, float]:
    """The middle, and what one in twenty waits longer than, in milliseconds."""
    ordered = sorted(waited)
    at = {"p50_ms": 0.5, "p95_ms": 0.95}
    return {name: round(1000 * ordered[int(q * (len(ordered) - 1))], 1) for name, q in at.items()}


def main() -> None:
    """Run and print."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--records", type=int)
    words.add_argument("--next", type=int, default=60, help="records moved on, by one reviewer")
    words.add_argument("--reviewers", type=int, default=1)
    words.add_argument("--think", type=float, default=THINK)
    said = words.parse_args()
    alone = said.reviewers == 1
    with tempfile.TemporaryDirectory() as scratch:
        where = made(Path(scratch), said.records or (100_000 if alone else 300))
        if alone:
            tell(of_library(where, said.next))
        think = LEAST if alone else said.think
        tell(of_browser(where, said.reviewers, think, said.next if alone else None))


def tell(line: dict[str, Any]) -> None:
    """One line."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
