"""Mix: several sources in wanted shares, none above its cap, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from curate.errors import BadSetting


@dataclass(frozen=True, slots=True)
class Portion:
    """One source: its weight, and how many records of it at most."""

    name: str
    records: int  # that it holds
    weight: float = 1.0
    cap: int | None = None

    @property
    def most(self) -> int:
        """Records that can come of it."""
        return self.records if self.cap is None else min(self.cap, self.records)


def parsed(text: str) -> tuple[str, float, int | None]:
    """FILE, FILE=WEIGHT or FILE=WEIGHT:CAP; BadSetting says what may be written."""
    name, equals, rest = text.rpartition("=")
    if not equals:
        return text, 1.0, None
    weight, _, cap = rest.partition(":")
    try:
        said = float(weight), int(cap) if cap else None
    except ValueError:
        said = 0.0, None
    if said[0] <= 0 or (said[1] is not None and said[1] < 1):
        raise BadSetting(
            f"{text!r}: write FILE=WEIGHT or FILE=WEIGHT:CAP, as general.jsonl=0.2:500"
        )
    return name, *said


def shares(portions: Sequence[Portion], total: int) -> list[int]:
    """Records of each source: by weight, up to its cap; what one cannot give the others do."""
    if total > sum(one.most for one in portions):
        most = sum(one.most for one in portions)
        raise BadSetting(f"--records {total}: the sources give {most} at most, under their caps")
    given = [0] * len(portions)
    while (left := total - sum(given)) > 0:
        open_ones = [i for i, one in enumerate(portions) if given[i] < one.most]
        weights = sum(portions[i].weight for i in open_ones)
        exact = {i: left * portions[i].weight / weights for i in open_ones}
        whole = {i: min(int(exact[i]), portions[i].most - given[i]) for i in open_ones}
        if not any(whole.values()):
            first = sorted(open_ones, key=lambda i: (-exact[i], portions[i].name))
            whole = {i: 1 for i in first[:left]}
        for i, n in whole.items():
            given[i] += n
    return given


def each_gives(portions: Sequence[Portion], given: Sequence[int]) -> None:
    """BadSetting where a source would not be in the mixture at all."""
    for portion, n in zip(portions, given, strict=True):
        if not n:
            raise BadSetting(
                f"{portion.name} would give none of {sum(given)} records, at weight "
                f"{portion.weight:g}; give it more weight, or name more --records or sources"
            )


def largest(portions: Sequence[Portion]) -> int:
    """The most records that keep the wanted shares exactly."""
    weights = sum(one.weight for one in portions)
    return int(min(one.most * weights / one.weight for one in portions))


def drawn(sizes: Sequence[int], wanted: Sequence[int], seed: int) -> list[tuple[int, int]]:
    """(source, record) in a mixed order; each record at most once."""
    picked = [
        (source, record)
        for source, (size, n) in enumerate(zip(sizes, wanted, strict=True))
        for record in sorted(random.Random(f"{seed} {source}").sample(range(size), n))
    ]
    random.Random(seed).shuffle(picked)
    return picked
