"""placeholder: words that stand for no input go; what an instruction asks about stays."""

from __future__ import annotations

import pytest

from curate.fixes.placeholder import FIX


@pytest.mark.parametrize("text", ["No. 5", "none of them came", "入力欄の説明", "x" * 500])
def test_kept(text: str) -> None:
    assert FIX.rewrite(text, {"instruction": "Do it.", "input": text}, {}).text == text


def test_a_word_the_task_is_about_is_kept() -> None:
    row = {"instruction": "Translate this word.", "input": "nothing"}
    assert FIX.rewrite("nothing", row, {}).text == "nothing"


@pytest.mark.parametrize(
    "text", ["<noinput>", "No input", "(no input)", "N/A", "入力なし", "特になし"]
)
def test_emptied(text: str) -> None:
    new = FIX.rewrite(text, {"instruction": "Tell a story.", "input": text}, {})
    assert (new.text, new.rules) == ("", ("no-input",))
