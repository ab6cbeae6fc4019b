"""curate fix: the words a user types, and what is loaded for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from curate.commands import fix as command
from curate.errors import BadSetting

app = typer.Typer()
app.command()(command.fix)


def call(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.fixture
def source(tmp_path: Path) -> str:
    file = tmp_path / "data.jsonl"
    file.write_bytes(orjson.dumps({"instruction": "挨拶", "output": "ｺﾝﾆﾁﾊ \n"}))
    return str(file)


def test_a_dry_run_then_the_real_one(source: str, tmp_path: Path) -> None:
    place = ["--workspace", str(tmp_path / ".curate")]
    assert "nothing was written" in call(source, "--dry-run", *place)
    said = call(source, *place)
    assert "1 of 1 records changed" in said
    new = said.split("snapshot ")[1].split(",")[0]
    assert "Nothing to fix in 1 records." in call(new, *place)


def test_only_and_set(source: str, tmp_path: Path) -> None:
    place = ["--workspace", str(tmp_path / ".curate")]
    said = call(source, "--only", "unicode, json", "--set", "json.style=2", *place)
    assert "unicode: kana" in said
    assert "whitespace" not in said
    assert "変更しました" in call(source, "--locale", "ja", *place)


def test_an_unknown_fix_is_named(source: str) -> None:
    with pytest.raises(BadSetting, match="did you mean 'unicode'"):
        call(source, "--only", "unicod")


def test_every_fix_is_in_the_help() -> None:
    from curate import fixes

    assert set(command.NAMES.split(", ")) == set(fixes.found())


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, curate.commands.fix\n"
        "heavy = {'polars', 'sqlglot', 'ftfy', 'orjson'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
