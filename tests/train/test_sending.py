"""Failures go to the queue of the workspace that the data came from; nothing there ends a run."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.train.snapshots import approve
from tests.train.test_run import told, trained


def placed(folder: Path) -> Path:
    """An approved snapshot where a workspace keeps it."""
    made = approve(folder / "made")
    import json

    home = folder / ".curate" / "approved" / json.loads((made / "manifest.json").read_bytes())["id"]
    shutil.copytree(made, home)
    return home


def test_without_the_workspace_a_run_says_what_to_carry_where(
    approved: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    place = trained(approved, tmp_path, said=said)
    assert f"carry the folder back and run: curate intake {place}" in said
    assert told(place)["status"] == "finished"


def test_with_it_they_are_in_the_queue(tmp_path: Path) -> None:
    said: list[str] = []
    trained(placed(tmp_path), tmp_path / "runs", said=said)
    assert "review queue: 2 failures new, 0 there before, 0 gone, 0 left out" in said


def test_no_more_are_sent_than_the_recipe_says(tmp_path: Path) -> None:
    said: list[str] = []
    trained(placed(tmp_path), tmp_path / "runs", "loop.max_items=1", said=said)
    assert "review queue: 1 failures new, 0 there before, 0 gone, 1 left out" in said


def test_none_are_sent_where_the_recipe_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    trained(placed(tmp_path), tmp_path / "runs", "loop.send_failures=false", said=said)
    assert not [line for line in said if "queue" in line or "intake" in line]


def test_a_training_machine_without_polars_finishes_its_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "curate.intake", None)
    said: list[str] = []
    place = trained(placed(tmp_path), tmp_path / "runs", said=said)
    assert any("curate intake" in line for line in said)
    assert told(place)["status"] == "finished"


def test_a_run_speaks_japanese(approved: Path, tmp_path: Path) -> None:
    from train.recipe import load
    from train.run import run

    said: list[str] = []
    changes = [
        "training.epochs=1", "evaluate.generation.max_new_tokens=4", "forgetting.text_probe=false",
        f"run.output_directory={tmp_path}",
    ]  # fmt: skip
    place = run(load("smoke-cpu", changes), approved, tell=said.append, locale="ja")
    assert f"実行結果は {place} にあります" in said
    assert any("学習前のモデルで" in line for line in said)
