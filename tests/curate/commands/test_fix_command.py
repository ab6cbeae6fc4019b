"""curate fix: the words a user types, and what is loaded for them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import orjson
import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from curate.commands import fix as command
from curate.errors import BadSetting

ROOT = Path(__file__).parents[3]

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
    fixes = ["--only", "unicode", "--only", "json"]
    said = call(source, *fixes, "--set", "json.style=2", *place)
    assert "unicode: kana" in said
    assert "whitespace" not in said
    assert "変更しました" in call(source, "--locale", "ja", *place)


def test_an_unknown_fix_is_named(source: str) -> None:
    with pytest.raises(BadSetting, match="did you mean 'unicode'"):
        call(source, "--only", "unicod")


def process(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The program as a user runs it, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "curate", "fix", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def hint(said: str) -> list[str]:
    """The words that, after `curate fix`, undo the changes of one record."""
    [line] = [line for line in said.splitlines() if line.startswith("To undo ")]
    return shlex.split(line.split(": curate fix ")[1])


def answers(folder: Path) -> list[str]:
    """Those of the snapshot that was fixed, or undone, last."""
    new = (folder / ".curate" / "latest-fix").read_text()
    files = (folder / ".curate" / "snapshots" / new).glob("records-*.parquet")
    return [answer for file in sorted(files) for answer in pl.read_parquet(file)["answer"]]


def test_changes_are_undone_one_by_one(tmp_path: Path) -> None:
    texts = ["ｺﾝﾆﾁﾊ、皆さん \nどうぞ", "Hello \nthere", "ﾃｽﾄ "]
    rows = [orjson.dumps({"instruction": f"{i}", "output": text}) for i, text in enumerate(texts)]
    (tmp_path / "data.jsonl").write_bytes(b"\n".join([*rows, b"{broken"]))
    made = process(tmp_path, "data.jsonl")
    assert (made.returncode, made.stderr) == (0, "")
    assert "could not be read and are not here: 1" in made.stdout
    words = hint(made.stdout)
    assert words == ["--undo", "data.jsonl:1"]
    words[-1] += ":unicode"
    assert answers(tmp_path) == ["コンニチハ、皆さん\nどうぞ", "Hello\nthere", "テスト"]

    assert "nothing was written" in process(tmp_path, *words, "--dry-run").stdout
    assert process(tmp_path, *words).returncode == 0
    assert answers(tmp_path) == ["ｺﾝﾆﾁﾊ、皆さん\nどうぞ", "Hello\nthere", "テスト"]
    japanese = process(tmp_path, "--undo", "data.jsonl:2", "--locale", "ja")
    assert "元に戻しました" in japanese.stdout
    assert answers(tmp_path) == ["ｺﾝﾆﾁﾊ、皆さん\nどうぞ", "Hello \nthere", "テスト"]

    refused = process(tmp_path, "--undo", "data.jsonl:3:unicode")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "whitespace came later" in refused.stderr
    assert "Traceback" not in refused.stderr
    advised = shlex.split(refused.stderr.split("undo both: ")[1])
    assert process(tmp_path, *advised).returncode == 0
    assert process(tmp_path, "--undo", "data.jsonl:1").returncode == 0
    assert answers(tmp_path) == texts


def test_undo_names_the_workspace_where_it_is_another(source: str, tmp_path: Path) -> None:
    said = call(source, "--workspace", str(tmp_path / "elsewhere"))
    words = hint(said)
    assert words[-2:] == ["--workspace", str(tmp_path / "elsewhere")]
    assert "snapshot" in call(*words)


def test_undo_goes_alone(source: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="leave out --only and --set"):
        call("--undo", f"{source}:1", "--only", "json", "--workspace", str(tmp_path / ".curate"))


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
