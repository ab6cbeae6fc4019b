"""A desk with an afternoon's work on it: the demo, audited, and two people who have decided."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bench.app_pictures import workspace
from curate import demo
from curate.audit import audit
from curate.locale import translator
from curate.review import open_review
from curate.workspace import Workspace
from review_app.desk import Desk

SECONDS = 60  # a page has to draw itself; the machine may be busy

Draw = Callable[[str, Desk], AppTest]


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Streamlit puts the page in place of `__main__`, which later tests' processes would run."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def afternoon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that 70 decisions were made in; copied, never used itself."""
    return workspace(tmp_path_factory.mktemp("afternoon")).path


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an audit and no decision."""
    folder = tmp_path_factory.mktemp("morning")
    demo.write(folder)
    audit(folder / "data.jsonl", workspace=folder / ".curate", only=["empty-answer"])
    return folder / ".curate"


def at_desk(folder: Path, reviewer: str = "Mika", locale: str = "en") -> Desk:
    """A desk in this workspace."""
    where = Workspace(folder)
    return Desk(open_review(where), reviewer, translator(locale), locale, where)


@pytest.fixture
def desk(afternoon: Path, tmp_path: Path) -> Iterator[Desk]:
    """Mika's desk in a copy of the afternoon, in English."""
    made = at_desk(Path(shutil.copytree(afternoon, tmp_path / "afternoon")))
    yield made
    made.review.store.engine.dispose()


@pytest.fixture
def empty_desk(morning: Path, tmp_path: Path) -> Iterator[Desk]:
    """Mika's desk before anybody has decided anything."""
    made = at_desk(Path(shutil.copytree(morning, tmp_path / "morning")))
    yield made
    made.review.store.engine.dispose()


def only_page() -> None:
    """What the app does once somebody has signed in, for one page."""
    from importlib import import_module

    import streamlit as st

    import_module(f"review_app.pages.{st.session_state['page']}").page(st.session_state["desk"])


def draw(name: str, desk: Desk) -> AppTest:
    """One page, drawn; it must not raise."""
    at = AppTest.from_function(only_page, default_timeout=SECONDS)
    at.session_state["page"] = name
    at.session_state["desk"] = desk
    at.run()
    assert not at.exception, at.exception
    return at
