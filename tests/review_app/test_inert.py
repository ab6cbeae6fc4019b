"""Record text reaches the screen only through widgets that show characters and nothing else.

Two nets: the source holds no way to HTML, and a record whose every text carries a word is drawn on
every page, where that word may only stand in what is inert.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import review_app
from curate.audit import audit
from curate.review.shown import Shown
from curate.store import guidelines
from review_app.desk import Desk
from tests.review_app.conftest import at_desk, draw

SOURCE = Path(review_app.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
PAGES = sorted(file.stem for file in (SOURCE / "pages").glob("*.py") if file.stem != "__init__")

NEVER = re.compile(r"unsafe_allow_html|\bst\.html\b|\bst\.components\b|components\.v\d|iframe")
RENDERING = {  # they read their first text as Markdown
    "markdown", "write", "title", "header", "subheader", "caption", "info", "warning", "error",
    "success", "toast", "badge", "latex", "button", "checkbox", "toggle", "radio", "metric",
}  # fmt: skip
OF_RECORDS = re.compile(
    r"\b(record|showing|payload|change|draft|answer|prompt|decision|entry|reviewer|find)\b\s*[.\[]"
)
INERT = {
    "text", "code", "text_area", "text_input", "json", "dataframe", "selectbox", "multiselect",
    "vega_lite_chart",
}  # fmt: skip
SCRIPT = SOURCE / "keyboard.py"  # the one script of the app; docs/decisions/ says why
WORD = "qzx"
TRAP = f"![{WORD}](http://127.0.0.1:9/{WORD}) <b>{WORD}</b> **{WORD}** :red[{WORD}]"


def ways_to_html(source: str) -> list[str]:
    return NEVER.findall(source)


def rendered(source: str) -> Iterator[str]:
    """What is given to functions that read Markdown, as written in the source."""
    for node in ast.walk(ast.parse(source)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in RENDERING:
            yield from map(ast.unparse, node.args[:1])


def test_the_nets_catch_what_they_should() -> None:
    assert ways_to_html('st.markdown(x, unsafe_allow_html=True)\nst.html("a")')
    assert ways_to_html("import streamlit.components.v1 as c")
    [given] = rendered("st.markdown(f'**{record[0]}**')")
    assert OF_RECORDS.search(given)
    [given] = rendered('st.caption(desk.t("Answer"))')
    assert not OF_RECORDS.search(given)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_source_has_a_way_to_html(file: Path) -> None:
    allowed = ["st.components"] if file == SCRIPT else []
    assert [one for one in ways_to_html(file.read_text("utf-8")) if one not in allowed] == []


def test_the_one_script_is_fixed_and_is_handed_no_data() -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]
    [made] = [one for one in calls if ast.unparse(one.func).endswith(".component")]
    [mounted] = [one for one in calls if ast.unparse(one.func) == "_mounted"]
    assert {keyword.arg for keyword in made.keywords} == {"js"}
    assert {keyword.arg for keyword in mounted.keywords} <= {"key", "height"}
    assert not mounted.args


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_source_gives_record_text_to_markdown(file: Path) -> None:
    given = rendered(file.read_text(encoding="utf-8"))
    assert [one for one in given if OF_RECORDS.search(one)] == []


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A review of records that are nothing but traps, by a person who is named like one."""
    folder = tmp_path_factory.mktemp("trapped")
    records = [
        {"instruction": f"{TRAP} {n % 2}", "output": f"{TRAP} ```\n{n}", "category": TRAP[:60]}
        for n in range(6)
    ]
    audit(records, workspace=folder / ".curate")
    desk = at_desk(folder / ".curate", reviewer=TRAP[:40])
    store = desk.review.store
    store.write(lambda on: guidelines.write(store, on, "Be brief.", TRAP))
    shown = desk.review.claim(desk.reviewer)
    assert isinstance(shown, Shown)
    edit = {"changes": {"answer": {"old": TRAP, "new": f"{TRAP} {TRAP}"}}}
    desk.review.decide(shown, "edit", edit, reason=TRAP)
    return desk


def alive(at: AppTest) -> list[str]:
    """The kinds of elements in which the word stands and could run or fetch something."""
    found = []
    for element in (*at.main, *at.sidebar):
        proto = getattr(element, "proto", None)
        kind = getattr(element, "type", "")
        told = getattr(proto, "label", "") if kind in INERT else str(proto)
        if proto is not None and WORD in told:
            found.append(kind)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_traps_stand_only_in_inert_elements(name: str, trapped: Desk) -> None:
    import_module(f"review_app.pages.{name}")
    at = draw(name, trapped)
    if name == "history":
        first = next(iter(trapped.review.queue())).records[0]
        at.text_input[0].set_value(first).run()
        assert not at.exception
    assert alive(at) == []


def test_a_page_that_renders_a_trap_is_caught() -> None:
    def twin() -> None:
        import streamlit as st

        with st.container():
            st.text("qzx")
            st.text_area("Answer", "qzx")
            st.markdown("![qzx](http://127.0.0.1:9/)")

    assert alive(AppTest.from_function(twin).run()) == ["markdown"]
