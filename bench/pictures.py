"""The pictures in the documents: the demo's report, as a real browser shows it.

usage: python -m bench.pictures    (needs Debian's chromium)
"""

from __future__ import annotations

import tempfile
from contextlib import chdir
from pathlib import Path

from playwright.sync_api import sync_playwright

from curate import demo
from curate.audit import audit

DOCS = Path(__file__).parent.parent / "docs"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PICTURES = {"report.png": ("en", "light"), "report-ja.png": ("ja", "dark")}


def main() -> None:
    """Write docs/report.png and docs/report-ja.png."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        demo.write(folder)
        given = {"eval-leakage": {"eval_files": ("eval.jsonl",)}}
        with chdir(folder):  # as its user would, so that files have short names
            report = audit(
                ["data.jsonl", "chat.jsonl", "faq.csv"], workspace=folder / ".curate", given=given
            )
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, (locale, scheme) in PICTURES.items():
                report.save(folder / "out", locale)
                page = browser.new_page(
                    viewport={"width": 1280, "height": 800}, color_scheme=scheme
                )
                page.goto((folder / "out" / "report.html").as_uri())
                page.screenshot(path=DOCS / name)
            browser.close()


if __name__ == "__main__":
    main()
