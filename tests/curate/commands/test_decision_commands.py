"""curate decide, status, log, revert, export-decisions, import-decisions: the words a user types."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from curate.audit import audit
from curate.cli import app
from curate.errors import BadSetting, BadSource, NothingToAudit
from curate.locale import translator
from curate.review import open_review
from curate.review.frames import Filters
from curate.review.lookup import choice
from curate.review.settings import change
from curate.review.shown import Shown
from curate.store import decisions
from curate.store.database import Connection
from curate.store.decision import Decision
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


def decided(on: Connection) -> Iterator[Decision]:
    return iter(list(decisions.log(on)))


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
    assert "Not recorded yet. Decisions: 1; records that would go: 1;" in call(*copies, "--dry-run")
    assert "decided: 0 of 3" in call("status", *place)
    said = call(*copies)
    assert "Decisions: 1; records that go: 1;" in said
    assert "decided: 1 of 3" in call("status", *place)
    file = tmp_path / "decisions.jsonl"
    assert f"Written: 1 entries in {file}" in call("export-decisions", str(file), *place)
    act = re.search(r"policy-\w+", said)
    assert act is not None
    assert "Taken back: 1" in call("revert", act[0], *place, "--reason", "too early")
    assert "decided: 0 of 3" in call("status", *place)
    other = ["--workspace", str(tmp_path / "other")]
    audit(RECORDS, workspace=tmp_path / "other", only=["empty-answer", "exact-duplicate"])
    assert "Taken in: 1; there before: 0" in call("import-decisions", str(file), *other)
    assert "Taken in: 0; there before: 1" in call("import-decisions", str(file), *other)


def test_a_decision_stays_with_its_record_and_a_changed_record_asks_again(tmp_path: Path) -> None:
    where, names = tmp_path / ".curate", ["--workspace", str(tmp_path / ".curate")]
    audit(RECORDS, workspace=where, only=["empty-answer"])
    call("decide", "--check", "empty-answer", "--keep", "none", "--reviewer", "mika", *names)
    before = call("status", *names).splitlines()[0]
    audit(RECORDS[::-1], workspace=where, only=["empty-answer"])
    assert call("status", *names).splitlines()[0] == before
    changed = [
        {**one, "instruction": f"{one['instruction']} Now?"} if not one["output"] else one
        for one in RECORDS
    ]
    audit(changed, workspace=where, only=["empty-answer"])
    told = call("status", *names)
    assert told.startswith("decided: 0 of")
    assert "drop" not in told
    assert "by mika" not in told
    assert "on records that this audit has not: " in told


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


def test_the_log_prints_no_private_value(place: list[str]) -> None:
    review = open_review(Workspace(Path(place[1])))
    record = next(iter(review.report.findings["record_id"].drop_nulls()))
    key = "AKIA" + "Q3EGRVX7ZTLMWP5D"
    change = {
        "answer": {"old": f"The backup uses the access key {key}.", "new": "Ask the admin."},
        "category": {"old": None, "new": "secrets"},
    }
    made = Decision(
        record_id=record, kind="edit", reviewer="mika", request_id="1", reason=f"it says {key}",
        payload={"changes": change},
    )  # fmt: skip
    review.store.write(lambda on: decisions.append(review.store, on, [made]))
    told = call("log", record, *place)
    assert "The backup uses" in told
    assert "it says" in told
    assert "category: None -> 'secrets'" in told
    assert key not in told


def test_the_log_says_which_copies_stay_and_which_go(place: list[str]) -> None:
    call("decide", "--check", "exact-duplicate", "--keep", "survivor", "--reviewer", "mika", *place)
    chosen = next(open_review(Workspace(Path(place[1]))).store.read(decided))
    [kept], [gone] = chosen.payload["keep"], chosen.payload["drop"]
    short = f"({chosen.record_id[:8]}…)"
    said = call("log", chosen.record_id, *place)
    assert (
        f"keeps {kept['source']}:{kept['line']} {short}; drops {gone['source']}:{gone['line']} {short}"
        in said
    )
    assert "copies of this record that stay: 1, that go: 1" in said
    japanese = call("log", chosen.record_id, "--locale", "ja", *place)
    assert f"残すもの: {kept['source']}:{kept['line']}" in japanese
    assert not re.search("keeps|drops|stay|go:", japanese)


def test_a_choice_between_two_records_says_what_becomes_of_this_one(place: list[str]) -> None:
    review = open_review(Workspace(Path(place[1])))
    one, other = review.report.snapshot.frame(0, ["record_id"])["record_id"][:2]
    payload = {"keep": [{"record_id": one}], "drop": [{"record_id": other}, {"record_id": "gone1"}]}
    for record_id, fate in ((one, "this record stays"), (other, "this record goes")):
        made = Decision(record_id=record_id, kind="choose", reviewer="mika",
                        request_id=record_id, payload=payload)  # fmt: skip
        review.store.write(lambda on, made=made: decisions.append(review.store, on, [made]))
        said = call("log", record_id, *place).strip()
        assert said.endswith(fate)
        assert f":1 ({one[:8]}…); drops " in said
        assert f":2 ({other[:8]}…), gone1…; " in said
    review.store.engine.dispose()


def test_of_many_records_in_a_choice_the_first_are_named_and_the_others_counted() -> None:
    payload = {"keep": [], "drop": [{"record_id": f"record{n}"} for n in range(5)]}
    made = Decision(record_id="a", kind="choose", reviewer="m", request_id="1", payload=payload)
    told = "keeps –; drops record0…, record1…, record2…, +2"
    assert choice(translator("en"), made, {}) == told
    assert choice(translator("ja"), made, {}).startswith("残すもの: –、除くもの: record0…")


def test_a_few_characters_of_an_id_are_enough_where_they_are_of_one(place: list[str]) -> None:
    call("decide", "--check", "exact-duplicate", "--keep", "survivor", "--reviewer", "mika", *place)
    chosen = next(open_review(Workspace(Path(place[1]))).store.read(decided))
    assert call("log", chosen.record_id[0], *place) == call("log", chosen.record_id, *place)
    says = "nothing was decided on any record whose id begins with xyz\n"
    assert call("log", "xyz", *place) == says
    assert "ID が xyz で始まる" in call("log", "xyz", "--locale", "ja", *place)
    call("decide", "--check", "empty-answer", "--keep", "all", *place)
    with pytest.raises(BadSetting, match="begins 3 ids; write more of it"):
        call("log", "", *place)


def test_what_is_taken_back_twice_is_said_to_be_taken_back_already(place: list[str]) -> None:
    call("decide", "--check", "empty-answer", "--keep", "all", *place)
    assert call("revert", "1", *place) == "Taken back: 1\n"
    assert call("revert", "1", *place) == "already taken back: 1\n"
    assert call("revert", "1", "2", *place) == "Taken back: 1\nalready taken back: 1\n"
    assert call("revert", "1", "--locale", "ja", *place) == "すでに取り消してあった判定: 1 件\n"


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


def test_where_nothing_was_audited_nothing_is_made(tmp_path: Path) -> None:
    where = tmp_path / "nothing"
    file = tmp_path / "decisions.jsonl"
    file.write_text("")
    deciding = ["decide", "--check", "empty-answer", "--keep", "all"]
    for words in (
        ["export-decisions", str(file)], ["import-decisions", str(file)], ["status"], deciding,
        ["log", "feed"], ["revert", "1"], ["export"], ["report"], ["review"],
    ):  # fmt: skip
        with pytest.raises(NothingToAudit, match="holds no audit yet; run: curate audit"):
            call(*words, "--workspace", str(where))
    for words in (["diff", "feed", "beef"], ["trace", str(tmp_path)], ["intake", str(tmp_path)]):
        with pytest.raises(BadSource):
            call(*words, "--workspace", str(where))
    assert not where.exists()


def test_whoever_only_reads_makes_no_store(place: list[str], tmp_path: Path) -> None:
    where = Path(place[1])
    assert "decided: 0 of 3" in call("status", *place)
    assert "nothing was decided" in call("log", "feed", *place)
    assert "Written: 0 entries" in call("export-decisions", str(tmp_path / "log.jsonl"), *place)
    call("decide", "--check", "empty-answer", "--keep", "all", "--dry-run", *place)
    call("export", "--allow-undecided", *place)
    with pytest.raises(Refused, match="1 is no decision and no act"):
        call("revert", "1", *place)
    assert {each.name for each in where.iterdir()} == {"snapshots", "audits", "approved"}


def test_decisions_go_into_no_folder_that_does_not_exist(place: list[str], tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="there is no folder"):
        call("export-decisions", str(tmp_path / "typo" / "decisions.jsonl"), *place)
    assert not (tmp_path / "typo").exists()


def refused(*words: str) -> str:
    """Why the app does not start, in Japanese."""
    pytest.importorskip("streamlit")
    done = CliRunner().invoke(app, ["review", "--locale", "ja", *words])
    assert isinstance(done.exception, BadSetting | NothingToAudit)
    assert done.output == "", "no address is said"
    return str(done.exception)


def test_a_busy_port_is_said_before_the_address(place: list[str]) -> None:
    pytest.importorskip("streamlit")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        runner = CliRunner()
        done = runner.invoke(app, ["review", "--port", port, *place])
        japanese = refused("--port", port, *place)
    assert isinstance(done.exception, BadSetting)
    assert f"--port {port}: the app cannot listen" in str(done.exception)
    assert "Review at" not in done.output
    assert f"--port {port}: レビュー画面は" in japanese


def test_why_the_app_does_not_start_is_said_in_japanese_too(tmp_path: Path) -> None:
    there = ["--workspace", str(tmp_path / "nothing")]
    assert "監査の結果がまだありません" in refused(*there)
    opened = refused("--address", "0.0.0.0", *there)
    assert "サインイン" in opened
    assert "client_secret" in opened
    assert not re.search(r"other machines|holds no audit", opened)


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
    assert "agreement: 0.0% (0.0% to 79.3%) over 1 records that two people decided" in said
    assert "the same kind of verdict: 100.0%" in said
    assert "seconds from shown to decided: 12.5 (median)" in said
    japanese = call("status", "--locale", "ja", *place)
    assert "修正文どうしの chrF" in japanese
    assert "判定の種類が同じもの: 100.0%" in japanese
    assert not re.search(r"chrF between|median|agreement|same kind", japanese)
    review.store.engine.dispose()


def test_status_names_a_path_as_it_is_written(tmp_path: Path) -> None:
    where = tmp_path / "作業 場" / ".curate"
    audit([{"instruction": "富士山の高さは？", "output": ""}], workspace=where)
    for locale in ("en", "ja"):
        told = call("status", "--workspace", str(where), "--locale", locale)
        assert f"sqlite:///{where}/store.db" in told
