"""empty-prompt: prompts that ask something first, then those that ask nothing."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.checks.empty_prompt import CHECK
from tests.making import record, records

CLEAN = [
    "Say something.",
    "Hi",
    "?v=1 is a query string",
    "5 + 7",
    "none of the above",
    "👍",
    "こんにちは",
    "入力なしの場合の動作を説明してください。",
    "犬",
]
BAD = [
    ("", "the prompt is empty", None),
    (" \n\t　", "the prompt is empty", None),
    ("\u200b\u200b\ufeff", "the prompt is empty", None),
    ("\u3164", "the prompt is empty", None),
    ("...", "the prompt holds only punctuation: '...'", "warn"),
    ("。。。", "the prompt holds only punctuation: '。。。'", "warn"),
    ("ー", "the prompt holds only punctuation: 'ー'", "warn"),
    ("N/A", "the prompt is only the placeholder 'N/A'", "warn"),
    ("instruction", "the prompt is only the placeholder 'instruction'", "warn"),
    ("<noinput>", "the prompt is only the placeholder '<noinput>'", "warn"),
    ("なし", "the prompt is only the placeholder 'なし'", "warn"),
    ("（未入力）", "the prompt is only the placeholder '（未入力）'", "warn"),
]


@pytest.mark.parametrize("prompt", CLEAN)
def test_clean(prompt: str) -> None:
    assert ask(CHECK, records(record(prompt))) == []


@pytest.mark.parametrize(("prompt", "message", "severity"), BAD)
def test_bad(prompt: str, message: str, severity: str | None) -> None:
    [(row, hit)] = ask(CHECK, records(record(prompt)))
    assert (row, hit.message, hit.severity) == (0, message, severity)


def test_no_prompt_at_all() -> None:
    [(_, hit)] = ask(CHECK, records(record(instruction=None)))
    assert hit.message == "the prompt is empty"


def test_an_input_is_a_prompt() -> None:
    assert ask(CHECK, records(record("", input="東京から大阪まで"))) == []


@pytest.mark.parametrize(("reply", "flagged"), [("none", 0), ("?", 0), ("なし", 0), (" ", 1)])
def test_in_a_conversation_a_short_reply_is_a_reply(reply: str, flagged: int) -> None:
    history = [("user", "Order a pizza."), ("assistant", "Which extras?")]
    assert len(ask(CHECK, records(record(reply, history=history)))) == flagged


def test_plain_text_has_nobody_who_asks() -> None:
    one = record("", "夏は暑い。", roles="a", shape="text")
    assert ask(CHECK, records(one)) == []
