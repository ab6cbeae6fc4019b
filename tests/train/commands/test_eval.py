"""train eval: a model measured on the dev or test records, of a run or as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from curate.errors import BadSetting, BadSource
from tests.train import snapshots
from train.cli import app
from train.commands.eval import recipe_of, split_named, worked_examples
from train.errors import BadRecipe


def said(*words: str) -> str:
    done = CliRunner().invoke(app, ["eval", *words], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.output


def test_a_base_model_is_measured_on_dev_and_test(tmp_path: Path) -> None:
    approved = snapshots.approve(tmp_path / "approved")
    words = ("--recipe", "smoke-cpu", "--snapshot", str(approved), "--json",
             "--set", "evaluate.generation.max_new_tokens=4")  # fmt: skip
    dev, test = (json.loads(said(*words, "--split", split)) for split in ("dev", "test"))
    assert (dev["records"], test["records"]) == (2, 2)
    assert dev["loss"] > 0
    few_shot = json.loads(said(*words, "--shots", "2"))
    assert few_shot["loss"] is None
    shown = said(*words[:4], *words[5:], "--locale", "ja")
    assert "dev レコード 2件" in shown


def test_one_model_under_several_templates(tmp_path: Path) -> None:
    approved = snapshots.approve(tmp_path / "approved")
    words = ("--recipe", "smoke-cpu", "--snapshot", str(approved),
             "--set", "evaluate.generation.max_new_tokens=4")  # fmt: skip
    both = ("--template", "alpaca", "--template", "chat")
    told = json.loads(said(*words, *both, "--json"))["templates"]
    assert list(told) == ["alpaca", "chat"]
    alone = json.loads(said(*words, "--set", "template.name=chat", "--json"))
    assert told["chat"]["loss"] == alone["loss"] != told["alpaca"]["loss"]
    assert set(told["chat"]) <= set(alone)
    first, second, *_ = said(*words, *both).splitlines()
    assert second.split() == ["alpaca", "chat"]
    with pytest.raises(BadRecipe, match="chatml"):
        said(*words, "--template", "chat", "--template", "chatml")


def test_the_train_split_is_not_measured() -> None:
    with pytest.raises(BadSetting, match="known: dev, test"):
        split_named("train")


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"no resolved.yaml"):
        recipe_of(tmp_path, None, [], None)


def test_worked_examples_are_the_same_every_time(tmp_path: Path) -> None:
    from train.approved import open_approved

    records = open_approved(snapshots.approve(tmp_path / "approved")).records("train")
    assert worked_examples(records, 3) == worked_examples(records[::-1], 3)
    assert len(worked_examples(records, 3)) == 3
