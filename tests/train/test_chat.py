"""Chat: talking to a run, and how an answer called wrong comes into the review queue."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from curate.intake import take_in
from curate.store import failures as kept
from curate.store.database import open_store
from curate.workspace import Workspace
from tests.train.test_run import trained
from tests.train.test_sending import placed
from train import chat
from train.commands.chat import chat as command
from train.locale import translator

SHORT = "--max_new_tokens 4"
SPOKEN = {
    "en": ("Capital of Peru?", "it is Lima", "it is in the review queue"),
    "ja": ("ペルーの首都は？", "リマです", "レビュー待ちに入れました"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An approved snapshot in a workspace, in a folder with a space and a Japanese name."""
    return placed(tmp_path_factory.mktemp("x") / "作業 場")


@pytest.fixture(scope="module")
def run(home: Path) -> Path:
    return trained(home, home.parents[2] / "runs", "loop.send_failures=false")


def talked(lines: list[str], *runs: Path, locale: str = "en") -> tuple[chat.Chat, list[str]]:
    heard: list[str] = []
    return chat.talk(
        chat.begin(runs, translator(locale)), lines, lambda line: heard.append(line.said)
    ), heard


def waiting(home: Path) -> dict[str, kept.Failure]:
    """What was sent from chats and waits for review, by question."""
    store = open_store(Workspace(home.parents[1]))
    found = store.read(kept.standing)
    every = [store.read(lambda on, one=one: kept.of_record(on, one.record_id))[0] for one in found]
    store.engine.dispose()
    return {one.told["prompt"]: one for one in every if one.reasons == ("sent-from-chat",)}


def test_a_conversation_with_settings_on_the_fly(run: Path) -> None:
    after, heard = talked([SHORT, "Capital of France?", "", "日本の首都は？", "exit", "never"], run)
    assert "max_new_tokens=4" in heard[0]
    assert [role for role, _ in after.turns] == ["user", "assistant"] * 2
    assert len(heard) == 3
    assert talked([SHORT, "Capital of France?"], run)[1][1] == heard[1]


def test_a_conversation_for_programs(run: Path) -> None:
    app = typer.Typer()
    app.command()(command)
    given = "set max_new_tokens=4\n日本の首都は？\nset x=1\n"
    done = CliRunner().invoke(app, [str(run), "--json"], input=given, catch_exceptions=False)
    first, answer, wrong = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["asked"], first["run"]) == ("set max_new_tokens=4", None)
    assert (answer["asked"], answer["run"]) == ("日本の首都は？", run.name)
    assert wrong["run"] is None
    assert "unknown setting 'x'" in wrong["said"]


@pytest.mark.parametrize(
    ("line", "told"),
    [("--num_beam 4", "did you mean 'num_beams'"), ("--num_beams many", "is no int"),
     ("model nobody", "unknown run 'nobody'"), ("/hlep", "did you mean 'help'"),
     ("wrong", "nothing was answered yet"), ("/undo", "nothing was answered yet")],
)  # fmt: skip
def test_a_wrong_word_in_a_conversation_is_explained(run: Path, line: str, told: str) -> None:
    after, heard = talked([line], run)
    assert told in heard[0]
    assert after.turns == ()


@pytest.mark.parametrize("way", ["exit", "quit", "/exit", "/quit"])
def test_every_usual_way_out_ends_it(run: Path, way: str) -> None:
    assert talked([way, "help"], run)[1] == []


@pytest.mark.parametrize("asked", ["help", "/help"])
def test_help_names_every_word_and_is_no_question(run: Path, asked: str) -> None:
    after, [english] = talked([asked], run)
    _, [japanese] = talked([asked], run, locale="ja")
    assert after.turns == ()
    for said in (english, japanese):
        assert [line.split()[0] for line in said.splitlines()] == list(chat.HELP)
    assert "終了します" in japanese


@pytest.mark.parametrize(
    "line", ["set max_new_tokens=8", "/set max_new_tokens=8", SHORT[:-1] + "8"]
)
def test_a_setting_may_be_said_in_several_ways(run: Path, line: str) -> None:
    after, [heard] = talked([line], run)
    assert dict(after.settings)["max_new_tokens"] == 8
    assert "max_new_tokens=8" in heard


@pytest.mark.parametrize("line", ["/etc/hosts とは？", "help me", "set the table", "models?"])
def test_what_only_looks_like_a_command_is_a_question(line: str) -> None:
    assert chat.command(line) == ("", "")


def test_what_was_asked_by_mistake_is_taken_back(run: Path) -> None:
    after, heard = talked([SHORT, "Capital of Peru?", "qiut", "undo"], run)
    assert [text for role, text in after.turns if role == "user"] == ["Capital of Peru?"]
    assert "ask again" in heard[-1]


@pytest.mark.parametrize("locale", SPOKEN)
def test_a_wrong_answer_is_in_the_queue_at_once(run: Path, home: Path, locale: str) -> None:
    question, why, said = SPOKEN[locale]
    _, heard = talked([SHORT, question, f"wrong {why}"], run, locale=locale)
    assert said in heard[-1]
    failure = waiting(home)[question]
    assert failure.told["evidence"]["sent-from-chat"]["why"] == why
    assert set(failure.told["near"]) == {"prompt", "answer"}  # training records stand beside it
    assert failure.told["reference"] is None
    again = take_in(Workspace(home.parents[1]), run)
    assert (again.sent, again.sent_before >= 1) == (0, True)


def test_elsewhere_the_folder_is_carried_back_and_taken_in_once(
    run: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path / "a copy"
    shutil.copytree(run, away)
    (away / chat.SENT).unlink(missing_ok=True)
    told = json.loads((away / "run.json").read_bytes())
    told["approved"]["path"] = str(tmp_path / "nowhere" / "approved" / "x")
    (away / "run.json").write_text(json.dumps(told))
    monkeypatch.chdir(tmp_path)
    _, heard = talked([SHORT, "Who wrote Botchan?", "wrong Soseki did", "wrong he did"], away)
    assert f"curate intake '{away}'" in heard[-1]
    [first, _] = read(away)
    assert (first["prompt"], first["why"]) == ("Who wrote Botchan?", "Soseki did")
    where = Workspace(home.parents[1])
    assert take_in(where, away).sent == 1  # said twice, it is one answer
    assert take_in(where, away).sent == 0
    assert waiting(home)["Who wrote Botchan?"].told["answer"] == first["answer"]


def test_a_machine_without_polars_keeps_it_in_the_folder(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "curate.intake", None)
    _, heard = talked([SHORT, "Capital of Chile?", "wrong"], run)
    assert "curate intake" in heard[-1]
    assert read(run)[-1]["prompt"] == "Capital of Chile?"


def read(run: Path) -> list[dict[str, Any]]:
    """What chats have kept in the folder."""
    lines = (run / chat.SENT).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
