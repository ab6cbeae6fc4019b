"""empty-answer: answers that say something first, then those that say nothing."""

from __future__ import annotations

from typing import Any

import pytest

from curate.check import ask
from curate.checks.empty_answer import CHECK
from tests.making import record, records

CLEAN: list[dict[str, Any]] = [
    {"prompt": "What is 6 times 7?", "answer": "42"},
    {"prompt": "Is it safe?", "answer": "No"},
    {"prompt": "Name the mood.", "answer": "😆"},
    {"prompt": "Rate it with stars.", "answer": "★"},
    {"prompt": "Which tag is missing? Answer None if no tag is.", "answer": "None"},
    {"prompt": "What does print(f()) write if f returns nothing?", "answer": "None"},
    {"prompt": "Write N/A where no date is known.", "answer": "N/A"},
    {"prompt": "Write SOS in Morse code.", "answer": "... --- ..."},
    {"prompt": "Which punctuation mark ends a sentence?", "answer": "."},
    {"prompt": "次の計算をしてください。3+4", "answer": "7"},
    {"prompt": "該当する項目はありますか。", "answer": "なし"},
    {"prompt": "文中から人名を抽出してください。", "answer": "該当なし"},
    {"prompt": "文を終える句読点は何ですか。", "answer": "。"},
    {"prompt": "好きな果物を一つ挙げてください。", "answer": "梨"},
]
EMPTY = ["", "  \n", "\u200b\u2060", "\u3164", "　", "\x00"]
LITTLE = [
    ("Design a logo.", "N/A", "the answer is only the placeholder 'N/A'"),
    ("Design a logo.", "<noinput>", "the answer is only the placeholder '<noinput>'"),
    ("Design a logo.", "<No Output>", "the answer is only the placeholder '<No Output>'"),
    ("Make a banner.", "<noinput>\n<output image>", None),
    ("Describe the city.", "null", "the answer is only the placeholder 'null'"),
    ("Describe the city.", "nan", "the answer is only the placeholder 'nan'"),
    ("Describe the city.", "...", "the answer holds only punctuation: '...'"),
    ("Describe the city.", "```", "the answer holds only punctuation: '```'"),
    ("東京の歴史を説明してください。", "なし", "the answer is only the placeholder 'なし'"),
    ("ロゴを作ってください。", "（回答なし）", "the answer is only the placeholder '（回答なし）'"),
    ("東京の歴史を説明してください。", "ー", "the answer holds only punctuation: 'ー'"),
    ("東京の歴史を説明してください。", "……", "the answer holds only punctuation: '……'"),
]


@pytest.mark.parametrize("fields", CLEAN)
def test_clean(fields: dict[str, Any]) -> None:
    assert ask(CHECK, records(record(**fields))) == []


@pytest.mark.parametrize("answer", EMPTY)
def test_empty(answer: str) -> None:
    [(row, hit)] = ask(CHECK, records(record(answer=answer)))
    assert (row, hit.message, hit.severity) == (0, "the answer is empty", None)


def test_no_answer_at_all() -> None:
    [(_, hit)] = ask(CHECK, records({**record(), "answer": None}))
    assert hit.message == "the answer is empty"


@pytest.mark.parametrize(("prompt", "answer", "message"), LITTLE)
def test_says_little(prompt: str, answer: str, message: str | None) -> None:
    [(_, hit)] = ask(CHECK, records(record(prompt, answer)))
    assert hit.severity == "warn"
    assert (hit.start, hit.end) == (0, len(answer))
    if message:
        assert hit.message == message


def test_a_placeholder_input_does_not_ask_for_a_placeholder() -> None:
    [(_, hit)] = ask(CHECK, records(record("Sort a list.", "N/A", input="N/A")))
    assert hit.message == "the answer is only the placeholder 'N/A'"


def test_only_where_the_assistant_speaks_last() -> None:
    asked = records(record(), record(answer="", roles="uau"))
    assert CHECK.applies is not None
    assert asked.select(CHECK.applies({}))["roles"].to_list() == [True, False]
