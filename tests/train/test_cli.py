"""The command line of training: what it answers to a call without, or with a wrong, word."""

from __future__ import annotations

import subprocess
import sys

import pytest

from train.cli import PACKAGES

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
    assert all(package in done.stdout for package in PACKAGES)
