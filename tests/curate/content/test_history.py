"""History: a stretch of a turn is found in the JSON and back, whatever JSON escapes."""

from __future__ import annotations

import orjson
import pytest

from curate.content.history import in_json, in_turn

TURNS = [
    ["user", 'Say "hi".'],
    ["assistant", 'Hi,\n"you"\tthere'],
    ["user", "もう一度"],
    ["assistant", "やあ。\\ で"],
    ["assistant", ""],
]
HISTORY = orjson.dumps(TURNS).decode()


@pytest.mark.parametrize("at", range(len(TURNS)))
def test_every_stretch_is_found_in_both_ways(at: int) -> None:
    text = TURNS[at][1]
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            placed = in_json(HISTORY, at, start, end)
            assert placed is not None
            assert orjson.loads(f'"{HISTORY[placed[0] : placed[1]]}"') == text[start:end]
            assert in_turn(HISTORY, *placed) == (at, start, end)


def test_what_is_written_otherwise_or_lies_between_turns_is_in_none() -> None:
    assert in_json('[ ["user", "Hi"] ]', 0, 0, 2) is None
    assert in_turn('[ ["user", "Hi"] ]', 11, 13) is None
    assert in_turn(HISTORY, 2, 6) is None
