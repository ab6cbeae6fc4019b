"""curate export: the words a user types."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from curate.commands.export import export
from curate.errors import BadSetting
from curate.export import manifest as manifests
from curate.review import Review
from tests.curate.export.desk import EMPTY, RECORDS, id_at, opened, place, says

APP = typer.Typer()
APP.command()(export)


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return opened(tmp_path)


def call(review: Review, *words: str, code: int = 0) -> str:
    where = ["--workspace", str(place(review).path)]
    result = CliRunner().invoke(
        APP, [*words, *where], catch_exceptions=False, standalone_mode=False
    )
    assert (result.return_value or 0) == code, result.output
    return result.output


def test_an_afternoon_ends_with_a_data_set(review: Review, tmp_path: Path) -> None:
    told = call(review, code=1)
    assert "records with an undecided error: 1" in told
    assert "empty-answer: 1" in told
    assert "curate review" in told
    says(review, id_at(review, EMPTY), "drop")
    out = tmp_path / "approved"
    told = call(review, str(out), "--format", "jsonl", "--split", "0.8,0.1,0.1", "--seed", "7")
    assert f"{len(RECORDS)} records: kept {len(RECORDS) - 1}, changed 0, dropped 1" in told
    found = re.search(r"Approved snapshot (\w{32})", told)
    assert found is not None
    said = json.loads((out / "manifest.json").read_text())
    assert (said["approved"], said["seed"]) == (found[1], 7)
    assert said["shares"] == {"train": 0.8, "dev": 0.1, "test": 0.1}
    assert manifests.altered(out) == []


def test_undecided_errors_go_along_only_where_that_is_said(review: Review) -> None:
    told = call(review, "--allow-undecided", "--licence", "cc-by-4.0")
    assert "Among them with an undecided error: 1" in told
    folder = place(review).latest_approved()
    assert folder is not None
    said = manifests.read(folder)
    assert said["undecided"] == {
        "error": 1,
        "conflict": 0,
        "alone": 0,
        "checks": {"empty-answer": 1},
    }
    assert said["licence"] == "cc-by-4.0"


def test_a_dry_run_writes_nothing(review: Review, tmp_path: Path) -> None:
    told = call(review, str(tmp_path / "out"), "--allow-undecided", "--dry-run")
    assert "Nothing was written." in told
    assert not (tmp_path / "out").exists()
    assert place(review).latest_approved() is None


def test_japanese_is_japanese(review: Review) -> None:
    assert "エラーの判定" in call(review, "--locale", "ja", code=1)
    told = call(review, "--locale", "ja", "--allow-undecided")
    assert "承認済みスナップショット" in told
    assert not re.search(r"kept|records|Splits|Approved", told)


def test_what_an_earlier_copy_loses_is_said(review: Review, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    assert "Removed" not in call(review, out, "--allow-undecided", "--format", "jsonl")
    assert "Removed" not in call(review, out, "--allow-undecided", "--format", "jsonl")
    told = call(review, out, "--allow-undecided", "--format", "openai")
    assert "has them not: decisions.jsonl, ledger.parquet" in told
    assert not (tmp_path / "out" / "ledger.parquet").exists()


def test_a_wrong_call_is_refused_before_anything_is_read(review: Review, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="did you mean 'jsonl'"):
        call(review, "--format", "json")
    with pytest.raises(BadSetting, match="which make 1 together"):
        call(review, "--split", "0.5,0.1,0.1")
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match="is a file"):
        call(review, str(tmp_path / "file"))
