"""Copies: what is said of a record holds at each of its places, and one survivor is named to all."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from curate.audit import audit
from curate.dedup.copies import count_of_copies, places_of
from tests.curate.checks.test_near_duplicate import EN, JA, alpaca, asked, found


def test_places_are_those_of_every_copy(tmp_path: Path) -> None:
    one, other = alpaca("Hi", "Hello"), alpaca("やあ", "こんにちは")
    snapshot = audit([other, one, one], workspace=tmp_path, only=["empty-answer"]).snapshot
    ids = pl.concat(part["record_id"] for part in snapshot.frames(["record_id"]))
    assert places_of(snapshot, ids[1:2]).select("number", "line").rows() == [(1, 2), (2, 3)]
    assert len(places_of(snapshot, ids[:0])) == 0
    assert count_of_copies(snapshot) == 1


@pytest.mark.parametrize("text", [EN, JA])
def test_copies_of_a_record_that_goes_are_sent_to_the_one_that_stays(
    text: str, tmp_path: Path
) -> None:
    short, long = alpaca("Tell me.", text), alpaca("Tell me.", f"{text} その。")
    report = audit(
        [short, short, short, long, long], workspace=tmp_path,
        only=["near-duplicate", "exact-duplicate"], changes=["near-duplicate.survivor=longest"],
    )  # fmt: skip
    near = report.findings.filter(pl.col("check") == "near-duplicate")
    assert sorted(near["line"]) == [1, 2, 3]
    assert near["evidence"].str.json_path_match("$.kept.line").unique().to_list() == ["4"]
    exact = report.findings.filter(pl.col("check") == "exact-duplicate")
    assert sorted(exact["line"]) == [2, 3, 5]
    for line, kept in exact.select(
        "line", pl.col("evidence").str.json_path_match("$.kept.line")
    ).rows():
        assert (line == 5) == (kept == "4")  # the first place, for both checks
    told = report.document["measures"]["near-duplicate"]
    assert (told["removable"], told["exact_copies"], told["sizes"]) == (3, 1, {"4": 1})
    [top] = [one for one in report.document["top"] if one["line"] < 4]
    shown = report.findings.filter(pl.col("line") == top["line"])
    assert set(shown["check"]) == set(top["why"])  # what is shown there stands there


def test_copies_alone_are_counted_and_no_near_duplicates(tmp_path: Path) -> None:
    report = asked([alpaca("Hi", "Hello")] * 4, tmp_path)
    assert found(report) == []
    assert report.document["measures"]["near-duplicate"]["exact_copies"] == 3
