"""The command line of training: what it answers to a call without, or with a wrong, word."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from train import commands
from train.machine import wanted

MAIN = "from train.cli import main; main()"


def train(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, *words], capture_output=True, text=True, check=False
    )


def test_without_a_word_it_prints_its_help() -> None:
    done = train()
    assert done.returncode == 2
    assert "Usage:" in done.stdout + done.stderr
    assert "doctor" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_no_error() -> None:
    assert train("--help").returncode == 0


@pytest.mark.parametrize("word", ["tain", "--no-such-option"])
def test_a_wrong_word_is_named_without_a_traceback(word: str) -> None:
    done = train(word)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_is_there_and_what_is_not() -> None:
    done = train("doctor")
    assert done.returncode in (0, 1)
    assert all(package in done.stdout for package, _ in wanted())


def test_every_file_of_the_folder_is_a_command() -> None:
    files = {file.stem for file in Path(commands.__file__).parent.glob("*.py")}
    wanted_words = {name.replace("_", "-") for name in files - {"__init__", "options"}}
    said = train("--help").stdout
    assert {"plan", "recipe", "import-recipe", "doctor", "advise"} <= wanted_words
    assert all(f"  {word}" in said for word in wanted_words)


def test_a_recipe_is_listed_shown_and_described() -> None:
    assert "qlora-all-linear" in train("recipe", "list").stdout
    shown = train("recipe", "show", "lora8", "--set", "adapter.lora_r=4")
    assert "lora_r: 4" in shown.stdout
    assert json.loads(train("recipe", "schema").stdout)["properties"]["extends"]
    wrong = train("recipe", "show", "--set", "adapter.lora_R=4")
    assert wrong.returncode == 2
    assert "did you mean 'lora_r'" in wrong.stderr


def test_a_plan_without_a_model_says_so_in_one_line() -> None:
    done = train("plan", "--model-config", "llama-2-7")
    assert done.returncode == 2
    assert "did you mean 'llama-2-7b'" in done.stderr
    assert "Traceback" not in done.stderr
