"""The whole app: nobody gets in without a name, and it speaks the language that is asked for.

AppTest draws no page of `st.navigation`; tests/e2e/test_review_browser.py goes on from here.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import review_app

APP = Path(review_app.__file__).parent / "app.py"


@pytest.fixture
def app(morning: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    monkeypatch.setenv("CURATE_WORKSPACE", str(morning))
    monkeypatch.chdir(tmp_path)
    return AppTest.from_file(str(APP), default_timeout=60)


def start(at: AppTest, name: str) -> AppTest:
    at.text_input[0].set_value(name)
    at.button[0].click().run()
    assert not at.exception, at.exception
    return at


def test_a_name_opens_the_desk(app: AppTest) -> None:
    app.run()
    assert [one.value for one in app.subheader] == ["Who is reviewing?"]
    start(app, " Mika ")
    assert app.session_state["reviewer"] == "Mika"
    assert len(app.subheader) == 0


def test_no_name_opens_nothing(app: AppTest) -> None:
    start(app.run(), "   ")
    assert "reviewer" not in app.session_state


@pytest.mark.parametrize("key", ["reviewer", "user", "name", "seat"])
def test_the_address_names_nobody(app: AppTest, key: str) -> None:
    app.query_params[key] = "Hana"
    app.run()
    assert "reviewer" not in app.session_state
    assert "desk" not in app.session_state


def test_the_address_keeps_the_language(app: AppTest) -> None:
    app.query_params["lang"] = "ja"
    app.run()
    assert [one.value for one in app.subheader] == ["お名前を入力してください"]
    start(app, "花子")
    assert app.session_state["reviewer"] == "花子"
