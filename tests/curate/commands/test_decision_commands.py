"""curate decide, status, log, revert, export-decisions, import-decisions: the words a user types."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from curate.audit import audit
from curate.cli import app
from curate.errors import BadSetting
from curate.review import open_review
from curate.review.frames import Filters
from curate.review.settings import change
from curate.review.shown import Shown
from curate.store.refusals import Refused
from curate.workspace import Workspace

RECORDS = [
    *({"instruction": f"{n}の次の数は何ですか。", "output": f"{n + 1}です。"} for n in range(20)),
    *({"instruction": "Name a colour.", "output": "Blue is a colour."} for _ in range(2)),
    *({"instruction": f"Say {word}.", "output": ""} for word in ("hello", "ありがとう")),
]


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    where = tmp_path / ".curate"
    audit(RECORDS, workspace=where, only=["empty-answer", "exact-duplicate"])
    return ["--workspace", str(where)]


def call(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_an_afternoon_from_decide_to_import(place: list[str], tmp_path: Path) -> None:
    copies = [
        "decide",
        "--check",
        "exact-duplicate",
        "--keep",
        "survivor",
        "--reviewer",
        "mika",
        *place,
    ]
    assert "Not recorded yet: 1 records; that would go: 1" in call(*copies, "--dry-run")
    assert "decided: 0 of 3" in call("status", *place)
    said = call(*copies)
    assert "Records decided: 1; that go: 1" in said
    assert "decided: 1 of 3" in call("status", *place)
    file = tmp_path / "decisions.jsonl"
    assert f"Written: 1 entries in {file}" in call("export-decisions", str(file), *place)
    act = re.search(r"policy-\w+", said)
    assert act is not None
    assert "Taken back: 1" in call("revert", act[0], *place, "--reason", "too early")
    assert "decided: 0 of 3" in call("status", *place)
    other = ["--workspace", str(tmp_path / "other")]
    assert "Taken in: 1; there before: 0" in call("import-decisions", str(file), *other)
    assert "Taken in: 0; there before: 1" in call("import-decisions", str(file), *other)


def test_the_log_of_a_record_tells_all_of_it(place: list[str], tmp_path: Path) -> None:
    call("decide", "--check", "empty-answer", "--keep", "none", "--reviewer", "太郎", *place)
    call("revert", "1", "--reviewer", "mika", "--reason", "gut so", *place)
    file = tmp_path / "out.jsonl"
    call("export-decisions", str(file), *place)
    found = re.search(r'"record_id":"(\w+)"', file.read_text())
    assert found is not None
    record_id = found[1]
    first, second = call("log", record_id[:8], *place).splitlines()
    assert first.startswith("1 ")
    assert first.endswith("太郎  drop  policy empty-answer: none  undone")
    assert second.endswith("mika  undo 1  gut so")
    japanese = call("log", record_id, "--locale", "ja", *place)
    assert "取り消し済み" in japanese
    assert "undone" not in japanese
    assert "nothing was decided" in call("log", "feedfeed", *place)


def test_japanese_status_mixes_no_english(place: list[str]) -> None:
    call("decide", "--check", "empty-answer", "--keep", "all", *place)
    lines = call("status", "--locale", "ja", *place).splitlines()
    assert lines[0] == "判定済み: 3 件中 2 件"
    assert not [line for line in lines if re.search(r"decided|open:|kept in", line)]


def test_what_cannot_be_done_is_refused(place: list[str]) -> None:
    with pytest.raises(BadSetting, match="did you mean 'empty-answer'"):
        call("decide", "--check", "empty-anwser", "--keep", "all", *place)
    with pytest.raises(Refused, match="there is no decision 7"):
        call("revert", "7", *place)


def test_status_tells_how_like_two_edits_are(place: list[str]) -> None:
    review = open_review(Workspace(Path(place[1])))
    change(review.store, "double_share", 1.0)
    for name, new in (("mika", "Hello to you."), ("太郎", "Hello there.")):
        shown = review.claim(name, filters=Filters(check=("empty-answer",)))
        assert isinstance(shown, Shown)
        edit = {"changes": {"answer": {"old": "", "new": new}}}
        review.decide(shown, "edit", edit, seconds=12.5)
    said = call("status", *place)
    assert re.search(r"chrF between edits: \d+\.\d \(\d+\.\d to \d+\.\d\) over 1 pairs", said)
    assert "seconds from shown to decided: 12.5 (median)" in said
    japanese = call("status", "--locale", "ja", *place)
    assert "修正文どうしの chrF" in japanese
    assert not re.search(r"chrF between|median|agreement", japanese)
    review.store.engine.dispose()
