"""A server that is killed while somebody types: no decision is lost, and at most ten seconds of text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.served import (
    SOON,
    Server,
    decided,
    drafted,
    place,
    press,
    sign_in,
    strike,
    turn,
    write,
)

pytestmark = pytest.mark.browser

AT_MOST = 10_000  # milliseconds of typing that may be lost


def answer(page: Page) -> str:
    return page.get_by_role("textbox", name="Answer").input_value()


def type_until_killed(page: Page, server: Server, typed: str) -> str:
    """Type, and go on typing until the server dies; which record it was on."""
    record = place(page)
    write(page, "Answer", typed)
    drafted(server, record, typed, within=AT_MOST)
    page.keyboard.type(" and what is too new")
    server.kill()
    return record


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
def test_no_decision_is_lost_and_little_of_a_draft(page: Page, served: Server, kills: int) -> None:
    acknowledged: dict[str, str] = {}
    sign_in(page, served)
    for nth in range(kills):
        kept = place(page)
        press(page, "k")
        acknowledged[kept] = "keep"
        typed = f" typed before the kill {nth}, 途中{nth}"
        record = type_until_killed(page, served, typed)
        served.start()
        sign_in(page, served)
        assert place(page) == record
        expect(page.get_by_role("textbox", name="Answer")).to_have_value(
            re.compile(re.escape(typed)), timeout=SOON
        )
        press(page, "Control+s")
        acknowledged[record] = "edit"
    log = [one for one in decided(served) if one.seconds is not None]  # of a cluster, the one shown
    kinds = {one.record_id: one.kind.replace("choose", "keep") for one in log}
    assert kinds == acknowledged
    assert len(log) == len(acknowledged) == 2 * kills


def test_a_reason_and_a_guideline_outlive_a_server(page: Page, served: Server) -> None:
    """Both are typed without leaving the box, and come back to whoever typed them."""
    sign_in(page, served)
    record = place(page)
    strike(page, "w")
    reason = page.get_by_role("textbox", name="Reason or comment")
    expect(reason).to_be_focused(timeout=SOON)
    page.keyboard.type("理由: unclear")
    assert drafted(served, record, "理由: unclear", within=AT_MOST)
    page.keyboard.press("Escape")
    turn(page, "Guidelines")
    page.get_by_role("button", name="Edit").click()
    rules = page.get_by_role("textbox", name="Text (Markdown)")
    rules.focus()
    page.keyboard.type("敬体で書く")
    assert drafted(served, "guidelines", "敬体で書く", within=AT_MOST)
    served.kill()
    served.start()
    sign_in(page, served)
    assert place(page) == record
    expect(reason).to_have_value("理由: unclear", timeout=SOON)
    turn(page, "Guidelines")
    expect(rules).to_have_value(re.compile("敬体で書く"), timeout=SOON)


def test_a_server_that_keeps_no_draft_is_caught(page: Page, forgetful: Server) -> None:
    sign_in(page, forgetful)
    record = type_until_killed(page, forgetful, " typed and gone")
    forgetful.start()
    sign_in(page, forgetful)
    assert place(page) == record
    strike(page, "e")
    assert "typed and gone" not in answer(page)
