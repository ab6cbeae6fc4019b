"""common_run: what two texts share around a place."""

from __future__ import annotations

import pytest

from curate.content.common_run import common_run, telling

SHARED = "the quick brown fox jumps over the lazy dog and then runs away into"


def test_the_run_is_as_long_as_it_can_be_in_whole_words() -> None:
    text, other = f"today {SHARED} deep woods", f"xtoday {SHARED} deeper water"
    at = text.encode().index(b"jumps")
    assert common_run(text, at, 32, other) == SHARED


def test_a_window_that_cuts_a_japanese_character() -> None:
    run = "日本の首都は東京であり、人口は約千四百万人である"
    text, other = f"あ{run}という", f"さて{run}らしい"
    for at in range(12, 40):
        assert common_run(text, at, 32, other) == run


def test_a_window_that_the_other_lacks() -> None:
    assert common_run("a" * 40, 0, 32, "b" * 40) == ""


@pytest.mark.parametrize(
    ("run", "tells"),
    [
        ("one two three four five six seven eight nine ten eleven twelve thirteen", True),
        ("one two three four five six seven eight nine ten eleven twelve", False),
        ("あ" * 30, True),
        ("あ" * 29, False),
    ],
)
def test_how_long_is_telling(run: str, *, tells: bool) -> None:
    assert telling(run) is tells
