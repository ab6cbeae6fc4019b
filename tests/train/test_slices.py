"""Slices: a part that is answered worse is seen; one value for all is no slice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.train.snapshots import approve, rows
from tests.train.test_report import Page
from tests.train.test_run import trained
from train import card, report
from train.report_facts import Facts, opened
from train.slices import KINDS, MOST, slices

DEV = 6


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with six dev records: two are about the sea, one is a model's, two are Japanese."""
    place = tmp_path_factory.mktemp("slices")
    records = rows(train=6, dev=DEV, test=2)
    for number, row in enumerate(records[6 : 6 + DEV]):
        row["category"] = "sea" if number < 2 else "land"
        row["origin"] = "model" if number == 3 else None
    return trained(approve(place / "approved", records), place / "runs")


def told(facts: Facts, kind: str) -> dict[str | None, tuple[int, int]]:
    return {one.name: (one.records, one.failures) for one in slices(facts) if one.kind == kind}


def measured(run: Path, out: Path, **columns: list[float]) -> Facts:
    """The run with other measures of its dev records, which come first."""
    copy = shutil.copytree(run, out)
    table = parquet.read_table(copy / "records.parquet")
    for name, values in columns.items():
        kept = table[name].to_pylist()[len(values) :]
        column = pa.array([*values, *kept], pa.float64())
        table = table.set_column(table.column_names.index(name), name, column)
    parquet.write_table(table, copy / "records.parquet")
    return opened(copy)


def test_every_dev_record_is_in_one_slice_of_each_kind(ran: Path) -> None:
    facts = opened(ran)
    assert {name: n for name, (n, _) in told(facts, "category").items()} == {"sea": 2, "land": 4}
    assert {name: n for name, (n, _) in told(facts, "origin").items()} == {"model": 1, None: 5}
    assert told(facts, "source") == {}, "all are from one file"
    for kind in {one.kind for one in slices(facts)}:
        assert sum(n for n, _ in told(facts, kind).values()) == DEV
        assert sum(failed for _, failed in told(facts, kind).values()) == len(facts.ran.failures)
    assert told(facts, "language")["ja"][0] >= 2


def test_a_part_that_is_answered_worse_comes_first(ran: Path, tmp_path: Path) -> None:
    facts = measured(ran, tmp_path / "copy", tuned_chrf=[5, 7, 80, 90, 80, 90])
    first, second = (one for one in slices(facts) if one.kind == "category")
    assert (first.name, first.score) == ("sea", 6.0)
    assert (second.name, second.score) == ("land", 85.0)
    other = measured(ran, tmp_path / "other", tuned_chrf=[80, 90, 5, 7, 5, 7])
    assert next(slices(other).__iter__()).name == "land", "the order follows the scores"


def test_a_gain_is_over_the_records_that_were_answered_twice(ran: Path, tmp_path: Path) -> None:
    scores = {"baseline_chrf": [10.0] * DEV, "tuned_chrf": [30.0] * DEV}
    facts = measured(ran, tmp_path / "copy", **scores)
    [sea] = (one for one in slices(facts) if one.name == "sea")
    assert sea.gain is not None
    assert (sea.gain.before, sea.gain.after, sea.gain.records) == (10.0, 30.0, 2)
    assert sea.gain.low is None, "two records allow no interval"


def test_the_report_and_the_card_show_them(ran: Path) -> None:
    text = Page(report.render(ran)).text
    assert "By part" in text
    assert "category sea 2" in text
    made = card.render(ran)
    assert "\n## By part\n" in made
    assert "| category | " in made
    assert set(KINDS) == {"category", "language", "origin", "source"}
    assert MOST > 1


def test_records_of_one_kind_have_no_parts(approved: Path, tmp_path: Path) -> None:
    place = trained(approved, tmp_path)
    assert slices(opened(place)) == []
    assert "By part" not in Page(report.render(place)).text
    assert "By part" not in card.render(place)
