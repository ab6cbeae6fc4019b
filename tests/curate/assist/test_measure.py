"""Measure: the numbers that need no model, and those of a tiny one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curate.assist.candidate import Candidate
from curate.assist.doubts import doubts_of
from curate.assist.measure import by_text, by_weights, copied, regenerated, rivals_of

ENGLISH = Candidate(
    "backtranslation", "How do I send something back?",
    "You can return anything within 30 days; put the slip into the parcel.", "en", {}, (),
)  # fmt: skip
JAPANESE = replace(
    ENGLISH, instruction="返品するにはどうすればよいですか。",
    answer="30日以内であれば、同封の用紙を箱に入れて郵便局からお送りください。", language="ja",
)  # fmt: skip


def test_a_good_pair_raises_no_doubt() -> None:
    assert doubts_of(by_text([ENGLISH, JAPANESE]), {}) == [[], []]


@pytest.mark.parametrize("one", [ENGLISH, JAPANESE], ids=["en", "ja"])
def test_an_instruction_that_gives_its_answer_away(one: Candidate) -> None:
    [measured] = by_text([replace(one, instruction=f"{one.answer} Why?")])
    assert float(measured.numbers["copied"] or 0) > 0.8
    assert "synthetic-copied" in doubts_of([measured], {})[0]
    assert "synthetic-copied" not in doubts_of([measured], {"synthetic-copied": {"limit": 1.1}})[0]


def test_an_instruction_in_another_language() -> None:
    [measured] = by_text([replace(JAPANESE, instruction=ENGLISH.instruction)])
    assert doubts_of([measured], {}) == [["synthetic-other-language"]]


def test_an_instruction_that_is_there_already() -> None:
    first, second = by_text([ENGLISH, replace(ENGLISH, answer="Another answer altogether.")])
    assert (first.numbers["repeated"], second.numbers["repeated"]) == (0.0, 1.0)
    [known] = by_text([JAPANESE], ["返品するにはどうすればよいですか？"])
    assert doubts_of([known], {}) == [["synthetic-repeated"]]


def test_what_could_not_be_measured_says_why() -> None:
    [one] = by_weights(by_text([replace(ENGLISH, instruction="7?")]), None)
    assert one.unmeasured["same_language"] == "too short to tell the language"
    assert one.unmeasured["rank"] == "no weights to score with were named"
    assert doubts_of([one], {}) == [[]]


def test_an_answer_given_anew_is_compared() -> None:
    same, other = regenerated(ENGLISH, ENGLISH.answer), regenerated(ENGLISH, "Paris, of course!")
    assert same.numbers["likeness"] == 1.0
    assert doubts_of([other], {}) == [["synthetic-unlike"]]


def test_rivals_are_near_and_never_the_same() -> None:
    prompts = ["Name a fruit.", "Name a red fruit.", "解を求めよ。", "Name a fruit."]
    assert rivals_of(prompts)[0][0] == 1
    assert 3 not in rivals_of(prompts)[0]
    assert copied("", "x") == 0.0
