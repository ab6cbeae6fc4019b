"""Survivors: which record of a cluster stays, by a policy that the user sets.

A policy is a list of reasons, the first that tells two records apart decides:

    reviewed       a person has decided that it stays, as it is or changed
    majority       its answer is the one that most of the cluster give; exact copies count too
    longest        it has the longer text, runs of white space counted once; of two as long, the one
                   with fewer of them
    newest:COLUMN  its COLUMN is greater: as a number where all are numbers, else as text, as dates
                   like 2026-11-21 are; v9 is the greater text beside v10
    score:COLUMN   its COLUMN is the greater number
    id             it has the smaller id

COLUMN is one that travels along as meta. In the end the record in ordinary characters is preferred,
then the one with the most copies, and then `id` decides, so that the order of the input never does;
`id` named decides at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl

from curate.content.sameness import INVISIBLE, folded, normal, plain
from curate.dedup.candidates import Pairs
from curate.errors import BadSetting, unknown
from curate.snapshot import Snapshot

PLAIN = ("reviewed", "majority", "longest", "id")
BY_COLUMN = ("newest", "score")
PLAINER = "newest:COLUMN compares texts, such as dates"
COLUMNS = ("record_id", "source", "line", "instruction", "input", "answer", "rejected", "meta")
WRITTEN = ("instruction", "input", "answer", "rejected")  # what `longest` measures
NUMBER = r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$"
ODD = rf"[^\S \n\t\r\u{{3000}}]|[{INVISIBLE}]"
WIDE_SIGNS = "[\u3000！-／：-＠［-｀｛-～]"  # ordinary in Japanese, and not in NFKC


def known(policy: tuple[str, ...], check: str) -> None:
    """BadSetting where there is no reason, or one that is not known, or names no column."""
    if not policy:
        raise BadSetting(
            f"{check}.survivor is empty; allowed: {', '.join(PLAIN)}, newest:COLUMN, score:COLUMN; "
            "`id` alone prefers none for what it says"
        )
    for reason in policy:
        name, colon, column = reason.partition(":")
        if name not in (*PLAIN, *BY_COLUMN):
            raise BadSetting(unknown(f"{check}.survivor", reason, (*PLAIN, *BY_COLUMN)))
        if bool(column) != (name in BY_COLUMN) or bool(colon) != bool(column) or column[:1] == " ":
            raise BadSetting(
                f"{check}.survivor: {reason!r}; write newest:COLUMN or score:COLUMN with a "
                "column and no blank after the colon, the others without"
            )


def columns_there(snapshot: Snapshot, policy: Iterable[str], check: str) -> None:
    """BadSetting where a reason goes by a column that no record has, or a score by no number."""
    for reason in policy:
        name, _, column = reason.partition(":")
        if name not in BY_COLUMN:
            continue
        frames = snapshot.frames(["meta"])
        if any(value_of(part, name, column).is_not_null().any() for part in frames):
            continue
        values = pl.concat([part["meta"].drop_nulls() for part in snapshot.frames(["meta"])])
        there = {key for meta in values for key in orjson.loads(meta)}
        lacks = f"holds no number; {PLAINER}" if column in there else "is not there"
        named = ", ".join(sorted(there)) or "none"
        raise BadSetting(f"{check}.survivor = {reason}: {column!r} {lacks}; columns: {named}")


def rank_of(
    records: pl.DataFrame, pairs: Pairs, policy: Sequence[str], reviewed: Iterable[str] = ()
) -> npt.NDArray[np.int64]:
    """The rank of every record (0 is rather kept); `pairs` are rows that are alike, `reviewed` the
    ids of records that people keep. `records` say in `copies` how often each of them stands there.
    """
    stays = records["record_id"].is_in(list(reviewed))
    asked = list(takewhile(lambda name: name != "id", policy))
    reasons = [stays if name == "reviewed" else reason_for(records, pairs, name) for name in asked]
    if asked == list(policy):
        reasons += [ordinary(records), records["copies"]]
    named = [reason.alias(str(number)) for number, reason in enumerate(reasons)]
    table = records.select("record_id", "source", "line").with_columns(named)
    order = table.with_row_index("at").sort(
        *(series.name for series in named),
        "record_id",
        "source",
        "line",
        descending=[*(True for _ in named), False, False, False],
        nulls_last=True,
    )["at"]
    rank = np.empty(len(records), np.int64)
    rank[order.to_numpy()] = np.arange(len(records))
    return rank


def reason_for(records: pl.DataFrame, pairs: Pairs, reason: str) -> pl.Series:
    """What speaks for each record; more is better, null says nothing."""
    name, _, column = reason.partition(":")
    if name == "longest":
        whole = plain(written(records))
        even = whole.str.replace_all(r"\s+", " ").str.strip_chars(" ").str.len_chars()
        return even + even / whole.str.len_chars().clip(1)
    if name == "majority":
        answers, copies = folded(records["answer"]), records["copies"]
        return pl.Series(with_the_majority(answers.to_list(), copies.to_list(), pairs))
    return value_of(records, name, column)


def ordinary(records: pl.DataFrame) -> pl.Series:
    """How ordinary the characters of each record are: as few odd blanks and unseen characters as
    possible, and of as many, letters that NFKC leaves alone."""
    whole = written(records)
    letters = whole.str.replace_all(WIDE_SIGNS, "")
    return (letters == normal(letters)) / 2 - whole.str.count_matches(ODD).cast(pl.Int64)


def written(records: pl.DataFrame) -> pl.Series:
    """What people wrote of each record, as one text."""
    return records.select(pl.concat_str(WRITTEN, separator=" ", ignore_nulls=True)).to_series()


def value_of(records: pl.DataFrame, name: str, column: str) -> pl.Series:
    """What stands in a column of the records' own; as numbers for `score` and where all are."""
    value = records["meta"].str.json_path_match(f"$[{column!r}]")
    as_text = name == "newest" and not value.str.contains(NUMBER).all()
    return value if as_text else value.cast(pl.Float64, strict=False)


def with_the_majority(answers: list[str | None], copies: list[int], pairs: Pairs) -> list[bool]:
    """Whether each answer is the one that most records of its cluster give, copies counted."""
    said = [False] * len(answers)
    for cluster in clusters(len(answers), pairs):
        votes = Counter[str | None]()
        for at in cluster:
            votes[answers[at]] += copies[at]
        counts = votes.most_common(2)
        tied = len(counts) > 1 and counts[0][1] == counts[1][1]
        for at in cluster:
            said[at] = not tied and answers[at] == counts[0][0]
    return said


def clusters(size: int, pairs: Pairs) -> Iterator[list[int]]:
    """The groups of rows that pairs hold together, those of two or more."""
    parent = list(range(size))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, other in pairs.tolist():
        parent[root(one)] = root(other)
    groups: dict[int, list[int]] = {}
    for at in range(size):
        groups.setdefault(root(at), []).append(at)
    yield from (group for group in groups.values() if len(group) > 1)
