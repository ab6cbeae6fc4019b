"""Reciting: whether an answer repeats a training answer word for word where nobody asked for it.

What the question or the reference says too is no recitation. Pieces in common are found by what
stands at every SEED-th character of the training answers: none of FEWEST characters is missed, if
nothing of it is in the question or the reference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from train.evaluate import Answered

if TYPE_CHECKING:
    from train.approved import Record

FEWEST = 40  # characters from which a piece in common is no accident
SEED = (FEWEST + 1) // 2  # any piece of FEWEST characters holds a whole seed, wherever it begins


@dataclass(frozen=True, slots=True)
class Recited:
    """An answer, the training record that it repeats, and the longest piece that both have."""

    record_id: str
    training_id: str
    piece: str


def recited(answered: Sequence[Answered], train: Iterable[Record]) -> list[Recited]:
    """The answers that repeat a training answer, the longest piece first."""
    seeds = seeds_of(answered)
    longest: dict[int, Recited] = {}
    for record in train:
        for start in range(0, len(record.answer) - SEED + 1, SEED):
            for number, at in seeds.get(record.answer[start : start + SEED], ()):
                one = answered[number]
                piece = common(one.answer, at, record.answer, start)
                before = longest.get(number)
                if len(piece) > (len(before.piece) if before else FEWEST - 1):
                    longest[number] = Recited(one.record_id, record.record_id, piece)
    return sorted(longest.values(), key=lambda one: (-len(one.piece), one.record_id))


def seeds_of(answered: Sequence[Answered]) -> Mapping[str, list[tuple[int, int]]]:
    """Every piece of SEED characters that only the answer has -> (answer, position)."""
    seeds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, one in enumerate(answered):
        for at in range(len(one.answer) - SEED + 1):
            piece = one.answer[at : at + SEED]
            if piece not in one.reference and piece not in one.prompt:
                seeds[piece].append((number, at))
    return seeds


def common(one: str, at: int, other: str, start: int) -> str:
    """What two texts have in common around two positions where they are the same."""
    before = 0
    while before < min(at, start) and one[at - before - 1] == other[start - before - 1]:
        before += 1
    after = 0
    while at + after < len(one) and start + after < len(other):
        if one[at + after] != other[start + after]:
            break
        after += 1
    return one[at - before : at + after]
