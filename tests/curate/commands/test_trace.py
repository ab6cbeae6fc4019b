"""curate trace: what it says, in both languages, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from curate.commands.trace import trace
from curate.errors import BadSetting
from curate.store import decisions
from curate.store.database import open_store
from curate.store.decision import Decision
from curate.trace.reading import OtherData
from curate.workspace import Workspace
from tests.traced_run import approve, records, run_folder, workspace

APP = typer.Typer()
APP.command()(trace)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trace")
    where, report = workspace(folder)
    found = records(report)
    run_folder(folder / "runs", where, found, name="first")
    run_folder(folder / "runs", where, found, name="plain", traces=False)
    return folder


def said(made: Path, *words: str) -> Result:
    run, *rest = words
    told = [str(made / "runs" / run), *rest, "--workspace", str(made / ".curate")]
    return CliRunner().invoke(APP, told, env={"COLUMNS": "200"}, catch_exceptions=False)


@pytest.mark.parametrize(
    ("locale", "wanted"),
    [
        ("en", ("first: failures: 4", "caused by the data", "not covered by the data",
                "under-trained", "asks in much the same words and gives this answer")),
        ("ja", ("first：誤答 4件", "データが原因", "データに不足", "学習不足",
                "よく似た言葉で尋ね、この回答をしています")),
    ],
)  # fmt: skip
def test_the_table_has_every_failure(made: Path, locale: str, wanted: tuple[str, ...]) -> None:
    done = said(made, "first", "--locale", locale)
    assert done.exit_code == 0
    for text in wanted:
        assert text in done.output
    assert done.output.count("→") == 2  # of those that data caused, the first record


@pytest.mark.parametrize(
    ("locale", "wanted"),
    [
        ("en", ("look at them in this order", "one decision covers as well: <memory>:",
                "gradient 0.", "by text alone: <memory>:", "answered: It was founded in 2013.")),
        ("ja", ("次の順に確認してください", "同じ判定でまとめられるレコード：<memory>:", "勾配 0.",
                "文面だけで選んだ場合：<memory>:", "回答: It was founded in 2013.")),
    ],
)  # fmt: skip
def test_one_failure_has_its_records(made: Path, locale: str, wanted: tuple[str, ...]) -> None:
    done = said(made, "first", "1", "--locale", locale)
    assert done.exit_code == 0
    for text in wanted:
        assert text in done.output


def test_what_data_did_not_cause_is_told_and_shown_only_where_asked(made: Path) -> None:
    done = said(made, "first", "3")
    assert "no training record is about this: write some like it" in done.output
    assert "--anyway" in done.output
    assert "by text alone" not in done.output
    assert "by text alone" in said(made, "first", "3", "--anyway").output


def test_without_gradients_that_is_said(made: Path) -> None:
    done = said(made, "plain", "1")
    assert "gradients are missing (it was trained without trace.enabled)" in done.output
    assert "gradient none; text" in done.output
    assert "not measured: base_right" in done.output
    assert "<memory>:1" in done.output


def test_a_program_gets_everything(made: Path) -> None:
    told = json.loads(said(made, "first", "--json").output)
    assert (told["schema"], told["run"], told["gradients"]) == ("curate-traced/1", "first", True)
    assert [one["number"] for one in told["failures"]] == [1, 2, 3, 4]
    one = told["failures"][0]
    assert one["triage"]["said"] == "data-caused"
    assert set(one["triage"]["features"]) >= {"same_wrong", "nearest"}
    first = one["records"][0]
    assert first["gradient"]["rank"] == 1
    assert first["reasons"] == ["near-teaches", "pushes"]
    assert len(first["copies"]) == 1
    assert len(one["lexical"]) == 8
    [single] = json.loads(said(made, "first", one["record_id"][:9], "--json", "--top", "2").output)["failures"]  # fmt: skip
    assert single["record_id"] == one["record_id"]
    assert len(single["records"]) == 2


def test_who_decided_on_a_record_stands_beside_it(made: Path) -> None:
    first = json.loads(said(made, "first", "1", "--json").output)["failures"][0]["records"][0]
    assert first["decisions"] == []
    assert not (made / ".curate" / "store.db").exists()  # reading makes no database
    store = open_store(Workspace(made / ".curate"))
    one = Decision(
        record_id=first["first_id"], kind="keep", reviewer="Mika", request_id="r1", reason="ok"
    )
    store.write(lambda on: decisions.append(store, on, [one]))
    store.engine.dispose()
    again = json.loads(said(made, "first", "1", "--json").output)["failures"][0]["records"][0]
    assert [(d["reviewer"], d["kind"]) for d in again["decisions"]] == [("Mika", "keep")]
    assert "Mika  keep  ok" in said(made, "first", "1").output


def test_private_values_are_masked_and_hidden_characters_shown(tmp_path: Path) -> None:
    where, report = workspace(tmp_path)
    wrong = {8: "Ask mika.sato@corp.co.jp\u202e now."}
    run_folder(tmp_path / "runs", where, records(report), wrong, name="first")
    for words in (["1", "--anyway"], ["--json"], []):
        done = said(tmp_path, "first", *words)
        assert "mika.sato@corp.co.jp" not in done.output
    assert "U+202E" in said(tmp_path, "first", "1", "--anyway").output


def test_other_data_and_unknown_failures_are_refused(made: Path, tmp_path: Path) -> None:
    where, report = workspace(tmp_path)
    other = approve(where, records(report)[:-1])
    with pytest.raises(OtherData, match="was trained on the approved snapshot"):
        said(made, "first", "--snapshot", str(other))
    with pytest.raises(BadSetting, match="'77' is no failure of"):
        said(made, "first", "77")
    assert OtherData.exit_code == 2


def test_a_run_without_a_failure_says_so(tmp_path: Path) -> None:
    where, report = workspace(tmp_path)
    run = run_folder(tmp_path / "runs", where, records(report), traces=False)
    import polars as pl

    pl.read_parquet(run / "failures.parquet").clear().write_parquet(run / "failures.parquet")
    done = said(tmp_path, "run-1")
    assert done.exit_code == 0
    assert "run-1: failures: 0" in done.output
