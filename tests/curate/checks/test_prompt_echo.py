"""prompt-echo: answers of their own first, then echoes."""

from __future__ import annotations

from typing import Any

import pytest

from curate.check import ask
from curate.checks.prompt_echo import CHECK
from tests.making import record, records

LONG = "Explain in two sentences why the sky is blue at noon."
LONG_JA = "昼間の空が青く見える理由を二文で説明してください。"

CLEAN = [
    (LONG, "The sky is blue because short waves scatter more."),
    (LONG, "Explain in two sentences why the sky is blue? Short waves scatter more."),
    ("Good morning!", "Good morning!"),
    ("Who is Ada Lovelace?", "Who is Ada Lovelace? She wrote the first program."),
    (
        "Once upon a time there was a king who had three daughters",
        "Once upon a time there was a king who had three daughters and a mill.",
    ),
    (
        "Repeat the sentence after me: the rain in Spain stays mainly in the plain.",
        "Repeat the sentence after me: the rain in Spain stays mainly in the plain. Done.",
    ),
    (LONG_JA, "短い波長の光ほど強く散乱されるためです。"),
    ("明けましておめでとうございます。", "明けましておめでとうございます。"),
    (
        "むかしむかし、あるところに三人の娘を持つ王様が",
        "むかしむかし、あるところに三人の娘を持つ王様がいました。",
    ),
]
WHOLE = [
    (LONG, LONG),
    (LONG, LONG.upper() + "\n"),
    ("Create a looping GIF of a cat.", " create a looping GIF  of a cat."),
    (LONG_JA, LONG_JA),
    ("ＡＢＣを使った例文を三つ作ってください。", "ABCを使った例文を三つ作ってください。"),
]
OPENS = [
    (LONG, f"{LONG}\n\nShort waves scatter more.", "Short waves scatter more."),
    (LONG, f" {LONG} Short waves scatter more.", "Short waves scatter more."),
    (f"{LONG}\n\nUse plain words.", f"{LONG} Use plain words.\nShort waves do.", "Short waves do."),
    (LONG_JA, f"{LONG_JA}\n短い波長の光が散乱されます。", "短い波長の光が散乱されます。"),
]


@pytest.mark.parametrize(("prompt", "answer"), CLEAN)
def test_clean(prompt: str, answer: str) -> None:
    assert ask(CHECK, records(record(prompt, answer))) == []


@pytest.mark.parametrize(("prompt", "answer"), WHOLE)
def test_whole(prompt: str, answer: str) -> None:
    [(row, hit)] = ask(CHECK, records(record(prompt, answer)))
    assert (row, hit.message) == (0, "the answer is the prompt, word for word")
    assert (hit.start, hit.end, hit.severity, hit.fix) == (0, len(answer), None, None)


@pytest.mark.parametrize(("prompt", "answer", "rest"), OPENS)
def test_opens(prompt: str, answer: str, rest: str) -> None:
    [(_, hit)] = ask(CHECK, records(record(prompt, answer)))
    assert hit.message.startswith("the answer opens with the whole prompt")
    assert hit.fix == {"field": "answer", "text": rest}
    assert answer[hit.end :].strip() == rest


def test_the_input_counts_as_prompt() -> None:
    given = "The quick brown fox jumps over the lazy dog."
    answer = f"Count the words in this text.\n\n{given}\n\nNine."
    [(_, hit)] = ask(CHECK, records(record("Count the words in this text.", answer, input=given)))
    assert hit.fix == {"field": "answer", "text": "Nine."}


@pytest.mark.parametrize(
    ("task", "given"),
    [("Correct the grammar.", "He went home."), ("誤字を直してください。", "彼は家に帰った。")],
)
def test_an_unchanged_input_is_only_counted(task: str, given: str) -> None:
    [(_, hit)] = ask(CHECK, records(record(task, given, input=given)))
    assert (hit.message, hit.severity) == ("the answer is the input, unchanged", "info")


@pytest.mark.parametrize(
    "fields",
    [
        {"system": "Correct the user's English."},
        {"history": [("user", "Check my next text."), ("assistant", "Gladly.")]},
    ],
)
def test_a_text_that_was_to_be_checked_is_only_counted(fields: dict[str, Any]) -> None:
    text = "The museum is closed on Mondays."
    [(_, hit)] = ask(CHECK, records(record(text, text, **fields)))
    assert hit.severity == "info"


def test_lengths_are_settings() -> None:
    made = records(record("Who is Ada Lovelace?", "Who is Ada Lovelace? A mathematician."))
    assert ask(CHECK, made) == []
    assert len(ask(CHECK, made, min_chars=20)) == 1
