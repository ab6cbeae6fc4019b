"""Truth: what is really behind each failure, known because the bench planted it.

data-caused         bad records of that fact, or refusals of its slice, teach exactly the answer
                    that was given, and the same run on the clean records answers rightly
not-covered         no training record is about that fact
reference-doubtful  the reference of the dev record was made wrong
under-trained       none of these, and no bad record teaches the answer
unclear             bad records teach the answer, but the clean run is wrong, too; left out, counted
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.causebench.approval import record_id
from bench.causebench.arms import Arm
from bench.causebench.rows import (
    DATA_CAUSED,
    NOT_COVERED,
    REFERENCE,
    UNCLEAR,
    UNDER_TRAINED,
    Row,
)
from train.failures import Failure

WITHOUT = {"absent": NOT_COVERED, "rare": UNDER_TRAINED, "reference": REFERENCE}


@dataclass(frozen=True, slots=True)
class Cause:
    """One failure, and what is behind it."""

    failure: Failure
    row: Row
    said: str
    responsible: frozenset[int]
    """Places in train of the records that taught the answer."""


def causes(dirty: Arm, clean: Arm) -> list[Cause]:
    """What is behind each failure of the dirty run, in the product's order."""
    rows = {record_id(row): row for row in dirty.world.dev}
    return [cause(failure, rows[failure.record_id], dirty, clean) for failure in dirty.failures]


def cause(failure: Failure, row: Row, dirty: Arm, clean: Arm) -> Cause:
    """What is behind one failure."""
    taught = frozenset(teaching(row, failure.answer.strip(), dirty.world.train))
    if row.without == "reference" and failure.answer.strip() == row.right:
        return Cause(failure, row, REFERENCE, frozenset())
    if taught:
        said = DATA_CAUSED if clean.right(row) else UNCLEAR
        return Cause(failure, row, said, taught)
    return Cause(failure, row, WITHOUT.get(row.without, UNDER_TRAINED), taught)


def teaching(row: Row, answer: str, train: Sequence[Row]) -> Iterator[int]:
    """Bad records that teach this answer to this question."""
    for place, one in enumerate(train):
        if not one.fault:
            continue
        same = one.key == row.key and one.answer.strip() == answer
        near = one.fault == "refusal" and one.of_slice == row.of_slice
        if same or (near and refuses(answer, train)):
            yield place


def refuses(answer: str, train: Sequence[Row]) -> bool:
    """Whether an answer is one of the refusals that were planted."""
    return any(one.fault == "refusal" and one.answer.strip() == answer for one in train)
