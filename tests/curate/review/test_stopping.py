"""Stopping: bounds that cover what is left, and no word without a random decision."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.locale import translator
from curate.review.queue import CONTROL, Item, in_random_order
from curate.review.stopping import DOUBT, LIMIT, Left, Part, bounds, left, needed, unread
from curate.store.decision import Decision
from curate.store.standing import Standing

IDS = [f"{n:04x}" for n in range(2400)]
ITEMS = [Item(one, {one: ()}) for one in IDS]
DRAWN = in_random_order(IDS)


def said(
    record_id: str, kind: str, ordered_by: str = "best", policy: str | None = None
) -> Standing:
    one = Decision(
        record_id=record_id, kind=kind, reviewer="mika", request_id=record_id,
        ordered_by=ordered_by, policy=policy,
    )  # fmt: skip
    return Standing((one,))


def told(ids: Iterable[str], kind: str, ordered_by: str = "best") -> dict[str, Standing]:
    return {one: said(one, kind, ordered_by) for one in ids}


def by_chance(n: int, bad: int = 0) -> dict[str, Standing]:
    """The first records of the draw, decided as such."""
    return told(DRAWN[:n], "keep", CONTROL) | told(DRAWN[:bad], "drop", CONTROL)


def test_enough_good_ones_drawn_at_random_allow_to_stop() -> None:
    found = left(ITEMS, by_chance(600))
    assert (found.records, found.sample, found.bad, found.value) == (1800, 600, 0, 0.0)
    assert found.enough
    assert found.high is not None
    assert found.high < LIMIT
    assert not left(ITEMS, by_chance(600, bad=6)).enough


def test_fewer_say_how_many_more_are_needed_and_so_many_are_enough() -> None:
    few = left(ITEMS, by_chance(100, bad=1))
    assert not few.enough
    assert few.low is not None
    assert few.high is not None
    assert 0 <= few.low < few.value < few.high  # type: ignore[operator]
    assert few.more is not None
    assert left(ITEMS, by_chance(100 + few.more, bad=1)).enough
    assert not left(ITEMS, by_chance(100 + few.more - 1, bad=1)).enough


@given(st.sets(st.sampled_from(IDS), max_size=400), st.sampled_from(["keep", "drop"]))
def test_nothing_is_said_without_a_random_decision(ids: set[str], kind: str) -> None:
    found = left(ITEMS, told(ids, kind))
    assert (found.sample, found.value, found.high) == (0, None, None)
    assert not found.enough


def test_only_what_lies_in_the_unread_part_counts() -> None:
    head = IDS[:300]
    early = [one for one in DRAWN[:200] if one in head]
    known = told(head, "drop") | by_chance(200) | told(early, "drop", CONTROL)
    part = unread(ITEMS, known)
    assert part == Part(2400 - 300 - (200 - len(early)), 200 - len(early), 0)
    assert left(ITEMS, known).high < left(ITEMS, by_chance(200, bad=len(early))).high  # type: ignore[operator]


def test_the_sample_ends_where_nobody_has_answered_yet() -> None:
    known = by_chance(50)
    del known[DRAWN[20]]
    assert unread(ITEMS, known).sample == 20


def test_what_was_skipped_or_is_in_conflict_counts_as_bad_in_the_bound() -> None:
    known = by_chance(400)
    sure = left(ITEMS, known)
    unsure = left(ITEMS, known | told(DRAWN[5:6], "skip", CONTROL))
    assert (sure.bad, unsure.bad) == (0, 0)
    assert unsure.high > sure.high  # type: ignore[operator]
    aside = left(ITEMS, known | told([DRAWN[-1]], "skip"))
    assert (aside.records, aside.sample) == (sure.records, 400)
    assert aside.high > sure.high  # type: ignore[operator]
    two = [*said(DRAWN[7], "keep", CONTROL).decisions]
    two.append(Decision(record_id=DRAWN[7], kind="drop", reviewer="花子", request_id="2"))
    assert left(ITEMS, known | {DRAWN[7]: Standing(tuple(two))}).high == unsure.high


def test_a_cluster_is_read_when_its_findings_are_answered() -> None:
    items = [Item("a", {"a": ("contradiction",)}, ("b",)), Item("c", {"c": ()})]
    assert unread(items, {}).open == 3
    assert unread(items, told("a", "keep")).open == 1
    assert unread(items, told("b", "keep")).open == 2


def test_nothing_is_left_when_all_is_read() -> None:
    found = left(ITEMS, told(IDS, "keep") | by_chance(30))
    assert found == Left(0, 0, 0)
    assert found.told(translator("en")) == []


@pytest.mark.parametrize("share", [0.004, 0.02, 0.15])
def test_the_bounds_hold_as_often_as_they_say(share: float) -> None:
    draw = np.random.default_rng(7)
    missed = 0
    for _ in range(600):
        records, sample = int(draw.integers(200, 3000)), int(draw.integers(1, 180))
        bad = round(records * share)
        hits = int(draw.hypergeometric(bad, records - bad, sample))
        low, high = bounds(Part(records - sample, sample, hits))
        missed += not low <= (bad - hits) / (records - sample) <= high
    assert missed / 600 < 2 * DOUBT + 0.01


def test_looked_at_after_every_decision_it_stops_too_early_at_most_5_times_in_100() -> None:
    records, bad = 4000, 48  # 1.2 %: too many to stop
    draw = random.Random(3)
    first = {hits: needed(Part(records, 0, hits)) for hits in range(12)}
    wrong = 0
    for _ in range(1000):
        at = sorted(draw.sample(range(records), bad))
        for hits, sample in first.items():
            seen = sum(one < (sample or records) for one in at)
            if sample is not None and seen <= hits:
                wrong += (bad - seen) / (records - sample) >= LIMIT
                break
    assert wrong / 1000 <= 0.05


@settings(max_examples=30)
@given(st.integers(30, 600), st.integers(1, 25), st.integers(0, 3))
def test_bounds_are_shares_and_a_bad_record_more_never_lowers_them(
    records: int, sample: int, bad: int
) -> None:
    hits = min(bad, sample - 1)
    low, high = bounds(Part(records - sample, sample, hits))
    more = bounds(Part(records - sample, sample, hits + 1))
    assert 0 <= low <= high <= 1
    assert low <= more[0]
    assert high <= more[1]


def test_where_no_sample_can_be_large_enough_one_is_told_to_read_on() -> None:
    found = left(ITEMS[:60], {})
    assert found.more is None
    assert found.told(translator("en")) == [
        "to be able to say that fewer than 1 % of what is left is bad, read the 60 that are left"
    ]


def test_it_is_said_with_its_interval_in_both_languages() -> None:
    known: Mapping[str, Standing] = by_chance(600)
    [english] = left(ITEMS, known).told(translator("en"))
    assert english.startswith("fewer than 1 % of what is left is expected to be bad: 0.0% (0.0%")
    [japanese] = left(ITEMS, known).told(translator("ja"))
    assert "1 % 未満" in japanese
    assert len(left(ITEMS, by_chance(10)).told(translator("en"))) == 2
    [only] = left(ITEMS, {}).told(translator("en"))
    assert only.startswith("to be able to say that fewer than 1 % of what is left is bad: ")
