"""agreement: our figures against the packages that everyone uses, and against known data."""

from __future__ import annotations

import random

import krippendorff
import numpy as np
import pytest

from curate.content.agreement import alpha, cohen, pairs, percent


def drawn(seed: int, *, missing: float = 0.0) -> list[dict[str, str]]:
    """Items on which three annotators mostly agree."""
    chance = random.Random(seed)
    items = []
    for _ in range(200):
        truth = chance.choice("xyz")
        said = {who: truth if chance.random() < 0.8 else chance.choice("xyz") for who in "abc"}
        items.append({who: label for who, label in said.items() if chance.random() >= missing})
    return items


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_alpha_is_that_of_the_krippendorff_package(missing: float) -> None:
    items = drawn(1, missing=missing)
    place = {"x": 0, "y": 1, "z": 2}
    table = [[place[i[who]] if who in i else np.nan for i in items] for who in "abc"]
    reference = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert alpha(items).value == pytest.approx(reference)


def test_the_interval_holds_alpha_and_narrows_with_more_items() -> None:
    few, many = alpha(drawn(2)[:40]), alpha(drawn(2) * 5)
    for found in (few, many):
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low < found.value < found.high
    assert many.high - many.low < (few.high - few.low) / 2  # type: ignore[operator]


def test_the_order_of_items_does_not_matter() -> None:
    items = drawn(3)
    assert alpha(items) == alpha(items[::-1])


def test_alpha_where_nothing_varies_or_nobody_meets() -> None:
    assert alpha([{"a": "x", "b": "x"}] * 5).value is None
    assert alpha([{"a": "x"}, {"b": "y"}]).value is None
    assert alpha([]).value is None


def test_cohen_by_hand() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: agreement .7, by chance .5
    table = {("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}
    assert cohen(table) == pytest.approx(0.4)
    assert cohen({("y", "y"): 7}) is None


def test_pairs_are_named_and_counted() -> None:
    items = [{"b": "はい", "a": "はい"}, {"a": "はい", "b": "いいえ", "c": "はい"}]
    found = pairs(items)
    assert [(p.one, p.other, p.items, p.percent) for p in found] == [
        ("a", "b", 2, 0.5),
        ("a", "c", 1, 1.0),
        ("b", "c", 1, 0.0),
    ]
    assert pairs(items, fewest=2) == found[:1]


def test_percent_counts_pairs_of_labels() -> None:
    assert percent([{"a": "x", "b": "x", "c": "y"}]) == pytest.approx(1 / 3)
    assert percent([{"a": "x", "b": "x"}, {"a": "x"}]) == 1.0
