"""Numbers as people read them."""

from __future__ import annotations

import pytest

from curate.show.numbers import many, number, percent, similar


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (52002, "52,002"), (2.5, "2.5"), (0.125, "0.12"), (90.51, "91")]
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (0.000004, "0.0004%"),
        (0.0004, "0.04%"),
        (0.073, "7.3%"),
        (0.41, "41%"),
        (0.9979, "99.8%"),
        (0.99999, "99.9%"),
        (1, "100%"),
    ],
)
def test_percents(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.7999, "79.9%"), (0.8, "80.0%"), (0.57, "57.0%"), (0.99999, "99.9%"), (1, "100%")],
)
def test_similarities_are_rounded_down(share: float, text: str) -> None:
    assert similar(share) == text


def test_one_and_many() -> None:
    assert many(1, "1 record", "{n} records") == "1 record"
    assert many(0, "1 record", "{n} records") == "0 records"
    assert many(12_000, "1 record", "{n} records") == "12,000 records"
