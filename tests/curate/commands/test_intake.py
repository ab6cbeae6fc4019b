"""curate intake: what it says, in both languages, and once."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from curate.commands.intake import intake
from tests.curate.review.failed_run import records, run_folder, workspace

APP = typer.Typer()
APP.command()(intake)
WRONG = [{"n": 1, "answer": "It was founded in 2013."}]


@pytest.mark.parametrize(
    ("locale", "first", "again"),
    [
        ("en", "run-1: failures taken in: 1; there before: 0", "taken in: 0; there before: 1"),
        ("ja", "run-1：取り込んだ失敗 1件、すでに取り込み済み 0件", "取り込んだ失敗 0件、すでに取り込み済み 1件"),
    ],
)  # fmt: skip
def test_it_says_what_came_in(tmp_path: Path, locale: str, first: str, again: str) -> None:
    where, report = workspace(tmp_path)
    words = [str(run_folder(tmp_path, records(report), WRONG)), "--workspace", str(where.path)]
    for wanted in (first, again):
        done = CliRunner().invoke(APP, [*words, "--locale", locale])
        assert done.exit_code == 0, done.output
        assert wanted in done.output
