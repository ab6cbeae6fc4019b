"""curate intake: what it says, in both languages, and once."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from curate.commands.intake import intake
from tests import traced_run
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


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("en", "traced to training records: 4; most likely caused by them: 2"),
        ("ja", "学習レコードまでたどった誤答：4件、うちデータが原因とみられるもの：2件"),
    ],
)
def test_it_says_what_was_traced(tmp_path: Path, locale: str, says: str) -> None:
    where, report = traced_run.workspace(tmp_path)
    run = traced_run.run_folder(tmp_path, where, traced_run.records(report))
    words = [str(run), "--workspace", str(where.path), "--locale", locale]
    assert says in CliRunner().invoke(APP, words).output
