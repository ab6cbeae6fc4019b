"""Calibration: the table counts what it says, and a threshold is recommended only where one is."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import BadSetting
from curate.meaning.model import model_in
from curate.meaning.threshold import THRESHOLDS, calibrated, recommended, similarities
from tests.meaning_model import write_model

ROOT = Path(__file__).parent.parent.parent


def test_a_table_counts_what_each_threshold_finds() -> None:
    table = calibrated([0.95, 0.9, 0.8, 0.6], [True, False, True, True], (0.5, 0.9, 1.0))
    assert table.rows() == [
        (0.5, 4, 3, 0.75, 1.0),
        (0.9, 2, 1, 0.5, 1 / 3),
        (1.0, 0, 0, None, 0.0),
    ]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_a_higher_threshold_finds_no_more(judged: list[tuple[float, bool]]) -> None:
    table = calibrated(*zip(*judged, strict=True))
    assert table["threshold"].to_list() == list(THRESHOLDS)
    for column in ("found", "right", "recall"):
        assert table[column].drop_nulls().is_sorted(descending=True)
    assert (table["right"] <= table["found"]).all()


def test_labels_that_are_not_as_many_as_the_pairs_are_refused() -> None:
    with pytest.raises(BadSetting, match="2 similarities and 1 labels"):
        calibrated([0.5, 0.6], [True])


def test_the_lowest_threshold_from_which_on_the_precision_holds() -> None:
    judged = [(0.95, True)] * 60 + [(0.85, True)] * 30 + [(0.75, False)] * 40 + [(0.65, True)] * 900
    table = calibrated(*zip(*judged, strict=True))
    assert recommended(table) == 0.76  # 0.65 would reach it again, by luck
    assert recommended(table, precision=0.6) == 0.5
    assert recommended(table, found=2_000) is None


def test_no_threshold_is_better_than_a_bad_one() -> None:
    assert recommended(calibrated([0.9] * 200, [True, False] * 100)) is None
    assert recommended(calibrated([], [])) is None


def test_similarities_are_those_of_the_pairs(tmp_path: Path) -> None:
    model = model_in(str(write_model(tmp_path / "tiny")))
    pairs = [("big car", "huge automobile"), ("big car", "music"), ("速い 車", "迅速 自動車")]
    assert [value > 0.9 for value in similarities(pairs, model)] == [True, False, True]


def test_the_bench_prints_tables_and_the_threshold_to_set(tmp_path: Path) -> None:
    model = write_model(tmp_path / "tiny")
    same, other = ("buy a big car", "purchase a huge automobile"), ("buy a big car", "music")
    for name, key, labels in (
        ("dup_mrpc_en", "is_duplicate", (1, 0)),
        ("dup_jsts_ja", "similarity", (4.5, 1.0)),
    ):
        rows = [
            {"text1": one, "text2": two, key: label}
            for (one, two), label in zip((same, other), labels, strict=True)
        ] * 60
        (tmp_path / f"{name}.jsonl.gz").write_bytes(
            gzip.compress(b"\n".join(map(orjson.dumps, rows)))
        )
    command = [sys.executable, "-m", "bench.meaning", str(model), "--shared", str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.count("| threshold | found | right | precision | recall |") == 2
    assert "120 pairs, 60 the same" in said
    assert f"--set semantic-duplicate.model={model}" in said
    assert "--set semantic-duplicate.threshold=0." in said
    wrong = subprocess.run([*command[:3], "no/model"], cwd=ROOT, capture_output=True, text=True)
    assert wrong.returncode == 1
    assert "there is no folder" in wrong.stderr
