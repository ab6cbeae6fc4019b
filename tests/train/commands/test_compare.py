"""train compare: what a person and a program read, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.train.test_compare import RIGHT, WRONG, decision, run
from train.cli import app
from train.compare import pinned


@pytest.fixture
def runs(tmp_path: Path) -> tuple[str, str]:
    about = {"verdict": "training-records-wrong", "opens": []}
    log = [decision("failure-r1", "verdict", "relabel", payload={"failure": about})]
    first = run(tmp_path / "a", {1: WRONG, 2: RIGHT})
    return str(first), str(run(tmp_path / "b", {1: RIGHT, 2: RIGHT}, log))


def said(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["compare", *words], standalone_mode=False)
    return int(done.return_value or 0), done.output


def test_a_fix_is_said_with_who_meant_it(runs: tuple[str, str]) -> None:
    code, output = said(*runs)
    assert code == 0
    assert "Fixed: 1" in output
    assert "data.jsonl:1  r1  wrong-value" in output
    assert "meant by mika: training-records-wrong on failure-r1" in output
    assert pinned(Path(runs[1])) == {"r1": "b"}


def test_it_is_said_in_japanese(runs: tuple[str, str]) -> None:
    _, output = said(*runs, "--locale", "ja")
    assert "直った失敗：1件" in output
    assert "mika の判断による" in output
    assert "Fixed" not in output


def test_what_makes_them_hard_to_compare_is_one_short_line(tmp_path: Path) -> None:
    models = [{"name": "tiny", "files": {"config.json": letter * 64}} for letter in "ab"]
    one, other = (
        str(run(tmp_path / f"run-{n}", {1: RIGHT}, model=model)) for n, model in enumerate(models)
    )
    assert (
        "comparable: model.files.config.json was aaaaaaaaaaaaaaaa… and is b" in said(one, other)[1]
    )
    assert "comparable" not in said(one, one)[1]


def test_what_is_newly_broken_is_an_exit_code(runs: tuple[str, str]) -> None:
    code, output = said(runs[1], runs[0])
    assert code == 1
    assert "Newly broken: 1" in output


def test_json_holds_everything(runs: tuple[str, str]) -> None:
    _, output = said(*runs, "--json")
    told = json.loads(output)
    assert told["counts"] == {"fixed": 1, "still": 0, "broken": 0, "gone": 0}
    assert told["fixed"][0]["credits"][0]["reviewer"] == "mika"
    assert {one["metric"] for one in told["metrics"]} >= {"loss", "chrf", "exact_match"}
