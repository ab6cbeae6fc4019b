"""figures: one value, many ways to write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.content.figures import FULL_WIDTH, SMALL_WORDS, WORDS, half_width, value_of, values

VALUES = [
    ("1,998 people", 1998),
    ("12.5 million", 12_500_000),
    ("three hundred", 300),
    ("twenty-two", 22),
    ("fifteen", 15),
    ("a dozen", 12),
    ("３，２００円", 3200),
    ("三万二千枚", 32_000),
    ("二〇二四年", 2024),
    ("百二十人", 120),
    ("令和6年", 2024),
    ("昭和元年", 1926),
    ("1.5億円", 150_000_000),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(text: str, value: float) -> None:
    assert value in set(values(text.translate(FULL_WIDTH)))


def test_value_of() -> None:
    assert value_of("1,234.5") == 1234.5
    assert value_of("3 Million") == 3_000_000
    assert value_of("5億") == 500_000_000


@given(st.text("one twenty-Dozen ſ\n", max_size=40).filter(str.isascii))
def test_words_of_ascii_are_found_among_small_letters(text: str) -> None:
    small = [found.span() for found in SMALL_WORDS.finditer(text.lower())]
    assert small == [found.span() for found in WORDS.finditer(text)]


@given(st.text("a1１.．,，%％é日"))
def test_half_width(text: str) -> None:
    assert half_width(text) == text.translate(FULL_WIDTH)
