"""An interrupted run says how to go on, and goes on from anywhere to the same end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from tests.train.snapshots import approve, rows
from tests.train.test_run import SMALL, told
from tests.train.test_sending import placed
from train import fit, progress
from train.checkpoints import Changed
from train.errors import NotApproved
from train.recipe import load
from train.run import run

TWO_EPOCHS = (
    *SMALL, "training.batch_size=2", "training.epochs=2", "training.checkpoint_steps=3",
    "loop.send_failures=false",
)  # fmt: skip
STOPPED = {
    "en": "stopped; go on with: {}",
    "ja": "中断しました。続けるには次を実行してください：{}",
}


def begun(snapshot: Path | None, out: Path, stop: str | None, locale: str = "en") -> list[str]:
    """What a run says, which its user interrupts where it says `stop`."""
    said: list[str] = []

    def tell(line: str) -> None:
        said.append(line)
        if stop and line.startswith(stop):
            raise KeyboardInterrupt

    recipe = load("lora", [*TWO_EPOCHS, f"run.output_directory={out}"])
    if stop is None:
        run(recipe, snapshot, tell=tell, locale=locale)
    else:
        with pytest.raises(KeyboardInterrupt):
            run(recipe, snapshot, tell=tell, locale=locale)
    return said


def resumed(place: Path, said: list[str] | None = None, **given: Path) -> Path:
    """The same run, gone on with as the command does."""
    tell = (said if said is not None else []).append
    return run(load(place / "resolved.yaml"), resume=place, tell=tell, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_an_interrupted_run_says_so_and_how_to_go_on(tmp_path: Path, locale: str) -> None:
    stop = {"en": "answering", "ja": "学習前"}[locale]
    said = begun(approve(tmp_path / "a"), tmp_path / "作業 場", stop, locale)
    [place] = (tmp_path / "作業 場").iterdir()
    assert said[-1] == STOPPED[locale].format(f"train run --resume '{place}'")
    assert told(place)["status"] == "interrupted"
    resumed(place)
    assert told(place)["status"] == "finished"


def test_a_resumed_run_has_the_metrics_of_one_that_was_never_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SECONDS", 0.0)  # a line after every step
    monkeypatch.setattr(fit, "LOGGED", 2)  # so that a loss is told of several steps
    snapshot = approve(tmp_path / "approved")
    begun(snapshot, tmp_path / "straight", None)
    begun(snapshot, tmp_path / "cut", "step 8 ")  # between two states, and between two losses
    [straight], [cut] = ([*(tmp_path / name).iterdir()] for name in ("straight", "cut"))
    resumed(cut)
    assert told(cut)["sittings"][-1]["resumed_from"] == 6
    texts = [(place / "metrics.jsonl").read_text(encoding="utf-8") for place in (straight, cut)]
    assert texts[1] == texts[0]
    steps = [each["step"] for each in map(json.loads, texts[0].splitlines()) if "loss" in each]
    assert steps == [3, 5, 6, 9, 10]


def test_it_goes_on_from_any_folder_with_the_data_it_began_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = placed(tmp_path / "home")
    begun(home, tmp_path / "runs", "trained")
    [place] = (tmp_path / "runs").iterdir()
    copied = tmp_path / "写し run"
    shutil.copytree(place, copied)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert told(resumed(copied))["status"] == "finished"

    home.rename(tmp_path / "gone")
    with pytest.raises(NotApproved, match=r"name it with --snapshot, or its workspace with"):
        resumed(place)
    (tmp_path / "other" / ".curate" / "approved").mkdir(parents=True)
    moved = tmp_path / "other" / ".curate" / "approved" / home.name
    (tmp_path / "gone").rename(moved)
    resumed(place, workspace=tmp_path / "other" / ".curate")
    assert told(place)["status"] == "finished"


def test_other_data_is_refused_where_it_is_named(tmp_path: Path) -> None:
    begun(approve(tmp_path / "approved"), tmp_path / "runs", "answering")
    [place] = (tmp_path / "runs").iterdir()
    with pytest.raises(Changed, match="approved: "):
        resumed(place, snapshot=approve(tmp_path / "other", rows(train=9)))


def test_a_finished_run_is_refused_before_anything_else_is_said(tmp_path: Path) -> None:
    said = begun(approve(tmp_path / "approved"), tmp_path / "runs", None)
    assert any(line.startswith("mind:") for line in said)  # there is something that could be said
    [place] = (tmp_path / "runs").iterdir()
    again: list[str] = []
    with pytest.raises(Changed, match="is finished; more epochs would go on"):
        resumed(place, again)
    assert again == []


def test_what_was_answered_before_training_is_called_baseline(tmp_path: Path) -> None:
    begun(approve(tmp_path / "approved"), tmp_path / "runs", "trained")
    [place] = (tmp_path / "runs").iterdir()
    before = parquet.read_table(place / "baseline.parquet")
    assert "baseline_answer" in before.column_names
    assert not [name for name in before.column_names if name.startswith("tuned")]
    resumed(place)
    after = parquet.read_table(place / "records.parquet").select(before.column_names)
    assert after.equals(before)
