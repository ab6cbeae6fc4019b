"""The demo's own words; tests/e2e/test_loop.py shows what it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from curate.errors import BadSetting
from train.backbones import SMOLLM2, TINY
from train.cli import app
from train.demo import steps, usable
from train.locale import translator
from train.telling import Telling


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "which is random: it shows the steps"), ("ja", "重みは乱数で")]
)
def test_without_its_weights_it_goes_on_with_the_tiny_model_and_says_so(
    locale: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("CURATE_CACHE", "HF_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("CURATE_SMOLLM2", raising=False)
    lines: list[str] = []
    speak = Telling(lines.append, translator(locale))
    assert usable(SMOLLM2, speak) == TINY
    assert said in lines[-1]
    assert lines[0] == ""
    with pytest.raises(BadSetting, match="the demo knows"):
        usable("smollm3", speak)


def test_every_step_is_a_command_in_the_readers_language(tmp_path: Path) -> None:
    lines: list[str] = []
    steps(tmp_path, lines.append, "ja")("train", "doctor", passing=(0, 1))
    assert lines[0] == "   $ train doctor --locale ja"
    english: list[str] = []
    steps(tmp_path, english.append, "en")("curate", "--help", lines=1)
    assert english[0] == "   $ curate --help"
    assert len(english) == 2


def test_an_unknown_language_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["demo", str(tmp_path / "new"), "--model", "tiny", "--locale", "jp"]
    )
    assert isinstance(done.exception, BadSetting)
    assert not (tmp_path / "new").exists()
