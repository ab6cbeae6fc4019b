"""Report: what it says of itself, what of the rejects it shows, and where it is put."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from curate.audit import audit
from curate.commands.audit import audit as audit_command
from curate.commands.report import report as command
from curate.errors import BadSetting
from curate.report import FILES, Report

app = typer.Typer()
app.command()(command)

GOOD = [
    orjson.dumps({"instruction": f"{n} に 1 を足すと？", "output": f"{n + 1} です。"})
    for n in range(3)
]


def audited(folder: Path, *bad: bytes) -> Report:
    file = folder / "data.jsonl"
    file.write_bytes(b"\n".join([*GOOD, *bad]) + b"\n")
    return audit(file, workspace=folder / ".curate", only=["empty-answer"])


def test_a_report_says_in_one_line_what_it_is(tmp_path: Path) -> None:
    empty = orjson.dumps({"instruction": "首都は？", "output": ""})
    said = repr(audited(tmp_path, empty, b"{"))
    assert "5 records: 4 kept, 1 rejected; findings: error 1, warn 0, info 0" in said
    assert len(said) < 300


def test_of_rejects_one_of_each_code_comes_first(tmp_path: Path) -> None:
    made = audited(tmp_path, *[b"{"] * 30, b"null", b"\xff", b"[1]")
    codes = [one["code"] for one in made.rejects]
    assert len(codes) == 20
    assert codes[:3] == list(dict.fromkeys(codes))
    assert set(codes) == set(made.document["rejects"])
    assert [one["line"] for one in made.rejects[3:6]] == [5, 6, 7]


def test_a_folder_that_cannot_be_written_is_named_as_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(BadSetting) as error:
        audited(tmp_path).save(tmp_path / "taken")
    assert f"--out {tmp_path / 'taken'}: " in str(error.value)
    assert "name a folder you may write to" in str(error.value)
    assert (tmp_path / "taken").read_text() == "a file"


def test_only_files_of_an_earlier_report_go(tmp_path: Path) -> None:
    made, out = audited(tmp_path), tmp_path / "out"
    out.mkdir()
    (out / "report.md").write_text("mine")
    made.save(out)
    assert (out / "report.md").read_text() == "mine"
    made.save(out, formats=["md"])
    (out / "notes.txt").write_text("mine")
    made.save(out)
    assert {file.name for file in out.iterdir()} == {*FILES, "notes.txt"}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_that_name_that_is_not_ours_stays(name: str, tmp_path: Path) -> None:
    made, out = audited(tmp_path), tmp_path / "出力"
    out.mkdir()
    (out / name).write_text("mine")
    with pytest.raises(BadSetting, match=f"did not write the {name} that lies there; name another"):
        made.save(out)
    assert [(file.name, file.read_text()) for file in out.iterdir()] == [(name, "mine")]
    with pytest.raises(BadSetting, match="name another folder"):  # before anything is read
        audit_command([tmp_path / "nowhere.jsonl"], out=out)
    made.save(tmp_path / "ours")
    made.save(tmp_path / "ours")


def test_it_is_shown_again_where_it_was_shown_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    audited(tmp_path).save(Path("mine"))
    (tmp_path / "mine" / "report.html").write_text("old")
    done = CliRunner().invoke(app, ["--workspace", ".curate"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "Report: mine/report.html" in done.output
    assert {file.name for file in (tmp_path / "mine").iterdir()} == set(FILES)
    assert (tmp_path / "mine" / "report.html").read_text() != "old"
    assert not (tmp_path / "curate-report").exists()


def test_one_that_was_never_shown_goes_where_all_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    audited(tmp_path)
    done = CliRunner().invoke(app, ["--workspace", ".curate"], catch_exceptions=False)
    assert "Report: curate-report/report.html" in done.output
    assert os.listdir("curate-report")  # noqa: PTH208


def test_the_page_is_known_after_saving(tmp_path: Path) -> None:
    made = audited(tmp_path)
    assert made.page is None
    made.save(tmp_path / "出力")
    assert made.page == tmp_path / "出力" / "report.html"
