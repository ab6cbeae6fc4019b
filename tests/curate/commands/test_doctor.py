"""curate doctor: every optional part is named, with what installs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate.commands.doctor import OPTIONAL, doctor


def test_every_optional_part_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    doctor(tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    for part in OPTIONAL:
        assert part in said
    assert "datasketch" in said
    assert "model2vec" in said


def test_brackets_are_no_markup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setattr("curate.commands.doctor.installed", lambda _: None)
    (tmp_path / "a[b]").mkdir()
    doctor(tmp_path / "a[b]")
    said = capsys.readouterr().out
    for _, cure in OPTIONAL.values():
        assert cure in said
    assert "a[b]" in said
