"""Review by keys: a real server and a real browser, on the demo's findings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.served import Server, decided, place, press, settled, sign_in, soon

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


def test_another_language_keeps_the_record_and_the_keys(page: Page, served: Server) -> None:
    sign_in(page, served)
    press(page, "n")
    before = place(page)
    page.get_by_role("radio", name="日本語").or_(page.get_by_text("日本語")).first.click()
    expect(page.get_by_text("並び順")).to_be_visible(timeout=60_000)
    order = page.get_by_role("combobox", name="並び順")
    expect(order).to_have_value("重大なものから", timeout=60_000)
    settled(page)
    assert place(page) == before
    press(page, "k")
    assert [one.record_id for one in decided(served)] == [before]
