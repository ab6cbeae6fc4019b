"""ground: what a context holds, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.content.facts import facts
from curate.content.ground import CALCULATES, CALCULATION, Ground

HELD = [
    ("It sold 1,998.", "nearly 2,000"),
    ("It sold 1,998.", "1998 in all"),
    ("It ran from 1912 to 1987.", "for 75 years"),
    ("It is 766 pages long.", "over 700 pages"),
    ("Of 200 people 74 left.", "about 37% left"),
    ("Built in 1985.", "in the 1980s"),
    ("平成2年に閉鎖", "1990年に閉鎖"),
    ("Made in the U.S. by us.", "in the United States"),
    ("American firms", "of the United States"),
    ("the WallStreetBets forum", "a Wall Street Bets post"),
    ("See https://www.mill.example/a", "at mill.example and https://mill.example/b"),
    ("ジョン・スミスが来た", "社長のジョン・スミス"),
    ("3月10日の14時から", "3月10日の午後2時から"),
    ("午後2時から", "14時から"),
    ("3/12 に集合", "3月12日に集合"),
    ("明日、集まります", "3月12日に集まる"),
]
NOT_HELD = [
    ("It sold 1,998.", "it sold 4,100"),
    ("It began in 1912.", "in 1921"),
    ("It began in 1985.", "in the 1960s"),
    ("Built in 1998.", "in 2000"),
    ("Mary came.", "and Arthur Pendragon came"),
    ("See mill.example.", "see https://other.example/mill"),
    ("ジョン・スミスが来た", "社長のアンリ・ルソー"),
    ("3月10日に集合", "3月12日に集合"),
    ("14時から", "15時から"),
    ("3時から", "15時から"),
]


@pytest.mark.parametrize(("context", "answer"), HELD)
def test_held(context: str, answer: str) -> None:
    ground = Ground(context)
    assert [fact.text for fact in facts(f"It was {answer}") if not ground.holds(fact)] == []


@pytest.mark.parametrize(("context", "answer"), NOT_HELD)
def test_not_held(context: str, answer: str) -> None:
    ground = Ground(context)
    assert [fact for fact in facts(f"It was {answer}") if not ground.holds(fact)]


def test_endless_numbers_are_no_trouble() -> None:
    ground = Ground("9" * 5000 + " and " + "1 " * 5000)
    assert not ground.holds(facts("in 1921")[0])


@given(st.lists(st.sampled_from([*CALCULATION, " ", "Total", "s", "ſ", "é", "合計"])).map("".join))
def test_what_calculates_is_what_its_pattern_finds(text: str) -> None:
    assert Ground(text).calculates == bool(CALCULATES.search(Ground(text).plain))
