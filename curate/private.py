"""Private values leave the snapshot in no output: findings that quote one show it masked.

A privacy check masks its own findings. Other checks quote the same texts (contradicting answers,
ungrounded numbers, whole repaired texts), so every value that a privacy check found is masked in
all findings before they are kept; a repair that would hold one is withheld. Excerpts may end or
begin in the middle of a value: what is left of it there is masked too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from curate.check import Check
from curate.content.masking import DOT, DOTS_AT_MOST, mask
from curate.content.sameness import folded
from curate.hits import as_json

SHORTEST_VALUE = 4  # characters; a shorter one would mask ordinary words elsewhere
SHORTEST_PIECE = 6  # characters of a value that a cut left at an end of an excerpt
NOT_QUOTED = ("says", "record_id", "source")  # parts of evidence that hold no words of a record


@dataclass(frozen=True)
class Cut:
    """Finds what is left of a private value at the end, or at the beginning, of an excerpt."""

    forwards: Sequence[str]  # values, sorted
    backwards: Sequence[str]  # the same spelt from their ends
    longest: int

    @classmethod
    def of(cls, values: Iterable[str]) -> Cut:
        """For all values of which a piece would tell something."""
        long = [value for value in values if len(value) > SHORTEST_PIECE]
        backwards = sorted(value[::-1] for value in long)
        return cls(sorted(long), backwards, max(map(len, long), default=0))

    def ends(self) -> list[str]:
        """The least pieces that can be left, by which findings to look at are found fast."""
        first = {value[:SHORTEST_PIECE] for value in self.forwards}
        last = {value[:SHORTEST_PIECE][::-1] for value in self.backwards}
        return sorted(first | last)

    def masked(self, excerpt: str) -> str:
        """The excerpt without a piece of a private value at its ends."""
        left = piece(excerpt[::-1], self.backwards, self.longest)
        rest = DOT * min(left, DOTS_AT_MOST) + excerpt[left:]
        right = piece(rest, self.forwards, self.longest)
        return rest[: len(rest) - right] + mask(rest[len(rest) - right :])

    def masked_in(self, quoted: Any) -> Any:
        """The same for every text in a piece of evidence."""
        if isinstance(quoted, str):
            return self.masked(quoted)
        if isinstance(quoted, list):
            return [self.masked_in(one) for one in quoted]
        if isinstance(quoted, dict):
            return {
                key: one if key in NOT_QUOTED else self.masked_in(one)
                for key, one in quoted.items()
            }
        return quoted


def piece(text: str, values: Sequence[str], longest: int) -> int:
    """How many characters at the end of a text are the beginning of one of the sorted values."""
    for length in range(min(longest - 1, len(text)), SHORTEST_PIECE - 1, -1):
        tail = text[-length:]
        at = bisect_left(values, tail)
        if at < len(values) and values[at].startswith(tail):
            return length
    return 0


def masked(hits: pl.DataFrame, private: Set[str]) -> pl.DataFrame:
    """The hits with every private value masked in messages and evidence, and no repair with one."""
    if not private:
        return hits
    values = sorted(private, key=lambda value: (-len(value), value))
    quoted = pl.col("message", "evidence").str.replace_many(values, [mask(v) for v in values])
    told = pl.col("fix").str.contains_any(values).fill_null(value=False)
    fix = pl.when(told).then(None).otherwise(pl.col("fix"))
    return without_pieces(hits.with_columns(quoted, fix=fix), Cut.of(private))


def without_pieces(hits: pl.DataFrame, cut: Cut) -> pl.DataFrame:
    """The hits without what cuts left of private values; few hits need that closer look."""
    if not cut.forwards:
        return hits
    near = hits["evidence"].str.contains_any(cut.ends()).fill_null(value=False).arg_true()
    said = [cut.masked_in(orjson.loads(text)) for text in hits["evidence"].gather(near)]
    messages = [one["says"].format(**one["args"]) for one in said]
    return hits.with_columns(
        evidence=hits["evidence"].scatter(near, [as_json(one) for one in said]),
        message=hits["message"].scatter(near, messages),
    )


def private_values(hits: pl.DataFrame, records: pl.DataFrame, checks: Iterable[Check]) -> set[str]:
    """What privacy checks point at in these records: as it stands there, as it is folded for
    comparing, and as JSON escapes both."""
    privacy = [check.name for check in checks if check.group == "privacy"]
    found = hits.filter(pl.col("check").is_in(privacy) & pl.col("start").is_not_null())
    values: set[str] = set()
    for (field,), part in found.group_by("field"):
        texts = records[str(field)].gather(part["row"])
        spans = zip(texts, part["start"], part["end"], strict=True)
        values |= {text[start:end] for text, start, end in spans if text is not None}
    values |= set(folded(pl.Series(list(values), dtype=pl.String)))
    escaped = {orjson.dumps(value).decode()[1:-1] for value in values}
    return {value for value in values | escaped if len(value) >= SHORTEST_VALUE}
