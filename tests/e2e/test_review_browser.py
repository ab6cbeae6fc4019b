"""Review by keys: a real server and a real browser, on the demo's findings."""

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
    settled,
    sign_in,
    soon,
    strike,
    write,
)

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
    write(page, "Answer", " kept and dropped")  # letters that are keys elsewhere
    press(page, "Control+s")
    [made] = decided(served)
    assert (made.record_id, made.kind) == (edited, "edit")
    change = made.payload["changes"]["answer"]
    assert change["new"] == change["old"] + " kept and dropped"


def test_a_double_click_counts_once(page: Page, served: Server) -> None:
    sign_in(page, served)
    for n in range(1, 6):
        before = place(page)
        settled(page)
        page.get_by_role("button", name=re.compile("^Keep")).first.dblclick()
        soon(lambda before=before: place(page) != before)  # type: ignore[misc]
        soon(lambda n=n: len(decided(served)) >= n)  # type: ignore[misc]
        settled(page)
        assert len(decided(served)) == n


def test_what_is_typed_survives_a_killed_server(page: Page, served: Server) -> None:
    sign_in(page, served)
    record = place(page)
    write(page, "Answer", " typed and never sent")
    assert drafted(served, record, " typed and never sent", within=10_000)  # as it is promised
    served.kill()
    served.start()
    sign_in(page, served)
    assert place(page) == record
    expect(page.get_by_role("textbox", name="Answer")).to_have_value(
        re.compile(" typed and never sent$"), timeout=SOON
    )
    assert decided(served) == []


def test_another_language_keeps_the_record_and_the_keys(page: Page, served: Server) -> None:
    sign_in(page, served)
    press(page, "n")
    before = place(page)
    page.get_by_role("radio", name="日本語").or_(page.get_by_text("日本語")).first.click()
    expect(page.get_by_text("並び順")).to_be_visible(timeout=SOON)
    order = page.get_by_role("combobox", name="並び順")
    expect(order).to_have_value("重大なものから", timeout=SOON)
    assert place(page) == before
    press(page, "k")
    assert [one.record_id for one in decided(served)] == [before]


def test_a_comment_is_written_and_tabs_are_turned_without_the_mouse(
    page: Page, served: Server
) -> None:
    sign_in(page, served)
    record = place(page)
    strike(page, "w")
    reason = page.get_by_role("textbox", name="Reason or comment")
    expect(reason).to_be_focused(timeout=SOON)
    page.keyboard.type("ask the kitchen, wmt")  # letters that are keys elsewhere
    page.keyboard.press("Enter")
    expect(reason).not_to_be_focused(timeout=SOON)
    strike(page, "m")
    expect(page.get_by_text("Your comment is kept")).to_be_visible(timeout=SOON)
    [said] = decided(served)
    assert (said.record_id, said.kind, said.reason) == (record, "comment", "ask the kitchen, wmt")
    assert place(page) == record
    for title in ("Guidelines", "History", "Findings"):
        strike(page, "t")
        expect(page.get_by_role("tab", name=title, selected=True)).to_be_visible(timeout=SOON)
    press(page, "k")
    assert [one.kind for one in decided(served)] == ["comment", "keep"]


def test_a_reason_typed_from_another_tab_decides_nothing(page: Page, served: Server) -> None:
    sign_in(page, served)
    record = place(page)
    strike(page, "t")
    expect(page.get_by_role("tab", name="Guidelines", selected=True)).to_be_visible(timeout=SOON)
    strike(page, "w")
    page.keyboard.type("duplicate of the one above")  # at once: d and u are keys elsewhere
    expect(page.get_by_role("textbox", name="Reason or comment")).to_be_focused(timeout=SOON)
    page.keyboard.type(" it is")
    page.keyboard.press("Enter")
    strike(page, "m")
    expect(page.get_by_text("Your comment is kept")).to_be_visible(timeout=SOON)
    [said] = decided(served)
    assert (said.record_id, said.kind) == (record, "comment")
    assert (said.reason or "").endswith(" it is")
    assert place(page) == record


def test_no_key_reaches_the_record_behind_the_help(page: Page, served: Server) -> None:
    sign_in(page, served)
    record = place(page)
    strike(page, "h")
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible(timeout=SOON)
    strike(page, "d")
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible(timeout=SOON)
    settled(page)
    assert (place(page), decided(served)) == (record, [])
    press(page, "d")
    assert [one.kind for one in decided(served)] == ["drop"]


def test_a_category_is_kept_while_it_is_typed(page: Page, served: Server) -> None:
    sign_in(page, served)
    record = place(page)
    strike(page, "e")
    box = page.get_by_role("textbox", name="Category")
    expect(box).to_be_visible(timeout=SOON)
    settled(page)
    box.focus()
    page.keyboard.type("kitchen")
    assert drafted(served, record, "kitchen", within=10_000)  # as it is promised
    expect(box).to_be_focused()
    page.keyboard.type(" work")
    expect(box).to_have_value(re.compile("kitchen work$"))


def test_keys_work_after_an_order_was_chosen(page: Page, served: Server) -> None:
    sign_in(page, served)
    settled(page)
    page.get_by_role("combobox", name="Order").click()
    page.get_by_role("option", name="In the order of the files").click()
    settled(page)
    press(page, "n")
    press(page, "k")
    assert [one.kind for one in decided(served)] == ["keep"]


def test_keys_work_after_the_filters_were_used(page: Page, served: Server) -> None:
    """By mouse, by keys, and by the switch for where people differ."""

    def said(*kinds: str) -> None:
        soon(lambda: [one.kind for one in decided(served)] == [*kinds])

    sign_in(page, served)
    settled(page)
    page.get_by_role("combobox", name="Check").click()
    page.get_by_role("option", name="empty-answer").click()
    strike(page, "k")
    said("keep")
    settled(page)
    page.get_by_role("combobox", name="Source").focus()
    page.keyboard.type("data.jsonl")
    expect(page.get_by_role("option", name="data.jsonl")).to_be_visible(timeout=SOON)
    page.keyboard.press("Enter")
    strike(page, "d")
    said("keep", "drop")
    settled(page)
    page.get_by_text("Only where reviewers differ").click()
    strike(page, "u")
    said("keep", "drop", "undo")


def test_the_reason_of_an_edit_is_kept(page: Page, served: Server) -> None:
    sign_in(page, served)
    strike(page, "w")
    reason = page.get_by_role("textbox", name="Reason or comment")
    expect(reason).to_be_focused(timeout=SOON)
    page.keyboard.type("as the handbook says")
    page.keyboard.press("Enter")
    expect(reason).not_to_be_focused(timeout=SOON)
    write(page, "Answer", " See page 3.")
    expect(reason).to_have_value("as the handbook says")
    press(page, "Control+s")
    assert [(one.kind, one.reason) for one in decided(served)] == [("edit", "as the handbook says")]


def test_a_reload_goes_on_where_it_was(page: Page, served: Server) -> None:
    sign_in(page, served, "花子")
    press(page, "n")
    record = place(page)
    page.reload()
    expect(page.get_by_role("button", name=re.compile("^Keep"))).to_be_visible(timeout=SOON)
    assert place(page) == record
    press(page, "k")
    assert [(one.reviewer, one.record_id) for one in decided(served)] == [("花子", record)]
