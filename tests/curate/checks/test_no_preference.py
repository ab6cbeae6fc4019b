"""no-preference: a pair of answers that differ in words is one; blank or equal ones are none."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.checks.no_preference import CHECK
from curate.finding import Hit
from tests.making import record, records

SAME = "the chosen and the rejected answer are the same"
EMPTY = "the rejected answer is empty"


@pytest.mark.parametrize(
    ("chosen", "rejected"),
    [
        ("Lima.", "Quito."),
        ("Lima.", "lima"),
        ("リマです。", "キトです。"),
        ("リマです。", "リマだ。"),
        ("Lima.", "N/A"),
        ("Lima.", "..."),
        ("", "Quito."),
        ("Lima.", None),
        ("", None),
    ],
)
def test_answers_that_differ_and_records_without_a_pair(chosen: str, rejected: str | None) -> None:
    assert ask(CHECK, records(record("Which city?", chosen, rejected=rejected))) == []


@pytest.mark.parametrize(
    ("chosen", "rejected", "message"),
    [
        ("Lima.", "Lima.", SAME),
        ("リマです。", "リマです。", SAME),
        ("Lima.", " Lima.\n", SAME),
        ("", "", SAME),
        ("Lima.", "", EMPTY),
        ("リマです。", "　\u200b", EMPTY),
        ("Lima.", " \n", EMPTY),
    ],
)
def test_nothing_to_choose_between(chosen: str, rejected: str, message: str) -> None:
    [(_, hit)] = ask(CHECK, records(record("Which city?", chosen, rejected=rejected)))
    assert isinstance(hit, Hit)
    assert (hit.message, hit.field) == (message, "rejected")


def test_only_pairs_are_counted_as_checked() -> None:
    assert CHECK.applies is not None
    frame = records(record(), record(rejected="No."))
    assert frame.select(CHECK.applies({})).to_series().to_list() == [False, True]
