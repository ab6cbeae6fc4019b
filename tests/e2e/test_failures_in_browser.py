"""A model's failures decided by keys: a real server and a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from curate.intake import take_in
from curate.review.failing import about
from curate.store import failures as kept
from tests import traced_run
from tests.curate.review.failed_run import records, reviewing, run_folder, workspace
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
    strike,
    turn,
)

pytestmark = pytest.mark.browser

WRONG = [
    {"n": 1, "answer": "It was founded in 2013."},
    {"n": 4, "answer": "青川チャンネルは2013年に設立されました。"},
]


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[tuple[Server, list[str]]]:
    """A served review whose model failed twice; the ids of its records."""
    where, report = workspace(tmp_path)
    review, found = reviewing(where, report), records(report)
    take_in(where, run_folder(tmp_path, found, WRONG), review.store)
    review.store.engine.dispose()
    server = Server(where.path, tmp_path / "server.log")
    server.start()
    yield server, list(found["record_id"])
    server.kill()


def verdicts(server: Server) -> list[str]:
    return [about(one)["verdict"] for one in reviewed(server).store.read(kept.answers)]


def test_failures_are_decided_without_the_mouse(
    page: Page, failing: tuple[Server, list[str]]
) -> None:
    server, ids = failing
    first, second = f"failure-{ids[1]}", f"failure-{ids[4]}"
    sign_in(page, server, query=f"?record={first}")
    expect(page.get_by_text("It was founded in ⟦2013⟧.")).to_be_visible(timeout=SOON)

    strike(page, "2")  # training records taught it
    expect(page.get_by_role("button", name="Open 1")).to_be_visible(timeout=SOON)
    strike(page, "1")
    ticked = page.get_by_role("button", name=re.compile(r"^Open 1\b")).get_by_text("check_box")
    expect(ticked).to_have_text("check_box", timeout=SOON)
    press(page, "Control+s")
    soon(lambda: verdicts(server) == ["training-records-wrong"])
    [said] = reviewed(server).store.read(kept.answers)
    assert about(said)["opens"] == [ids[0]]

    assert place(page) == f"opened-{ids[0]}"
    expect(page.get_by_text("Opened because a model answered this wrongly")).to_be_visible()
    press(page, "d")
    soon(lambda: [one.kind for one in decided(server) if one.record_id == ids[0]] == ["drop"])
    press(page, "u")
    assert place(page) == f"opened-{ids[0]}"
    press(page, "n")

    assert place(page) == second
    strike(page, "4")  # the recipe is at fault
    box = page.get_by_role("textbox", name="Note for the recipe")
    expect(box).to_be_visible(timeout=SOON)
    settled(page)
    box.focus()
    page.keyboard.type("12345 more steps")  # numbers that are keys elsewhere
    press(page, "Control+s")
    soon(lambda: len(verdicts(server)) == 2)
    assert decided(server)[-1].reason == "12345 more steps"


def test_a_rule_is_tried_and_drafted_without_the_mouse(
    page: Page, failing: tuple[Server, list[str]]
) -> None:
    server, ids = failing
    sign_in(page, server, query=f"?record=failure-{ids[1]}")
    strike(page, "5")
    box = page.get_by_role("textbox", name="Rule (YAML)")
    expect(box).to_be_visible(timeout=SOON)
    settled(page)
    box.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(
        "wrong-year:\n  says: 'a wrong year'\n  field: answer\n  severity: error\n"
        "  matches: 'in 2013'\n  bad: ['in 2013']\n  good: ['in 2014']\n"
    )
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of 8 records found")).to_be_visible(timeout=SOON)
    press(page, "Control+s")
    soon(lambda: verdicts(server) == ["rule-missing"])
    assert [one.name[:5] for one in (server.where / "written").iterdir()] == ["rule-"]


def test_the_failures_page_leads_into_the_review(
    page: Page, failing: tuple[Server, list[str]]
) -> None:
    server, ids = failing
    sign_in(page, server)
    turn(page, "Failures")
    expect(page.get_by_role("button", name="Review this failure")).to_be_visible(timeout=SOON)
    settled(page)
    page.get_by_role("button", name="Review this failure").click()
    soon(lambda: place(page) == f"failure-{ids[1]}")
    expect(page.get_by_text("It was founded in ⟦2013⟧.")).to_be_visible(timeout=SOON)


@pytest.fixture
def traced(tmp_path: Path) -> Iterator[tuple[Server, list[str]]]:
    """A served review of a run that kept traces; the ids of its records."""
    where, report = traced_run.workspace(tmp_path)
    review, found = reviewing(where, report), traced_run.records(report)
    take_in(where, traced_run.run_folder(tmp_path, where, found), review.store)
    review.store.engine.dispose()
    server = Server(where.path, tmp_path / "server.log")
    server.start()
    yield server, list(found["record_id"])
    server.kill()


def test_from_a_failure_to_the_records_behind_it_and_back(
    page: Page, traced: tuple[Server, list[str]]
) -> None:
    server, ids = traced
    failure = f"failure-{ids[traced_run.ENGLISH]}"
    sign_in(page, server, query=f"?record={failure}")
    expect(page.get_by_text("Most likely: ")).to_be_visible(timeout=SOON)
    press(page, "o")
    first = place(page).removeprefix("opened-")
    assert first in (ids[0], ids[1])
    expect(page.get_by_text("Record 1 of ")).to_be_visible(timeout=SOON)
    press(page, "d")
    expect(page.get_by_text("Record 2 of ")).to_be_visible(timeout=SOON)
    press(page, "b")
    assert place(page) == failure
    strike(page, "2")
    ticked = page.get_by_role("button", name=re.compile(r"^Open 1\b")).get_by_text("check_box")
    expect(ticked).to_have_text("check_box", timeout=SOON)
    press(page, "Control+s")
    soon(lambda: verdicts(server) == ["training-records-wrong"])
    dropped = {one.record_id for one in decided(server) if one.kind == "drop"}
    assert dropped >= {ids[0], ids[1], f"opened-{first}"}, "its copy went with it"
