"""Sides: two tasks on one text, and a task and its reverse, are no near-duplicates."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.curate.checks.test_near_duplicate import EN, JA, alpaca, asked, found

TASKS_EN = (
    "Read the review and decide whether its writer would recommend the place to a friend, yes or no.",
    "Does the review complain about prices, service or noise in any of its sentences, yes or no?",
)
TASKS_JA = (
    "次の口コミを読み、書いた人がこの宿を友人に勧めるつもりかどうかを、はい・いいえで答えてください。",
    "口コミのどこかの文が、料金や接客や騒音についての不満を述べているかを、はい・いいえで答えてください。",
)


def reviews(words: str, between: str, count: int) -> list[str]:
    drawn = random.Random(7)
    return [between.join(drawn.choices(words.split(), k=14)) for _ in range(count)]


EN_REVIEWS = (
    "breakfast staff quiet room view dusty lift pool train late candle soup carpet friendly"
)
JA_REVIEWS = (
    "朝食が 部屋は 静かで 眺めも 駅から 遠くて 廊下の 絨毯が 古く 係の人は 親切で 風呂が 広い 枕も"
)


@pytest.mark.parametrize("many", [15, 16, 40])  # from 16 prompts on an instruction is left out
@pytest.mark.parametrize(
    ("tasks", "texts", "yes"),
    [
        (TASKS_EN, reviews(EN_REVIEWS, " ", 40), "yes"),
        (TASKS_JA, reviews(JA_REVIEWS, "", 40), "はい"),
    ],
)
def test_two_tasks_on_one_text_are_no_copies(
    tasks: tuple[str, ...], texts: list[str], yes: str, many: int, tmp_path: Path
) -> None:
    data = [alpaca(task, yes, input=text) for task in tasks for text in texts[:many]]
    assert found(asked(data, tmp_path)) == []


@pytest.mark.parametrize(
    ("there", "back", "one", "other"),
    [
        ("Put this into German.", "Put this into English.", EN, EN[::-1]),
        ("英語にしてください。", "日本語にしてください。", JA, JA[::-1]),
        ("", "", EN, JA),
    ],
)
def test_a_task_and_its_reverse_are_no_copies(
    there: str, back: str, one: str, other: str, tmp_path: Path
) -> None:
    data = [alpaca(there, other, input=one), alpaca(back, one, input=other)]
    assert found(asked(data, tmp_path, "threshold=0.5")) == []


@pytest.mark.parametrize(
    ("items", "answers"),
    [
        (EN.split()[:40], ("Beer.", "Nothing at all, the list is complete.")),
        (JA.split("、"), ("卵です。", "何も足りません。")),
    ],
)
def test_one_prompt_in_short_lines_is_a_prompt_in_common(
    items: list[str], answers: tuple[str, ...], tmp_path: Path
) -> None:
    data: list[dict[str, Any]] = [alpaca("What lacks?\n" + "\n".join(items), a) for a in answers]
    assert found(asked(data, tmp_path, "threshold=0.5")) == []


def test_copies_under_an_instruction_that_many_share_are_found(tmp_path: Path) -> None:
    """Clean twin: what is left out of both is the same, and so is what is left but for a word."""
    texts = reviews(EN_REVIEWS, " ", 40)
    data = [alpaca(TASKS_EN[0], f"yes {EN}", input=text) for text in texts]
    copy = alpaca(TASKS_EN[0], f"yes {EN}", input=texts[3].replace(" room", " chamber", 1))
    assert found(asked([data[3], copy, *data[20:]], tmp_path)) == [(1, 2)]
