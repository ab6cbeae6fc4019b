"""merged-instructions: lists of tasks that were asked for first, then records stuck together."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.checks.merged_instructions import CHECK
from tests.making import record, records

CLEAN = [
    ("How do I boil an egg?", "Ingredients: egg, water\nInstructions: boil it.\nOutput: one egg."),
    ("What does the function do?", "Input: a list.\nOutput: the sum of the list."),
    (
        "Write two tasks for a language model.",
        "Instruction: Sort the words.\nOutput: a b c\n\nInstruction: Add.\nOutput: 3",
    ),
    (
        "Give examples of tasks.",
        "Here are two.\n1. Instruction: Sort.\n1. Output: a b\n2. Instruction: Add.\n2. Output: 3",
    ),
    (
        "Show how it works.",
        "Example 1:\nInput: 2\nOutput: 4\n\nExample 2:\nInput: 3\nOutput: 9",
    ),
    ("Instruction: Add the numbers.\nInput: 1, 2", "3"),
    (
        "Instruction: Add.\nOutput: 3\n\nInstruction: Multiply.\nOutput: 8\n\nInstruction: Divide.",
        "2",
    ),
    ("卵の茹で方は?", "材料: 卵、水\n手順: 十分茹でます。\n出力: 茹で卵一つ"),
    ("タスクの例を二つ書いてください。", "指示: 並べ替える\n出力: あいう\n\n指示: 足す\n出力: 3"),
    ("使い方を示してください。", "例1: 入力: 2\n出力: 4\n例2: 入力: 3\n出力: 9"),
    ("指示: 次の数を足してください。\n入力: 1, 2", "3"),
    ("Write an FAQ about tides.", "Here it is.\n\nQ: What is a tide?\nA: The sea rising."),
    ("Tell me about tides.", "Two things people ask:\n\nQ: Why are there two?\nA: The moon."),
    ("Quiz me on rivers.", "Gladly.\n\nQuestion: Where is the Po?\nAnswer: In Italy."),
    ("What is a tide?", "Q: What is a tide?\nA: The sea rising and falling."),
    ("潮の一問一答を作って。", "どうぞ。\n\n質問: 潮とは?\n回答: 海面の動きです。"),
    ("Explain step 2.\n2. Instructions: see the leaflet.", "It says to read the leaflet."),
]
BAD = [
    (
        "Why is the sky blue?",
        "Light scatters.\n\n",
        "6. Instruction: Sort the list.\n6. Input:\nb, a\n6. Output:\na, b",
    ),
    (
        "Give an example of a task for a language model.",
        "Translation.\n",
        "14. Instruction: Name a river.\n14. Input: <noinput>\n14. Output: Rhine",
    ),
    ("Why is the sky blue?", "Light scatters.\n", "Instruction: Name a river.\nOutput: Rhine"),
    ("Why is the sky blue?", "It scatters.\n\n", "### Instruction:\nName one.\n### Response:\nOk"),
    ("Square two.", "4\n\n", "Example 2:\nInput: 3\nOutput: 9"),
    ("空が青いのはなぜですか。", "光が散乱するためです。\n\n", "指示: 川の名前は?\n出力: 信濃川"),
    (
        "空が青いのはなぜですか。",
        "光が散乱するためです。\n\n",
        "質問: 川の名前は?\n回答: 信濃川です。",
    ),
    ("What is the melting point of tin?", "232 °C.\n\n", "Q: Who built it?\nA: Nobody knows."),
    ("Name a tree.", "Oak.\n\n", "**Question:** Name a shrub.\n**Answer:** Hazel."),
    (
        "空が青いのはなぜですか。",
        "光が散乱するためです。\n",
        "7. 指示：並べ替えてください。\n7. 入力：い、あ\n7. 出力：あ、い",
    ),
]


@pytest.mark.parametrize(("prompt", "answer"), CLEAN)
def test_clean(prompt: str, answer: str) -> None:
    assert ask(CHECK, records(record(prompt, answer))) == []


@pytest.mark.parametrize(("prompt", "own", "other"), BAD)
def test_the_answer_goes_on(prompt: str, own: str, other: str) -> None:
    [(row, hit)] = ask(CHECK, records(record(prompt, own + other)))
    assert row == 0
    assert (own + other)[hit.start : hit.end] == other
    assert hit.fix == {"field": "answer", "text": own.strip()}


@pytest.mark.parametrize(
    ("prompt", "second"),
    [
        ("1. Instruction: Name a river.\n2. Instruction: Name a hill.", "2. Instruction: Name"),
        ("Spell 'ewe' backwards. 14. Instruction: Name a hill.", "14. Instruction: Name"),
        ("「羊」の読みは? 8. 指示: 山の名前を挙げてください。", "8. 指示:"),
        ("指示1: 川の名前を挙げてください。\n指示2: 山の名前を挙げてください。", "指示2:"),
    ],
)
def test_the_prompt_holds_two(prompt: str, second: str) -> None:
    [(_, hit)] = ask(CHECK, records(record(prompt, "The Rhine.")))
    assert hit.message == "the prompt holds 2 instructions but only one answer"
    assert prompt[hit.start : hit.end].startswith(second)
