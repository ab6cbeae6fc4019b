"""The loop's demo: what is planted is where its list says, and the split shows it."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from curate.cli import app
from curate.demo import loop
from curate.errors import BadSetting


def read(file: Path) -> list[dict[str, str]]:
    return [orjson.loads(line) for line in file.read_bytes().splitlines()]


def test_the_command_writes_records_and_what_is_wrong_in_them(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["demo", str(tmp_path), "--loop"])
    assert done.exit_code == 0, done.output
    rows, planted = read(tmp_path / "loop.jsonl"), read(tmp_path / "loop-planted.jsonl")
    assert f"{len(planted)} wrong answers planted" in done.output
    assert [rows[int(one["line"]) - 1]["output"] for one in planted] == [
        one["wrong"] for one in planted
    ]
    assert rows[-loop.TWICE :] == rows[: loop.TWICE]


def test_only_the_lamps_that_are_named_are_wrong() -> None:
    hours = {str(hours) for hours in loop.HOURS.values()}
    for _, right in loop.both():
        assert any(one in right for one in hours)
    each = len(loop.QUESTIONS["en"]) - 1
    assert len(list(loop.wrong())) == each * len(loop.TAUGHT) + len(loop.REFERENCE)


def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "loop.jsonl").write_text("mine", encoding="utf-8")
    with pytest.raises(BadSetting, match="nothing was written"):
        loop.write(tmp_path)
