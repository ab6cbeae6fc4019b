"""Worst first, but no check drowns the others."""

from __future__ import annotations

import polars as pl

from curate.show.worst import OF_EACH_CHECK, worst
from tests.fake_report import check, crowd, finding, record, report


def test_all_findings_come_worst_first() -> None:
    rows = worst(crowd(50).findings, 100)
    assert len(rows) == 50
    assert rows["severity"].to_list() == ["error"] * 10 + ["warn"] * 20 + ["info"] * 20


def test_a_check_that_flags_everything_leaves_room_for_the_others() -> None:
    one = record(line=1)
    loud = [finding(one, "loud", "error", "loud {n}", args={"n": n}) for n in range(500)]
    quiet = [finding(one, "quiet", "info", "quiet {n}", args={"n": n}) for n in range(30)]
    made = report([one], [*loud, *quiet], [check("loud", "form", "x"), check("quiet", "form", "y")])
    rows = worst(made.findings, 100)
    assert len(rows) == 100
    counts = dict(rows.group_by("check").len().iter_rows())
    assert counts == {"loud": 100 - OF_EACH_CHECK, "quiet": OF_EACH_CHECK}
    assert rows["check"].to_list() == sorted(rows["check"])  # loud errors first, then quiet notes


def test_a_higher_score_comes_first_and_the_order_is_always_the_same() -> None:
    one = record(line=1)
    found = [
        finding(one, "c", "warn", f"m{n}", score=score) for n, score in enumerate((0.2, 0.9, None))
    ]
    made = report([one], found, [check("c", "form", "x")])
    assert worst(made.findings, 10)["message"].to_list() == ["m1", "m0", "m2"]
    assert worst(made.findings.reverse(), 10).equals(worst(made.findings, 10))


def test_nothing_is_fine() -> None:
    assert worst(crowd(1).findings.clear(), 10).schema == crowd(1).findings.schema
    assert isinstance(worst(crowd(3).findings, 2), pl.DataFrame)
