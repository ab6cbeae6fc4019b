"""A whole review in a browser: audit, keys, undo, edit, two people, agreement, export, ledger."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from curate.report import Report
from tests.e2e.served import (
    SOON,
    Server,
    decided,
    place,
    press,
    reviewed,
    settled,
    sign_in,
    soon,
    turn,
    write,
)

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TYPED = " Checked by hand, 確認済み。"
TEXTS = ("instruction", "input", "answer", "system", "label", "category")


@dataclass(frozen=True)
class Exported:
    """What `curate export` left: its records, its ledger, and what it said."""

    records: pl.DataFrame
    ledger: pl.DataFrame
    said: str


def curate(cwd: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "curate", *words], cwd=cwd, capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    """The app on an audit that the command line made."""
    curate(tmp_path, "demo", "demo")
    curate(tmp_path, "audit", "demo/data.jsonl", "demo/chat.jsonl", "demo/faq.csv")
    server = Server(tmp_path / ".curate", tmp_path / "server.log")
    server.start()
    yield server
    server.kill()


def ask_two_people(page: Page, server: Server) -> None:
    """On the overview, set that every record is decided twice."""
    turn(page, "Overview")
    expect(page.get_by_text("Settings for everybody")).to_be_visible(timeout=SOON)
    settled(page)  # a page that is still being drawn shuts what was opened
    page.get_by_text("Settings for everybody").click()
    expect(page.get_by_role("slider").first).to_be_visible(timeout=SOON)
    settled(page)
    page.get_by_role("slider").first.focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Save").click()
    soon(lambda: reviewed(server).settings.double_share == 1.0)
    turn(page, "Review")
    expect(page.get_by_role("button", name="Keep")).to_be_visible(timeout=SOON)


def edit(page: Page) -> None:
    write(page, "Answer", TYPED)
    press(page, "Control+s")


def export(server: Server) -> Exported:
    folder = server.where.parent
    said = curate(folder, "export", "out", "--allow-undecided")
    [ledger] = server.where.glob("approved/*/ledger.parquet")
    files = sorted((folder / "out").glob("**/*.parquet"))
    parts = [pl.read_parquet(file) for file in files if file.stem != "ledger"]
    return Exported(pl.concat(parts), pl.read_parquet(ledger), said)


def wrong(done: Exported, report: Report, edited: str) -> list[str]:
    """What does not add up: one line of the ledger each, and one record that reads otherwise."""
    outcomes = dict(done.ledger["outcome"].value_counts().iter_rows())
    stays = outcomes.get("kept", 0) + outcomes.get("changed", 0)
    before = pl.concat(report.snapshot.frames())
    found = []
    if len(done.ledger) != len(report.snapshot) or sum(outcomes.values()) != len(before):
        found.append("the ledger has not one line for each record")
    if stays != len(done.records):
        found.append("the ledger tells of other records than there are")
    changed = done.ledger.filter(pl.col("outcome") == "changed")["record_id"].to_list()
    if changed != [edited]:
        found.append(f"changed, by the ledger: {changed}")
    old = set(before.select(TEXTS).iter_rows())
    new = [row for row in done.records.select(TEXTS).iter_rows() if row not in old]
    want = before.filter(pl.col("record_id") == edited).row(0, named=True)
    want["answer"] = f"{want['answer'] or ''}{TYPED}"
    if new != [tuple(want[name] for name in TEXTS)]:
        found.append(f"records that read otherwise than before: {new}")
    return found


def test_from_audit_to_export(browser: Browser, served: Server) -> None:
    mika, hana = (browser.new_context(viewport={"width": 1280, "height": 720}) for _ in range(2))
    page, other = mika.new_page(), hana.new_page()
    sign_in(page, served, "mika")
    ask_two_people(page, served)
    first = place(page)
    edit(page)
    second = place(page)
    press(page, "k")
    third = place(page)
    press(page, "k")
    press(page, "u")
    assert place(page) == third
    press(page, "d")

    sign_in(other, served, "花")
    assert place(other) == first, "each decides without the other"
    edit(other)
    press(other, "k")
    assert place(other) == third
    press(other, "k")
    kinds = [(one.reviewer, one.record_id, one.kind) for one in decided(served)]
    assert [kind for who, _, kind in kinds if who == "mika"] == [
        "edit", "keep", "keep", "undo", "drop",
    ]  # fmt: skip
    assert [(at, kind) for who, at, kind in kinds if who == "花"] == [
        (first, "edit"), (second, "keep"), (third, "keep"),
    ]  # fmt: skip

    turn(other, "Overview")
    told = other.get_by_test_id("stMetric").filter(has_text="Agreement")
    expect(told).to_contain_text("66.7%", timeout=SOON)
    expect(told).to_contain_text("from 3")
    mika.close()
    hana.close()

    done = export(served)
    report = reviewed(served).report
    assert wrong(done, report, first) == []
    outcome = dict(done.ledger.select("record_id", "outcome").iter_rows())
    assert outcome[third] not in ("changed", "dropped"), "two people differ on it"
    sources = [file.read_bytes() for file in (served.where.parent / "demo").iterdir()]
    assert not any(TYPED.encode() in source for source in sources)
    assert curate(served.where.parent, "log", first).count("edit") >= 2
    # Twins that the same reading must catch: the edit twice, lost, elsewhere; a record lost.
    ids = done.records["answer"].fill_null("").str.ends_with(TYPED)
    twice = pl.concat([done.records, done.records.filter(ids)])
    lost = done.records.with_columns(answer=pl.col("answer").str.strip_suffix(TYPED))
    spread = done.records.with_columns(answer=pl.col("answer") + TYPED)
    for twin in (twice, lost, spread, done.records.head(-1)):
        assert wrong(Exported(twin, done.ledger, ""), report, first)
    short = Exported(done.records, done.ledger.head(-1), "")
    assert wrong(short, report, first)
