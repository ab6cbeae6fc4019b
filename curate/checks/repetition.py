"""An answer that goes round in circles: the same words, sentence or line again and again.

Generations that fell into a loop teach the next model to fall into it too, and a few of them are
enough: the loop is the easiest thing in the data to predict. Refrains, tables, rulers of dashes
and code are not loops.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.repeats import repeating
from curate.finding import Hit

PROBE = 20  # bytes that must come back behind the middle (or before the end) of a loop
LEAST = 60  # bytes; no loop worth a look is shorter
LONG = 1_000  # bytes; from here up the end is looked at too, where generations loop until cut off
WIDEST = 600  # characters of the longest unit looked for
PIECE = 8  # characters; three of them in a text are worth the full look
WORD = 12  # characters of the pieces that are looked for again,
PIECES_TRIED = 200  # and how many of them, so that a long text costs little more than a short one
CLOSEST = 6  # characters between two of them in a short text
BLOCK = 64  # characters compared at once
MOST = 200_000  # characters in which scattered repeats are looked for
PARTING = 3  # characters between two units
SHORTEST_RUN = 30  # characters
WORDLESS_RUN = 100  # characters of signs,
NUMBER_RUN = 500  # or of digits and brackets: arrays of zeros are shorter

CODE = re.compile(r"[(){}\[\]<>=;\\|]")
DRAWING = re.compile(r"[\s\-=_*.,:#~+|/\\<>─━│┃・…。^'`]+")
ASKED_FOR = re.compile(
    r"\b(?:write|say|print|repeat|output|type|sing)\b[^.\n]{0,60}\b(?:\d+|two|three|five|ten) times"
    r"|\brepeat (?:the|this|it|after)\b|over and over|\bchant\b"
    r"|[\d０-９一二三四五六七八九十百][回度][^。\n]{0,4}(?:書|言|唱|出力|表示|印刷|並べ|繰|くり)"
    r"|\)\s?\d+\s+repeats?\b|\b(?:\d+|tandem|times) repeats?\b"
    r"|\brepeating (?:unit|pattern|sequence)"
    r"|繰り返して?(?:書|言|唱|出力|表示)|何度も(?:書|言|唱)|連呼",
    re.IGNORECASE,
)
# Of numbered items, what the fifth says.
FIFTH = r"(?:^|[^0-9０-９.,])[5５][.)．、:：]\s*(\S[^。\n0-9０-９]{3,14})"
MARKS = [five + mark for five in "5５" for mark in ".)．、:："]  # sought first, without a pattern
FEWEST = 3  # times that one sentence or item, and next to nothing else, makes an answer a loop,
FEWEST_SHORT = 5  # and where it is no longer than WORDY
WORDY = 40  # bytes
NEARLY_ALL = 0.8  # of an answer's pieces
PIECES = re.compile(r"(?<=[。！？!?\n])|(?<=\.\s)")
DIGITS = re.compile(r"\d+")


class Loop(NamedTuple):
    """Characters `start` to `end` repeat their first `width` characters."""

    start: int
    end: int
    width: int

    @property
    def times(self) -> int:
        # What parts two units does not follow the last.
        return (self.end - self.start + min(PARTING, self.width // 10)) // self.width


def suspects(_: Params) -> pl.Expr:
    comes_back = partial(repeating, piece=PROBE, least=LEAST, long=LONG)
    looped = pl.col("answer").map_batches(comes_back, return_dtype=pl.Boolean)
    return looped | numbered().fill_null(value=False)


def numbered() -> pl.Expr:
    """Whether what the fifth of numbered items says comes back as often as a loop would."""
    answer = pl.col("answer")
    fifth = pl.when(answer.str.contains_any(MARKS)).then(answer).str.extract(FIFTH)
    again = pl.when(fifth.is_not_null()).then(answer).str.count_matches(fifth, literal=True)
    return again >= FEWEST_SHORT


def judge(row: Row, params: Params) -> Iterator[Said]:
    text = row["answer"]
    looped = comes_back(text) and (in_a_row(text, params) or scattered(text, params))
    hit = looped or nothing_else(text)
    if hit and not ASKED_FOR.search(row["instruction"] or ""):
        yield hit


def in_a_row(text: str, params: Params) -> Hit | None:
    """The longest loop, if it takes enough of the answer."""
    found = [loop for loop in loops(text) if counts(text, loop)]
    if not found:
        return None
    loop = max(found, key=lambda loop: loop.end - loop.start - loop.width)
    share = (loop.end - loop.start - loop.width) / len(text)
    if share < params["floor"]:
        return None
    unit = shown(text[loop.start : loop.start + loop.width])
    return Hit(
        "'{unit}' is repeated {times} times in a row: {share} % of the answer",
        {"unit": unit, "times": loop.times, "share": round(100 * share)},
        field="answer",
        start=loop.start,
        end=loop.end,
        score=round(share, 4),
    )


def scattered(text: str, params: Params) -> Hit | None:
    """The sentence or line that comes most often, numbers aside; the share of all such repeats."""
    text = text[:MOST]
    if sum(text.count(mark) for mark in ("\n", "。", ". ", "！", "？")) < params["lines"]:
        return None
    pieces = PIECES.split(text)
    alike = [bare(piece) for piece in pieces]
    worded = Counter(piece for piece in alike if len(piece) >= 10 and not CODE.search(piece))
    piece, times = max(worded.items(), key=lambda found: found[1], default=("", 0))
    if times < params["lines"]:
        return None
    again = sum(len(piece) * (times - 1) for piece, times in worded.items() if times >= 3)
    first = pieces[alike.index(piece)]
    return Hit(
        "lines like '{unit}' come back {times} times: {share} % of the answer",
        {"unit": shown(first), "times": times, "share": round(100 * again / len(text))},
        field="answer",
        score=round(again / len(text), 4),
    )


def nothing_else(text: str) -> Hit | None:
    """A sentence or item, numbers aside, of which the answer consists."""
    pieces = [piece for piece in PIECES.split(text[:MOST]) if bare(piece)]
    alike = [bare(piece) for piece in pieces]
    piece, times = max(Counter(alike).items(), key=lambda found: found[1], default=("", 0))
    least = FEWEST if len(piece.encode()) >= WORDY else FEWEST_SHORT
    worded = any(map(str.isalpha, piece)) and not CODE.search(piece)
    if times < least or times < NEARLY_ALL * len(pieces) or not worded:
        return None
    first = pieces[alike.index(piece)]
    return Hit(
        "lines like '{unit}' come back {times} times: {share} % of the answer",
        {"unit": shown(first), "times": times, "share": round(100 * (times - 1) / len(pieces))},
        field="answer",
        score=round((times - 1) / len(pieces), 4),
    )


def bare(piece: str) -> str:
    """What a sentence or item says, without its number and marks."""
    return DIGITS.sub("0", piece).strip(" \n\t0.-*・)．、:：")


def comes_back(text: str) -> bool:
    """A piece from the middle, or from before the end, is there at least three times."""
    places = (len(text) // 2, len(text) - PROBE)
    return any(text.count(text[place : place + PIECE]) >= 3 for place in places)


def loops(text: str) -> Iterator[Loop]:
    """Every stretch where the text equals itself moved by some width, from left to right."""
    at, size = 0, len(text)
    step = max(CLOSEST, size // PIECES_TRIED)
    while at + WORD < size:
        piece = text[at : at + WORD]
        again = text.find(piece, at + 1, at + WORD + WIDEST)
        width = again - at
        if again < 0 or not text.startswith(piece, again + width):
            at += step
            continue
        start, end = stretch(text, at, width)
        at += step
        loop = Loop(start, end, width)
        if loop.times >= 3:
            yield loop
            at = end


def stretch(text: str, at: int, width: int) -> tuple[int, int]:
    """How far to both sides of `at` the text equals itself moved by `width`."""
    start, end = at, at + width + WORD
    while len(text) > end and text.startswith(text[end - width : end - width + BLOCK], end):
        end += BLOCK
    while end < len(text) and text[end] == text[end - width]:
        end += 1
    while start > 0 and text[start - 1] == text[start - 1 + width]:
        start -= 1
    return start, end


def counts(text: str, loop: Loop) -> bool:
    """Whether a repetition is a fault, not a ruler, a table, a number or a piece of code."""
    run, unit = loop.end - loop.start, text[loop.start : loop.start + loop.width]
    coded = CODE.search(unit) is not None
    if not any(letter.isalpha() for letter in unit):
        enough = NUMBER_RUN if coded or any(letter.isdigit() for letter in unit) else WORDLESS_RUN
        return run >= enough and loop.times >= 10 and not DRAWING.fullmatch(unit)
    if coded:
        return loop.times >= 10
    wordy = len(unit) >= 32 or len(unit.encode()) >= 60  # no refrain of a few words
    return run >= SHORTEST_RUN and loop.times >= (3 if wordy else 5)


def shown(unit: str) -> str:
    short = " ".join(unit.split())
    return short if len(short) <= 40 else f"{short[:39]}…"


CHECK = Check(
    name="repetition",
    says="the answer repeats itself again and again",
    group="form",
    severity="error",
    why=__doc__,
    each_answer=True,
    params={
        "share": 0.3,  # of the answer's characters; below, a refrain or an example may repeat
        "floor": 0.1,
        "lines": 12,  # times that a line must come back when other text stands between
    },
    fields=("instruction", "answer"),
    threshold="share",
    floor=0.1,
    suspects=suspects,
    look=by_record(judge),
)
