"""quantities: numbers and dates in English and Japanese, as values."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from curate.content.quantities import agree, quantities
from curate.content.sameness import folded

NUMBERS = [
    ("3万円", {30_000}),
    ("30,000円", {30_000}),
    ("3億5千万円", {350_000_000}),
    ("3万5000人", {35_000}),
    ("1.5 million people", {1_500_000}),
    ("two dogs", {2}),
    ("四十二個", {42}),
    ("-5 degrees", {-5}),
    ("10-12 km", {10, 12}),
    ("5.0", {5}),
    ("built in 1990", {1990}),
    ("３つ", {3}),
    ("一般的な第一印象", set()),
    ("no figures here", set()),
    ("someone phoned", set()),
]
DATES = [
    "2024年5月3日",
    "令和6年5月3日",
    "May 3, 2024",
    "3rd of May 2024",
    "3 May 2024",
    "2024-05-03",
    "2024/5/3",
]


@pytest.mark.parametrize(("text", "numbers"), NUMBERS)
def test_numbers(text: str, numbers: set[int]) -> None:
    [plain] = folded(pl.Series([text]))
    assert quantities(plain).numbers == {Decimal(number) for number in numbers}


@pytest.mark.parametrize("text", DATES)
def test_one_date_however_it_is_written(text: str) -> None:
    [plain] = folded(pl.Series([text]))
    found = quantities(plain)
    assert found.dates == {(2024, 5, 3)}
    assert found.numbers == set()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("令和元年", (2019, None, None)),
        ("昭和64年1月7日", (1989, 1, 7)),
        ("5月3日", (None, 5, 3)),
        ("5月", (None, 5, None)),
        ("in may 2024", (2024, 5, None)),
    ],
)
def test_dates_that_say_less(text: str, date: tuple[int | None, ...]) -> None:
    assert quantities(text).dates == {date}


def test_may_alone_is_no_month_and_a_slash_date_is_numbers() -> None:
    assert quantities("it may rain").dates == set()
    assert quantities("03/05/2024").dates == set()


def test_the_rest_is_equal_where_only_figures_differ() -> None:
    assert quantities("built in 1990").rest == quantities("built in 1,991").rest
    assert quantities("3万円です").rest == quantities("500円です").rest


def test_dates_agree_as_far_as_both_say() -> None:
    day, month = frozenset({(2024, 5, 3)}), frozenset({(2024, 5, None)})
    other = frozenset({(2023, 5, 3)})
    assert agree(day, month)
    assert not agree(day, other)
    assert not agree(day, frozenset())
    assert agree(frozenset(), frozenset())
