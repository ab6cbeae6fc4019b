"""curate audit: the words a user types."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from curate.commands import audit as command
from curate.errors import BadSetting

app = typer.Typer()
app.command()(command.audit)


@pytest.fixture
def source(tmp_path: Path) -> str:
    file = tmp_path / "data.jsonl"
    file.write_bytes(orjson.dumps({"instruction": "挨拶", "output": "こんにちは。"}))
    return str(file)


def asked(source: str, *words: str) -> str:
    """What a dry run would ask, which follows the sources."""
    result = CliRunner().invoke(app, [source, "--dry-run", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output.split("data.jsonl")[-1]


@pytest.mark.parametrize(
    "words",
    [
        ["--only", "near-duplicate,exact-duplicate"],
        ["--only", "near-duplicate", "--only", "exact-duplicate"],
        ["--only", "near-duplicate", "--only", "too-long, exact-duplicate", "--skip", "mojibake"],
    ],
)
def test_all_that_is_asked_for_is_asked(source: str, words: list[str]) -> None:
    said = asked(source, *words)
    assert {"near-duplicate", "exact-duplicate"} <= {*said.replace(",", " ").split()}
    assert "empty-answer" not in said


def test_all_that_is_left_out_is_left_out(source: str) -> None:
    words = ["--skip", "near-duplicate", "--skip", "exact-duplicate,too-long"]
    names, left_out = asked(source, *words).split("skipped:", 1)
    for name in ("near-duplicate", "exact-duplicate", "too-long"):
        assert name in asked(source).split("skipped:")[0]
        assert name not in names
        assert name in left_out
    assert "empty-answer" in names


@pytest.mark.parametrize("change", ["bands=10", "rows=3", "rows = 3"])
def test_thorough_and_its_own_bands_are_not_both_set(source: str, change: str) -> None:
    words = ["--thorough", "--set", "near-duplicate.threshold=0.7"]
    assert "near-duplicate" in asked(source, *words)
    with pytest.raises(BadSetting, match="--thorough and --set near-duplicate"):
        asked(source, *words, "--set", f"near-duplicate.{change}")


def test_an_unknown_name_among_several_is_refused(source: str) -> None:
    with pytest.raises(BadSetting, match="did you mean 'empty-answer'"):
        asked(source, "--only", "near-duplicate", "--only", "empty-anser")
