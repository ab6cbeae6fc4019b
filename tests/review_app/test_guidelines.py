"""Guidelines: written in the app, every version kept, and no image of theirs is ever asked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from curate.store import guidelines
from review_app.desk import Desk
from review_app.pages.guidelines import differences, without_images
from tests.hostile import PAYLOADS
from tests.review_app.conftest import draw


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def test_the_first_version_is_written_in_the_app(empty_desk: Desk) -> None:
    at = draw("guidelines", empty_desk)
    at = press(at, "write")
    at.text_area[0].set_value("簡潔に、敬体で。")
    at = press(at, "save")
    [kept] = empty_desk.review.store.read(guidelines.versions)
    assert (kept.text, kept.reviewer) == ("簡潔に、敬体で。", "Mika")
    assert "簡潔に、敬体で。" in [one.value for one in at.markdown]
    assert list(at.dataframe[0].value["By"]) == ["Mika"]


def test_versions_are_compared(desk: Desk) -> None:
    at = draw("guidelines", desk)
    assert list(at.dataframe[0].value["By"]) == ["太郎", "Mika"]
    assert "+2. 敬体（です・ます）で書きます。" in at.code[0].value


def test_cancelling_writes_nothing(desk: Desk) -> None:
    at = press(draw("guidelines", desk), "write")
    at.text_area[0].set_value("no")
    press(at, "cancel")
    assert len(desk.review.store.read(guidelines.versions)) == 2


def test_who_was_slower_is_told_and_keeps_what_they_typed(desk: Desk) -> None:
    store = desk.review.store
    at = press(draw("guidelines", desk), "write")
    at.text_area[0].set_value("mine")
    store.write(lambda on: guidelines.write(store, on, "theirs", "太郎", after=2))
    at = press(at, "save")
    assert len(store.read(guidelines.versions)) == 3
    assert at.text_area[0].value == "mine"
    assert "太郎 wrote version 3 meanwhile" in at.text[0].value
    press(at, "save")
    assert [one.text for one in store.read(guidelines.versions)][:2] == ["mine", "theirs"]


def test_what_is_typed_is_a_draft_until_it_is_saved(desk: Desk) -> None:
    at = press(draw("guidelines", desk), "write")
    at.text_area[0].set_value("途中まで").run()
    assert len(desk.review.store.read(guidelines.versions)) == 2
    again = draw("guidelines", desk)  # another session of the same person
    assert again.text_area[0].value == "途中まで"
    press(again, "save")
    newest = desk.review.store.read(guidelines.newest)
    assert newest is not None
    assert newest.text == "途中まで"
    assert not draw("guidelines", desk).text_area


def test_a_draft_that_is_cancelled_is_gone(desk: Desk) -> None:
    at = press(draw("guidelines", desk), "write")
    at.text_area[0].set_value("no").run()
    press(at, "cancel")
    assert not draw("guidelines", desk).text_area


def test_a_draft_does_not_forget_which_version_it_follows(desk: Desk) -> None:
    store = desk.review.store
    at = press(draw("guidelines", desk), "write")
    at.text_area[0].set_value("mine").run()
    store.write(lambda on: guidelines.write(store, on, "theirs", "太郎", after=2))
    again = press(draw("guidelines", desk), "save")
    assert "太郎 wrote version 3 meanwhile" in again.text[0].value
    assert len(store.read(guidelines.versions)) == 3


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_image_can_begin(payload: str) -> None:
    assert not re.search(r"(?<!\\)!\[", without_images(payload))


@given(st.text(alphabet="![]()\\ax\n`&#;", max_size=30))
def test_no_image_can_begin_whatever_stands_before_it(text: str) -> None:
    assert "![" not in without_images(text)


def test_differences_of_equal_texts_are_none() -> None:
    assert differences("a\nb", "a\nb") == ""
    assert differences("a\nb", "a\nc") == "@@ -1,2 +1,2 @@\n a\n-b\n+c"
