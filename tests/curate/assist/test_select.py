"""Select and mix: every record has a reason, quotas and shares hold, equal seeds draw equally."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.assist.mix import Portion, drawn, largest, parsed, shares
from curate.assist.select import Choosable, at_random, quality, selected
from curate.errors import BadSetting


def one(name: str, text: str, category: str = "a", **findings: int) -> Choosable:
    return Choosable(name, text, {"category": category}, findings)


def kept(records: list[Choosable], budget: int) -> list[str]:
    return [choice.record_id for choice in selected(records, budget) if choice.kept]


def test_of_near_copies_one_is_taken_and_the_other_names_it() -> None:
    records = [one("1", "How tall is Mount Fuji?"), one("2", "How tall is Mount Fuji, then?"),
               one("3", "猫の飼い方を教えてください。")]  # fmt: skip
    assert kept(records, 2) == ["1", "3"]
    [_, dropped, _] = selected(records, 2)
    assert dropped.reason.startswith("nearly a copy of 1, which was taken; quality 1.0")


def test_what_was_not_taken_says_what_stood_against_it() -> None:
    records = [one(str(n), text) for n, text in enumerate(UNLIKE)]
    said = {choice.reason.partition(";")[0] for choice in selected(records, 2) if not choice.kept}
    assert said <= {
        "the share of category 'a' is taken up",
        "the budget went to records that are better or less like the others",
    }


UNLIKE = ["How tall is Mount Fuji?", "猫の飼い方を教えてください。", "Bake a loaf of rye bread."]


def test_a_record_with_findings_comes_later() -> None:
    records = [one("1", "Same words here.", error=1), one("2", "Same words here.")]
    assert kept(records, 1) == ["2"]
    assert quality(records[0]) < quality(records[1])


def test_quotas_keep_the_shares() -> None:
    many = [one(f"a{n}", f"text number {n * 37}") for n in range(30)]
    few = [one(f"b{n}", "always the same", "b", error=2) for n in range(10)]
    chosen = kept([*many, *few], 8)
    assert sum(name.startswith("b") for name in chosen) == 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("ab 日本", max_size=8), min_size=2, max_size=15), st.data())
def test_every_record_has_one_choice_whatever_the_order(
    texts: list[str], data: st.DataObject
) -> None:
    records = [one(f"{n:02}", text) for n, text in enumerate(texts)]
    budget = data.draw(st.integers(1, len(records) - 1))
    choices = selected(records, budget)
    assert [c.record_id for c in choices] == [r.record_id for r in records]
    assert sum(c.kept for c in choices) == budget == len(at_random(records, budget, 0))
    assert all(c.reason for c in choices)
    shuffled = data.draw(st.permutations(records))
    assert set(kept(shuffled, budget)) == set(kept(records, budget))


@pytest.mark.parametrize("budget", [0, 2, 9])
def test_a_budget_that_is_none(budget: int) -> None:
    with pytest.raises(BadSetting, match="there are 2 records"):
        selected([one("1", "x"), one("2", "y")], budget)


def test_weights_and_caps_hold() -> None:
    portions = [Portion("own", 1000, 4), Portion("general", 1000, 1, cap=100)]
    assert shares(portions, 500) == [400, 100]
    assert shares(portions, 900) == [800, 100]
    assert largest(portions) == 500
    assert sum(shares([Portion("a", 10), Portion("b", 10), Portion("c", 10)], 20)) == 20
    with pytest.raises(BadSetting, match="1100 at most"):
        shares(portions, 1200)


SOURCES = st.lists(
    st.builds(Portion, st.text(), st.integers(0, 40), st.floats(0.1, 9), st.none() | st.integers(1, 30)),
    min_size=1, max_size=5,
)  # fmt: skip


@given(SOURCES, st.data())
def test_shares_add_up_and_no_source_gives_more_than_it_may(
    portions: list[Portion], data: st.DataObject
) -> None:
    total = data.draw(st.integers(0, sum(p.most for p in portions)))
    given_out = shares(portions, total)
    assert sum(given_out) == total
    assert all(n <= p.most for n, p in zip(given_out, portions, strict=True))
    sizes = [p.records for p in portions]
    picked = drawn(sizes, given_out, 7)
    assert len(set(picked)) == total
    assert picked == drawn(sizes, given_out, 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a.jsonl", ("a.jsonl", 1.0, None)), ("a.jsonl=4", ("a.jsonl", 4.0, None)),
     ("データ.jsonl=0.5:20", ("データ.jsonl", 0.5, 20))],
)  # fmt: skip
def test_a_source_as_written(text: str, said: tuple[str, float, int | None]) -> None:
    assert parsed(text) == said


@pytest.mark.parametrize("text", ["a=0", "a=-1", "a=x", "a=1:0", "a=1:x"])
def test_a_source_that_is_written_wrong(text: str) -> None:
    with pytest.raises(BadSetting, match="FILE=WEIGHT"):
        parsed(text)
