"""The pictures of a trace: a failing answer in review, and the first of the records behind it.

A real run on a corrupted world of CauseBench, from the benchmark's cache where it is there; without
it, a model is pre-trained and tuned first, which takes some minutes.

usage: python -m bench.trace_pictures [--cache FOLDER] [--out FOLDER]    (needs Debian's chromium)
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.app_pictures import SCHEMES, drawn, serving, sign_in
from bench.causebench import product
from bench.causebench.arms import DIRTY, trained
from bench.causebench.faults import corrupted
from bench.causebench.setup import FITTING, Setup
from bench.pictures import CHROMIUM, DOCS, FLAGS
from curate.review import open_review
from curate.review.failing import case_of
from curate.workspace import Workspace
from train.backbones import cache as models
from train.quiet import quiet

HEIGHT = 800


def failed(cache: Path, scratch: Path) -> Workspace:
    """A workspace with what a run got wrong; its own, so that the benchmark's stays as it is."""
    setup, seed = Setup(), FITTING[0]
    world = corrupted(seed, setup.records, setup.share)
    place = setup.place(cache, seed)
    with quiet():
        parent = product.snapshot(product.audited(world, place))
        run = trained(world, setup, cache, seed, DIRTY, parent).run
    with chdir(scratch):  # as its user would, so that files have short names
        where = Workspace(product.audited(world, Path()).path.absolute())
    shutil.copytree(place / ".curate" / "approved", where.approved)
    product.taken_in(where, run)
    return where


def caused(where: Workspace) -> dict[str, str]:
    """By language, the failure that data caused most surely."""
    review = open_review(where)
    found: dict[str, tuple[float, str]] = {}
    for item in review.queue("failure-linked"):
        for key in item.records:
            case = case_of(review.store, key)
            if case is None or not case.traced or case.triage is None:
                continue
            if case.triage["said"] == "data-caused" and "pushes" in case.traced[0].reasons:
                locale = "en" if case.failure.told["prompt"].isascii() else "ja"
                chance = (float(case.triage["probability"]), key)
                found[locale] = max(found.get(locale, chance), chance)
    return {locale: key for locale, (_, key) in found.items()}


def taken(page: Page, url: str, locale: str, key: str, out: Path) -> None:
    """The failure, and the first record behind it."""
    mark = "" if locale == "en" else f"-{locale}"
    sign_in(page, url, locale, f"&record={key}")
    page.screenshot(path=out / f"failure{mark}.png")
    page.keyboard.press("o")
    drawn(page)
    page.screenshot(path=out / f"trace{mark}.png")


def main() -> None:
    """Write failure.png and trace.png, and the same in Japanese."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--cache", type=Path, default=models().parent / "causebench")
    asked.add_argument("--out", type=Path, default=DOCS / "app")
    said = asked.parse_args()
    said.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as player:
        where = failed(said.cache, Path(scratch))
        with serving(where) as url:
            browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for locale, key in sorted(caused(where).items()):
                page = browser.new_page(
                    viewport={"width": 1280, "height": HEIGHT}, color_scheme=SCHEMES[locale]
                )
                taken(page, url, locale, key, said.out)
                page.close()
            browser.close()


if __name__ == "__main__":
    main()
