"""Shapes whose targets are each one column: alpaca, prompt and completion, text pairs, text."""

from __future__ import annotations

from typing import Any

import pytest

from curate import reading, shapes

FOUND: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({"instruction": "a", "input": "b", "output": "c"}, "alpaca", {"instruction": "instruction", "answer": "output", "input": "input"}),
    ({"instruction": "a", "context": "b", "response": "c", "category": "qa"}, "alpaca", {"instruction": "instruction", "answer": "response", "input": "context"}),
    ({"instruction": "a", "output": "c", "system": "s"}, "alpaca", {"instruction": "instruction", "answer": "output", "system": "system"}),
    ({"Instruction": "a", " OUTPUT": "c"}, "alpaca", {"instruction": "Instruction", "answer": " OUTPUT"}),
    ({"ｉｎｓｔｒｕｃｔｉｏｎ": "a", "output\r": "c"}, "alpaca", {"instruction": "ｉｎｓｔｒｕｃｔｉｏｎ", "answer": "output\r"}),
    ({"指示": "a", "入力": "b", "出力": "c"}, "alpaca", {"instruction": "指示", "answer": "出力", "input": "入力"}),
    ({"prompt": "a", "completion": "b"}, "prompt-completion", {"instruction": "prompt", "answer": "completion"}),
    ({"prompt": "a", "response": "b"}, "prompt-completion", {"instruction": "prompt", "answer": "response"}),
    ({"prompt": "whole", "instruction": "a", "output": "b"}, "alpaca", {"instruction": "instruction", "answer": "output"}),
    ({"question": "a", "answer": "b", "id": 1}, "text-pair", {"instruction": "question", "answer": "answer"}),
    ({"質問": "a", "回答": "b"}, "text-pair", {"instruction": "質問", "answer": "回答"}),
    ({"問題": "a", "解答": "b"}, "text-pair", {"instruction": "問題", "answer": "解答"}),
    ({"Q": "a", "A": "b"}, "text-pair", {"instruction": "Q", "answer": "A"}),
    ({"text1": "a", "text2": "b", "is_duplicate": 1}, "text-pair", {"instruction": "text1", "answer": "text2"}),
    ({"input": "a", "output": "b"}, "text-pair", {"instruction": "input", "answer": "output"}),
    ({"text": "a", "label": 3}, "text", {"answer": "text"}),
    ({"id": "long identifier", "name": "short", "address": "a longer text"}, "text", {"answer": "address"}),
]  # fmt: skip


@pytest.mark.parametrize(("row", "shape", "columns"), FOUND)
def test_found_by_the_names_of_columns(
    row: dict[str, Any], shape: str, columns: dict[str, str]
) -> None:
    assert shapes.of(row) == (shape, columns)


NOT_FOUND: list[dict[str, Any]] = [
    {},
    {"n": 1},
    {"instruction": ["a"], "output": ["b"]},
    {"id": "a", "url": "b"},
    {"note": ""},
]


@pytest.mark.parametrize("row", NOT_FOUND)
def test_not_found(row: dict[str, Any]) -> None:
    assert shapes.of(row) is None


def read(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in reading.read([row])[0].row(0, named=True).items() if v is not None}


def test_alpaca_with_everything() -> None:
    record = read({"system": "丁寧に", "instruction": "訳して", "input": "Hi", "output": "やあ"})
    assert record["roles"] == "sua"
    assert record["system"] == "丁寧に"
    assert (record["instruction"], record["input"], record["answer"]) == ("訳して", "Hi", "やあ")


def test_an_empty_system_is_none() -> None:
    assert "system" not in read({"system": "", "instruction": "a", "output": "b"})


def test_alpaca_with_history_is_the_same_conversation() -> None:
    history = {"instruction": "c", "input": "d", "output": "e", "history": [["a", "b"]]}
    record = read(history)
    assert record["roles"] == "uaua"
    assert record["history"] == '[["user","a"],["assistant","b"]]'
    assert (record["instruction"], record["input"], record["answer"]) == ("c", "d", "e")
    chat = [("user", "a"), ("assistant", "b"), ("user", "c\n\nd"), ("assistant", "e")]
    messages = {"messages": [{"role": role, "content": text} for role, text in chat]}
    assert record["record_id"] == read(messages)["record_id"]


def test_history_of_another_kind_stays_meta() -> None:
    record = read({"instruction": "a", "output": "b", "history": "none"})
    assert record["meta"] == '{"history":"none"}'


def test_plain_text_has_no_prompt() -> None:
    record = read({"text": "こんにちは"})
    assert (record["roles"], record["answer"], record["instruction"]) == ("a", "こんにちは", "")
