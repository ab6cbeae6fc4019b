"""A cluster on the page: whatever tells its records apart is on their cards, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from curate.audit import audit
from tests.curate.checks.test_near_duplicate import EN, JA, alpaca, preference
from tests.review_app.conftest import at_desk
from tests.review_app.test_review_page import of_check, on, press, words

ONLY = {"en": "Only the rejected answers differ.", "ja": "異なるのは選ばれなかった回答だけです。"}


def page(data: list[dict[str, Any]], where: Path, locale: str = "en") -> AppTest:
    """The page with the near-duplicates of these records, and their copies."""
    audit(data, workspace=where, only=["near-duplicate", "exact-duplicate"])
    desk = at_desk(where, locale=locale)
    return on(desk, of_check(desk, "near-duplicate"))


def captions(at: AppTest) -> list[str]:
    return [str(one.value) for one in at.caption]


def test_records_without_rejected_answers_show_none(tmp_path: Path) -> None:
    at = page([alpaca("Tell me.", EN), alpaca("Tell me.", f"{EN} Really.")], tmp_path)
    assert not {"**Rejected answer**", ONLY["en"]} & {*captions(at)}
    assert captions(at).count("**Prompt**") == 1
    assert captions(at).count("**Answer**") == 2


@pytest.mark.parametrize(
    ("prompt", "chosen", "one", "other", "locale"),
    [
        ("How old is it?", EN, "It is two years old.", "It is five years old.", "en"),
        ("いつ造られましたか。", JA, "二年前です。", "五年前です。", "ja"),
    ],
)
def test_rejected_answers_stand_on_the_cards_with_what_differs(
    prompt: str, chosen: str, one: str, other: str, locale: str, tmp_path: Path
) -> None:
    data = [preference(prompt, chosen, one), preference(prompt, chosen, other)]
    at = page(data, tmp_path, locale)
    shown = [text.value for text in at.text]
    assert [shown.count(said) for said in (one, other, chosen)] == [1, 1, 1]
    assert ONLY[locale] in captions(at)
    [changed] = [code.value for code in at.code]
    assert changed.startswith("- ")
    assert "⟦" in changed
    press(at, "E")
    assert len({one, other} & {*words(at).split("\n")}) == 1  # of the other, beside the editor


@pytest.mark.parametrize("copies", [3, 20])
def test_copies_stand_behind_the_records_that_differ(copies: int, tmp_path: Path) -> None:
    short, long = alpaca("Tell me.", EN), alpaca("Tell me.", f"{EN} Really.")
    at = page([short] * copies + [long], tmp_path)
    shown = [text.value for text in at.text if text.value.startswith(EN)]
    assert shown[:3] == [EN, f"{EN} Really.", EN]
    assert "**From 1 to 2 · Answer**" in captions(at)


def test_swapped_answers_are_seen_as_such(tmp_path: Path) -> None:
    answers = [f"{EN} It stays open.", f"{EN} It will be closed."]
    at = page([preference("Tell me.", *answers), preference("Tell me.", *answers[::-1])], tmp_path)
    assert [[text.value for text in at.text].count(said) for said in answers] == [2, 2]
    titles = [one for one in captions(at) if one.startswith("**From 1 to 2")]
    assert titles == ["**From 1 to 2 · Answer**", "**From 1 to 2 · Rejected answer**"]
    assert ONLY["en"] not in captions(at)
