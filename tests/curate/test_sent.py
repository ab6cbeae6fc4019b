"""Sent: an answer called wrong in a chat waits for review, once, without a reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from curate.commands.intake import intake
from curate.errors import BadSource
from curate.intake import take_in, take_in_sent
from curate.review.failing import case_of
from curate.review.failures import Answer, answer
from curate.review.shown import Shown
from curate.sent import sent
from curate.store import failures as kept
from curate.store.refusals import Refused
from tests.curate.review.failed_run import records, reviewing, run_folder, workspace

WROTE = {"instruction": "In which year did the channel open?", "output": "In 2013."}


def line(**more: object) -> dict[str, object]:
    """What `train chat` keeps of one answer."""
    return {
        "run": "r" * 32, "when": "2026-01-02T03:04:05+00:00", "history": [],
        "prompt": "青川チャンネルはいつ設立されましたか。", "answer": "2014年です。", "why": "2013年です",
        "settings": {"max_new_tokens": 256}, **more,
    }  # fmt: skip


def keep(run: Path, *lines: object) -> None:
    told = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines]
    (run / "chat.jsonl").write_text("".join(one + "\n" for one in told), encoding="utf-8")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Any]:
    where, report = workspace(tmp_path)
    review = reviewing(where, report)
    yield where, review, run_folder(tmp_path, records(report), [])
    review.store.engine.dispose()


def test_it_comes_in_once_with_the_run_or_alone(made: Any) -> None:
    where, review, run = made
    assert take_in_sent(where, run, review.store) == 0
    keep(run, line())
    assert take_in_sent(where, run, review.store) == 1
    keep(run, line(), line(why="said again"), line(prompt="Is it?", history=[["user", "a"]]))
    done = take_in(where, run, review.store)
    assert (done.new, done.sent, done.sent_before) == (0, 1, 1)
    again = take_in(where, run, review.store)
    assert (again.sent, again.sent_before) == (0, 2)
    assert len(review.store.read(kept.standing)) == 2


def test_the_command_says_how_many(made: Any, capsys: pytest.CaptureFixture[str]) -> None:
    where, _, run = made
    keep(run, line(), line(answer="2015年です。"))
    assert intake(run, workspace=where.path) == 0
    assert "sent from a chat: 2 new, 0 there before" in capsys.readouterr().out
    assert intake(run, workspace=where.path, locale="ja") == 0
    assert "対話から送られた回答：新規 0件、すでに取り込み済み 2件" in capsys.readouterr().out


def test_a_person_answers_it_by_a_record_since_there_is_no_reference(made: Any) -> None:
    where, review, run = made
    keep(run, line())
    take_in(where, run, review.store)
    shown = review.claim("mika", order="failure-linked")
    assert isinstance(shown, Shown)
    case = case_of(review.store, shown.record_id)
    assert case is not None
    assert case.says == ["somebody who talked to the model called the answer wrong"]
    assert case.by_prompt[0].prompt == line()["prompt"]  # the training record that is asked alike
    edit = {"answer": {"old": None, "new": "2013年です。"}}
    with pytest.raises(Refused, match="has no reference; write a record"):
        answer(review, shown, Answer("reference-wrong", changes=edit))
    answer(review, review.claim("mika", order="failure-linked"),
           Answer("coverage-missing", wrote=WROTE))  # fmt: skip
    assert json.loads((where.path / "written" / "records.jsonl").read_text()) == WROTE
    following = review.claim("mika", order="failure-linked")
    assert isinstance(following, Shown)
    assert not following.record_id.startswith(kept.FAILED)


def test_a_later_run_does_not_take_it_away(made: Any, tmp_path: Path) -> None:
    where, review, run = made
    keep(run, line())
    take_in(where, run, review.store)
    later = run_folder(tmp_path, records(review.report), [], "run-2")
    assert take_in(where, later, review.store).gone == 0
    assert len(review.store.read(kept.standing)) == 1


@pytest.mark.parametrize("broken", ['{"prompt": "a', "[1]", '{"prompt": "a"}', "null"])
def test_a_line_that_is_none_is_named(made: Any, broken: str) -> None:
    where, review, run = made
    keep(run, line(), broken)
    with pytest.raises(BadSource, match=r"chat\.jsonl:2 is no answer sent from `train chat`"):
        take_in(where, run, review.store)
    assert review.store.read(kept.standing) == ()


def test_a_run_that_nobody_talked_to_has_none(made: Any) -> None:
    assert sent(made[2]).is_empty()
