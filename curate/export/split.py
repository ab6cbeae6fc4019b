"""Split: train, dev and test by groups of records that say the same, so that no test leaks.

Records belong to one group where they have one id, one parent, one prompt (case, width, punctuation
and spaces aside), where the audit found them duplicates or contradictions of each other, or where
they are near-duplicates as they are now, after all edits. A group is drawn as a whole, by a hash of
the seed and the smallest id in it, so the order of the input does not matter and a new group moves
no other one.

What an earlier approved snapshot of the same seed and shares has put into a split stays there;
where a new record ties a test record to a train record, both are test from then on, because a test
record that was trained on is worth nothing: test goes before dev, dev before train.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.dedup.survivors import clusters
from curate.errors import BadSetting
from curate.export.manifest import SPLITS

Pairs = npt.NDArray[np.int64]
WHOLE = 1 << 64
SHARED = ("record_id", "first_id", "parent_id", "prompt_id", "wording", "cluster")
STRICTEST = ("test", "dev", "train")
DRAWN = "drawn"
BEFORE = "as in the approved snapshot before"
FILLED = "drawn, because the split would be empty"
MOVED = "moved from {split}: it now belongs with a record of a stricter split"


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of the groups goes where; each 0 to 1, together 1."""

    train: float = 0.9
    dev: float = 0.05
    test: float = 0.05


class Placed(NamedTuple):
    """The split of a record, and why it is that one."""

    split: str
    why: str


def shares_of(text: str) -> Shares:
    """The shares in a text such as 0.9,0.05,0.05; BadSetting says what is allowed."""
    try:
        given = [float(part) for part in text.split(",")]
    except ValueError:
        given = []
    fits = len(given) == len(SPLITS) and all(0 <= one <= 1 for one in given)
    if not fits or abs(sum(given) - 1) > 1e-6 or not given[0]:
        raise BadSetting(
            f"--split {text!r}: write the shares of train, dev and test, which make 1 together, "
            "as 0.9,0.05,0.05"
        )
    return Shares(*given)


def groups(records: pl.DataFrame, named: Mapping[str, Sequence[str]], near: Pairs) -> list[str]:
    """The group of every record, named by its smallest first id.

    `records` has record_id, first_id, parent_id, prompt_id and the prompt's wording (null: none);
    `named` gives the records that the audit put together, by their first ids; `near` are rows that
    are near-duplicates now.
    """
    first = records["first_id"]
    told = pl.Series(
        "cluster", [named[one][0] if one in named else None for one in first], pl.String
    )
    table = records.with_columns(told)
    same = [alike(table, name) for name in SHARED]
    ids = first.to_list()
    found = list(ids)
    for rows in clusters(len(ids), np.concatenate([near, *same])):
        smallest = min(ids[row] for row in rows)
        for row in rows:
            found[row] = smallest
    return found


def alike(table: pl.DataFrame, column: str) -> Pairs:
    """Each row with the first that has the same value."""
    rows = table.select(column).with_row_index("at").drop_nulls()
    pairs = rows.with_columns(first=pl.col("at").min().over(column)).filter(
        pl.col("at") != pl.col("first")
    )
    return pairs.select("first", "at").to_numpy().astype(np.int64).reshape(-1, 2)


def placed(
    found: Sequence[str],
    shares: Shares,
    seed: int,
    earlier: Sequence[str | None] | None = None,
) -> list[Placed]:
    """The split of every record; `earlier` is the one that each was in before.

    What an earlier snapshot decides is told only where the seed alone would have said otherwise, so
    that exporting the same twice is the same.
    """
    alone = {group: drawn(group, shares, seed) for group in set(found)}
    filled = filling(alone, sorted(alone), shares, seed)
    alone |= filled
    before: dict[str, set[str]] = {}
    for group, split in zip(found, earlier or (), strict=False):
        if split is not None:
            before.setdefault(group, set()).add(split)
    whole = alone | {group: strictest(splits) for group, splits in before.items()}
    new = sorted(set(whole) - set(before))
    again = filling(whole, new, shares, seed)
    whole |= again

    def why(group: str, was: str | None) -> str:
        if was is not None and was != whole[group]:
            return MOVED.format(split=was)
        if whole[group] != alone[group]:
            return FILLED if group in again else BEFORE
        return FILLED if group in filled else DRAWN

    every = earlier or [None] * len(found)
    return [Placed(whole[one], why(one, was)) for one, was in zip(found, every, strict=True)]


def strictest(splits: Iterable[str]) -> str:
    """The split that goes before the others."""
    return min(splits, key=STRICTEST.index)


def number(word: str, seed: int, group: str) -> float:
    """A number from 0 up to 1 that depends on these alone."""
    hashed = blake2b(f"{word} {seed} {group}".encode(), digest_size=8)
    return int.from_bytes(hashed.digest(), "big") / WHOLE


def drawn(group: str, shares: Shares, seed: int) -> str:
    """The split that the hash gives a group."""
    at = number("place", seed, group)
    if at < shares.test:
        return "test"
    return "dev" if at < shares.test + shares.dev else "train"


def filling(
    whole: Mapping[str, str], new: Sequence[str], shares: Shares, seed: int
) -> dict[str, str]:
    """Groups that change their split so that train has one, and dev where there are two or more."""
    moved: dict[str, str] = {}
    wanted = [split for split in ("train", "dev") if getattr(shares, split)]
    for split in wanted[: len(whole)]:
        now = {**whole, **moved}
        sizes = {each: sum(1 for one in now.values() if one == each) for each in SPLITS}
        if sizes[split]:
            continue
        spare = [one for one in new if one not in moved and spares(now[one], split, sizes)]
        if spare:
            moved[min(spare, key=lambda one: (number(split, seed, one), one))] = split
    return moved


def spares(split: str, wanting: str, sizes: Mapping[str, int]) -> bool:
    """Whether a split can do without a group; train, which comes first, takes from any."""
    return wanting == "train" or split == "test" or sizes[split] > 1
