"""A connection that is cut while somebody types: text and record are theirs when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from curate.review.settings import change
from curate.store.refusals import Refused
from tests.e2e.cable import Cable
from tests.e2e.served import (
    SOON,
    Server,
    decided,
    drafted,
    place,
    press,
    reviewed,
    settled,
    sign_in,
    soon,
    strike,
    write,
)

pytestmark = pytest.mark.browser

AT_MOST = 10_000  # milliseconds of typing that may be lost
LEASE = 2.0  # seconds
TYPED = " typed before the cut, 途中"
NEWER = " and what is too new"


@contextmanager
def cabled(server: Server) -> Iterator[Cable]:
    """A cable to the server, whose address is now the cable's."""
    cable = Cable(server.port)
    server.url = cable.url
    try:
        yield cable
    finally:
        cable.close()


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Answer")


def type_until_cut(page: Page, server: Server, cable: Cable) -> str:
    """Type, and go on typing until the connection is cut; which record it was on."""
    record = place(page)
    write(page, "Answer", TYPED)
    assert drafted(server, record, TYPED, within=AT_MOST)
    page.keyboard.type(NEWER)
    cable.cut()
    expect(box(page)).to_be_disabled(timeout=SOON)
    return record


def taken(server: Server, record: str, name: str) -> bool:
    """Whether another can have the record."""
    review = reviewed(server)
    try:
        review.pick(name, record)
    except Refused:
        return False
    finally:
        review.store.engine.dispose()
    return True


@pytest.mark.parametrize(
    "seconds",
    [1, pytest.param(30, marks=pytest.mark.long), pytest.param(150, marks=pytest.mark.long)],
)
def test_text_and_record_outlive_a_cut(page: Page, served: Server, seconds: int) -> None:
    with cabled(served) as cable:
        sign_in(page, served)
        record = type_until_cut(page, served, cable)
        whole = box(page).input_value()
        assert whole.endswith(TYPED + NEWER)
        page.wait_for_timeout(1000 * seconds)
        assert not taken(served, record, "hana")
        cable.mend()
        expect(box(page)).to_be_enabled(timeout=SOON)
        settled(page)
        assert box(page).input_value() == whole
        box(page).focus()  # the cut took it
        page.keyboard.press("Control+End")
        page.keyboard.type(" and goes on")
        assert drafted(served, record, NEWER + " and goes on", within=AT_MOST)
        assert place(page) == record
        press(page, "Control+s")
        [made] = decided(served)
        assert (made.record_id, made.kind, made.reviewer) == (record, "edit", "mika")
        assert made.payload["changes"]["answer"]["new"] == whole + " and goes on"


def test_a_record_that_another_took_meanwhile_is_theirs(page: Page, served: Server) -> None:
    store = reviewed(served).store
    change(store, "lease_seconds", LEASE)
    with cabled(served) as cable:
        sign_in(page, served)
        record = type_until_cut(page, served, cable)
        change(store, "lease_seconds", 300.0)
        soon(lambda: taken(served, record, "hana"))
        cable.mend()
        expect(page.get_by_text("Your time on this record ran out")).to_be_visible(timeout=SOON)
        press(page, "k")
        assert record not in [one.record_id for one in decided(served)]
        assert drafted(served, record, TYPED, within=AT_MOST)
    store.engine.dispose()


def after_a_reload(page: Page, server: Server) -> str:
    """What the editor holds once the connection is back and the page loaded anew."""
    with cabled(server) as cable:
        sign_in(page, server)
        record = place(page)
        write(page, "Answer", TYPED)
        drafted(server, record, TYPED, within=AT_MOST)
        cable.cut()
        expect(box(page)).to_be_disabled(timeout=SOON)
        cable.mend()
        page.reload()
        settled(page)
        assert place(page) == record
        if not box(page).count():
            strike(page, "e")
        expect(box(page)).to_be_visible(timeout=SOON)
        return box(page).input_value()


def test_a_reload_after_a_cut_brings_the_draft(page: Page, served: Server) -> None:
    assert after_a_reload(page, served).endswith(TYPED)


def test_a_server_that_keeps_no_draft_is_caught(page: Page, forgetful: Server) -> None:
    assert TYPED not in after_a_reload(page, forgetful)
