"""placeholder-input: real inputs first, then words that stand for none."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.checks.placeholder_input import CHECK
from tests.making import record, records

TASK = "Name three primary colours."
CLEAN = [
    ("Summarise the text.", "The application needs no input from the user."),
    ("Complete the sentence.", "He was <noinput>"),
    ("Describe the picture.", "[Image]\n\nNo input needed."),
    ("Give the opposite of this word.", "nothing"),
    ("Explain this value in Python.", "None"),
    ("What does null mean in SQL?", "null"),
    ("Which chemical element is this?", "Na"),
    ("What does the sign mean?", "+"),
    ("文を要約してください。", "利用者からの入力なしで動きます。"),
    ("次の単語の意味を説明してください。", "なし"),
    ("次の語を英語に翻訳してください。", "空"),
    ("感想を書いてください。", "梨はおいしい"),
]
BAD = [
    "No input",
    "noinput",
    "NoInput",
    "<no input>",
    '"<noinput>"',
    "< noinput >",
    "\\<noinput\\>",
    "<noinput",
    "(No input)",
    "No input required.",
    "no input is needed",
    "Not applicable",
    "N/A",
    "<N/A>",
    "NA",
    "None",
    "<none>",
    "null",
    "Input: none",
    ":\n<noinput>",
    "入力なし",
    "（入力なし）",
    "入力はありません。",
    "なし",
    "特になし",
    "(none provided)",
    "Nothing was supplied.",
    "指定なし",
    "（追加情報はありません）",
    "該当なし",
    "無し",
]


@pytest.mark.parametrize(("task", "given"), CLEAN)
def test_clean(task: str, given: str) -> None:
    assert ask(CHECK, records(record(task, input=given))) == []


@pytest.mark.parametrize("given", ["", None])
def test_an_empty_input_is_right(given: str | None) -> None:
    assert ask(CHECK, records(record(TASK, input=given))) == []


@pytest.mark.parametrize("given", BAD)
def test_bad(given: str) -> None:
    [(row, hit)] = ask(CHECK, records(record(TASK, input=given)))
    assert (row, hit.field, hit.start, hit.end) == (0, "input", 0, len(given))
    assert hit.args == {"text": given.strip()}
    assert hit.fix == {"field": "input", "text": ""}


@pytest.mark.parametrize("given", [" ", "\n\n", "\u200b ", "　"])
def test_blanks(given: str) -> None:
    [(_, hit)] = ask(CHECK, records(record(TASK, input=given)))
    assert hit.message == "the input is only blanks"
