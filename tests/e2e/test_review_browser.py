"""Review by keys: a real server and a real browser, on the demo's findings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.served import Server, decided, place, press, sign_in, soon

pytestmark = pytest.mark.browser


def test_a_review_by_keys(page: Page, served: Server) -> None:
    sign_in(page, served)
    first = place(page)
    press(page, "k")
    second = place(page)
    press(page, "d")
    third = place(page)
    press(page, "s")
    soon(lambda: len(decided(served)) == 3)
    kinds = {one.record_id: one.kind for one in decided(served)}
    assert kinds == {first: "keep", second: "drop", third: "skip"}

    press(page, "u")
    assert place(page) == third
    assert decided(served)[-1].kind == "undo"
    press(page, "n")
    assert place(page) != third
    press(page, "p")
    assert place(page) == third
    assert all(one.reviewer == "mika" for one in decided(served))


def test_an_edit_is_typed_and_saved_without_the_mouse(page: Page, served: Server) -> None:
    sign_in(page, served)
    edited = place(page)
    page.keyboard.press("e")
    box = page.get_by_role("textbox", name="Answer")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" kept and dropped")  # letters that are keys elsewhere
    press(page, "Control+s")
    [made] = decided(served)
    assert (made.record_id, made.kind) == (edited, "edit")
    change = made.payload["changes"]["answer"]
    assert change["new"] == change["old"] + " kept and dropped"


def test_a_double_click_counts_once(page: Page, served: Server) -> None:
    sign_in(page, served)
    for n in range(1, 6):
        before = place(page)
        page.get_by_role("button", name=re.compile("^Keep")).first.dblclick()
        soon(lambda before=before: place(page) != before)  # type: ignore[misc]
        soon(lambda n=n: len(decided(served)) >= n)  # type: ignore[misc]
        page.wait_for_timeout(500)
        assert len(decided(served)) == n


def test_what_is_typed_survives_a_killed_server(page: Page, served: Server) -> None:
    sign_in(page, served)
    record = place(page)
    page.keyboard.press("e")
    box = page.get_by_role("textbox", name="Answer")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" typed and never sent")
    page.wait_for_timeout(10_000)  # the promise: at most the last ten seconds are lost
    served.kill()
    served.start()
    sign_in(page, served)
    assert place(page) == record
    expect(page.get_by_role("textbox", name="Answer")).to_have_value(
        re.compile(" typed and never sent$")
    )
    assert decided(served) == []
