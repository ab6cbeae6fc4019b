"""No page mixes languages: in Japanese no English sentence of ours, in English nothing Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import review_app
from curate.locale import catalogue, translator
from curate.review.settings import change
from curate.store import guidelines
from curate.store.database import Connection
from curate.store.decision import KINDS
from review_app import charts
from review_app.desk import Desk
from tests.review_app.conftest import draw

PAGES = sorted(
    file.stem
    for file in (Path(review_app.__file__).parent / "pages").glob("*.py")
    if file.stem != "__init__"
)
OURS = (
    "markdown", "caption", "info", "warning", "error", "success", "header", "subheader", "title",
)  # fmt: skip
WIDGETS = (
    "button", "selectbox", "multiselect", "text_input", "text_area", "radio", "toggle", "slider",
    "checkbox", "metric", "expander", "tabs",
)  # fmt: skip
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
WORDS = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,})+")  # two English words in a row
PEOPLE = ("太郎", "日本語")
THEIRS = "people wrote this"  # instead of guidelines, which are in whatever language


def said(at: AppTest) -> Iterator[str]:
    """Everything on the page that is ours to say: texts, labels, heads of tables."""
    for kind in OURS:
        yield from (str(one.value) for one in getattr(at, kind, ()))
    for kind in WIDGETS:
        for one in getattr(at, kind, ()):
            yield str(one.label)
            yield str(getattr(one, "help", None) or "")
            yield str(getattr(one, "placeholder", None) or "")
    for table in at.dataframe:
        yield from map(str, table.value.columns)


def english_of(text: str) -> list[str]:
    """English in a Japanese page: a whole sentence of the catalogue, or two words in a row."""
    if text == THEIRS or text in catalogue("ja").values():
        return []
    known = text in catalogue("ja") and text not in KINDS
    return [text] if known or WORDS.search(text) else []


def drawn(name: str, desk: Desk) -> Iterator[AppTest]:
    """The page as it opens, and as it looks after a first step."""
    at = draw(name, desk)
    yield at
    if name == "history":
        yield at.text_input[0].set_value(next(iter(desk.review.queue())).records[0]).run()
    if name == "bulk":
        yield at.segmented_control(key=f"way-{desk.locale}").set_value("policy").run()
    if name == "guidelines":
        yield at.button(key="write").click().run()


def last(on: Connection) -> int:
    now = guidelines.newest(on)
    return now.version if now else 0


def in_language(desk: Desk, locale: str) -> Desk:
    store = desk.review.store
    change(store, "double_share", 0.4)
    store.write(lambda on: guidelines.write(store, on, THEIRS, "太郎", last(on)))
    sentences = desk.review.report.document.get("sentences")
    return replace(desk, locale=locale, t=translator(locale, sentences), reviewer="太郎")


@pytest.mark.parametrize("name", PAGES)
def test_the_japanese_page_has_no_english(name: str, desk: Desk) -> None:
    for at in drawn(name, in_language(desk, "ja")):
        assert not at.exception
        assert [one for text in said(at) for one in english_of(text)] == []
        assert any(JAPANESE.search(text) for text in said(at))


@pytest.mark.parametrize("name", PAGES)
def test_the_english_page_has_no_japanese(name: str, empty_desk: Desk) -> None:
    for at in drawn(name, in_language(empty_desk, "en")):
        assert not at.exception
        left = [text for text in said(at) if JAPANESE.search(text)]
        assert [text for text in left if not any(one in text for one in PEOPLE)] == []


def test_what_the_data_says_of_a_record_is_named_in_its_language(empty_desk: Desk) -> None:
    for locale, named in (("ja", "カテゴリ: "), ("en", "Category: ")):
        at = draw("review", in_language(empty_desk, locale))
        assert any(named in one.value for one in at.text)
        assert not any("category: " in one.value for one in at.text)


@pytest.mark.parametrize("word", charts.COLOURS)
def test_what_charts_name_has_japanese(word: str) -> None:
    assert JAPANESE.search(translator("ja")(word))


def test_a_mixed_page_is_caught() -> None:
    def twin() -> None:
        import streamlit as st

        st.caption("判定済み")
        st.caption("Nothing is decided yet.")

    at = AppTest.from_function(twin).run()
    assert [one for text in said(at) for one in english_of(text)] == ["Nothing is decided yet."]
