"""Nearly equal prompts: answers that contradict each other are found, others are left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from curate.audit import audit
from curate.dedup.near_prompts import Rivals, rivals
from curate.engines import open_engine
from tests.curate.checks.test_near_duplicate import alpaca

EN = (
    "A visitor of the public library in the old town hall wants to know how many days a book may "
    "stay at home before it has to come back, and whether the rule is the same for every reader. "
    "Say it in one short sentence that can be printed on the back of the card, please."
)
JA = (
    "旧市庁舎にある公共図書館の利用者が、借りた本を何日間手元に置けるのか、その決まりは誰にとっても同じなのかを"
    "知りたがっています。図書カードの裏に印刷できるように、短い一文で答えてください。"
)


def found(data: list[dict[str, Any]], where: Path) -> list[Rivals]:
    snapshot = audit(data, workspace=where, only=["empty-answer"]).snapshot
    with open_engine("local", 1) as engine:
        return list(rivals(snapshot, engine, 0.8))


@pytest.mark.parametrize(
    ("prompt", "changed", "answer", "other"),
    [
        (EN, EN.replace(" please", " kindly"), "It may stay 14 days.", "It may stay for 14 days."),
        (JA, JA.replace("短い", "みじかい"), "14日間です。", "14日です。"),
        (EN, EN, "It may stay 14 days.", "It may stay 21 days."),  # one prompt: they meet anyway
        (
            EN + " Use 3 words.",
            EN + " Use 9 words.",
            "It may stay 14 days.",
            "It may stay 21 days.",
        ),
        ("How many days?", "How many weeks?", "14", "2"),
    ],
)
def test_clean(prompt: str, changed: str, answer: str, other: str, tmp_path: Path) -> None:
    assert found([alpaca(prompt, answer), alpaca(changed, other)], tmp_path) == []


@pytest.mark.parametrize(
    ("prompt", "changed", "answer", "other", "kind"),
    [
        (
            EN,
            EN.replace(" please", " kindly"),
            "It may stay 14 days.",
            "It may stay 21 days.",
            "number",
        ),
        (
            JA,
            JA.replace("旧市庁舎", "元市庁舎"),
            "14日間借りられます。",
            "21日間借りられます。",
            "number",
        ),
        (EN, EN.replace(" please", " kindly"), "Yes.", "No.", "label"),
    ],
)
def test_contradictions(
    prompt: str, changed: str, answer: str, other: str, kind: str, tmp_path: Path
) -> None:
    [pair] = found([alpaca("Hi", "1"), alpaca(prompt, answer), alpaca(changed, other)], tmp_path)
    assert pair.kind == kind
    assert {pair.first, pair.second} == {1, 2}
    assert 0.8 <= pair.similarity < 1
    assert str(pair.one["record_id"]) < str(pair.other["record_id"])
