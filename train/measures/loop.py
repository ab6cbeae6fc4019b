"""Loop: whether the answer ends in going round in circles.

Greedy decoding that falls into a loop never leaves it, so the loop is at the end: the last part
of the answer is one piece of text again and again, to the very last character.
"""

from __future__ import annotations

from train.measures import Attempt, Measure, one_by_one

LOOKED_AT = 2_000  # characters of the end
SHORTEST = 24  # characters of the whole loop
TIMES_SHORT, TIMES_LONG = 5, 3  # repeats, of a piece below and from LONG characters
LONG = 20


def loop(one: Attempt) -> bool:
    """Whether the answer loops and the reference does not."""
    return looping(one.answer) is not None and looping(one.reference) is None


def looping(text: str) -> str | None:
    """The piece that the text's end repeats; rulers and blanks are none."""
    end = text.rstrip()[-LOOKED_AT:][::-1]
    borders = prefix_borders(end)
    for size in range(len(end), SHORTEST - 1, -1):  # the longest stretch first
        width = size - borders[size]
        times = (size + 1) // width  # the last piece may lack the blank that was stripped
        if times >= (TIMES_LONG if width >= LONG else TIMES_SHORT):
            piece = end[:width][::-1]
            return piece if any(letter.isalnum() for letter in piece) else None
    return None


def prefix_borders(text: str) -> list[int]:
    """For each length, how much of the prefix is also its suffix (Knuth, Morris, Pratt 1977)."""
    borders, border = [0, 0], 0
    for letter in text[1:]:
        while border and text[border] != letter:
            border = borders[border]
        border += text[border] == letter
        borders.append(border)
    return borders


MEASURE = Measure("loop", "whether the answer ends in a loop", "lower", one_by_one(loop))
