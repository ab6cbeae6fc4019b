"""Argilla and Label Studio: verdicts go there and come back, and nothing is lost in silence."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import orjson
import pytest
import typer
from typer.testing import CliRunner

from curate.commands.export_decisions import export_decisions
from curate.commands.import_decisions import import_decisions
from curate.errors import BadSetting, BadSource
from curate.review import Review, argilla, label_studio, policy
from curate.review.elsewhere import given, taken
from curate.store import decisions
from curate.store.standing import standings
from tests.curate.export.desk import COPY, EMPTY, RECORDS, id_at, opened, place, says

TOOLS = [argilla, label_studio]


def verdicts(review: Review) -> dict[str, dict[str, str]]:
    found = review.store.read(lambda on: standings(decisions.current_of(on)))
    return {
        record_id: {name: one.outcome for name, one in standing.blind.items()}
        for record_id, standing in found.items()
        if standing.blind
    }


def decided(review: Review) -> None:
    old = RECORDS[2]["output"]
    says(review, id_at(review, EMPTY), "drop", reason="答えがない", seconds=4.5)
    says(review, id_at(review, EMPTY), "keep", who="太郎")
    says(review, id_at(review, 3), "edit", changes={"answer": (old, "京都の\n図書館")})
    says(review, id_at(review, 2), "relabel", changes={"category": ("travel", "旅行")})


@pytest.mark.parametrize("tool", TOOLS)
def test_verdicts_come_back_as_they_went(tmp_path: Path, tool: ModuleType) -> None:
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    decided(here)
    file = tmp_path / "tasks"
    tool.write(given(here).tasks, file)
    back = taken(there, tool.read(file), tool.TOOL)
    assert (back.new, back.known, back.strangers) == (4, 0, ())
    assert verdicts(there) == verdicts(here)
    again = taken(there, tool.read(file), tool.TOOL)
    assert (again.new, again.known) == (0, 4)
    assert taken(here, tool.read(file), tool.TOOL).new == 0
    reasons = {one.reason for one in there.history(id_at(there, EMPTY))}
    assert reasons == {"答えがない", None}


def test_argilla_gets_responses_and_suggestions(tmp_path: Path) -> None:
    review = opened(tmp_path)
    decided(review)
    policy.decide(review, "empty-answer", "none", "hana")
    argilla.write(given(review).tasks, tmp_path / "a.jsonl")
    told = [orjson.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    by_id = {one["id"]: one for one in told}
    empty = by_id[id_at(review, EMPTY)]
    assert empty["fields"]["prompt"] == "Say hello."
    assert sorted((one["user_id"], one["value"]) for one in empty["responses"]["verdict"]) == [
        ("mika", "drop"), ("太郎", "keep"),
    ]  # fmt: skip
    edited = by_id[id_at(review, 3)]["responses"]
    assert edited["new_answer"] == [{"value": "京都の\n図書館", "user_id": "mika"}]


def test_label_studio_gets_annotations_and_predictions(tmp_path: Path) -> None:
    review = opened(tmp_path)
    policy.decide(review, "empty-answer", "none", "hana")
    says(review, id_at(review, 1), "keep", seconds=2.0)
    label_studio.write(given(review).tasks, tmp_path / "l.json")
    told = {one["data"]["record_id"]: one for one in json.loads((tmp_path / "l.json").read_text())}
    [prediction] = told[id_at(review, EMPTY)]["predictions"]
    assert prediction["model_version"] == "policy empty-answer: none"
    [annotation] = told[id_at(review, 1)]["annotations"]
    assert (annotation["completed_by"], annotation["lead_time"]) == ("mika", 2.0)
    assert annotation["result"][0]["value"] == {"choices": ["keep"]}


def test_an_annotator_may_be_an_account(tmp_path: Path) -> None:
    review = opened(tmp_path)
    label = {"from_name": "verdict", "value": {"choices": ["drop"]}}
    task = {
        "data": {"record_id": id_at(review, 1)},
        "annotations": [
            {"completed_by": {"id": 3, "email": "hana@example.jp"}, "result": [label]},
            {"completed_by": 4, "was_cancelled": True, "result": []},
        ],
    }
    (tmp_path / "l.json").write_bytes(orjson.dumps([task]))
    assert taken(review, label_studio.read(tmp_path / "l.json"), "label-studio").new == 1
    assert list(verdicts(review)[id_at(review, 1)]) == ["hana@example.jp"]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_choice_between_copies_is_named(tmp_path: Path, tool: ModuleType) -> None:
    review = opened(tmp_path)
    policy.decide(review, "exact-duplicate", "survivor", "hana")
    [(record_id, why)] = given(review).left
    assert record_id == id_at(review, COPY)
    assert "copies" in why
    told = call(export_decisions, str(tmp_path / "f"), "--format", tool.TOOL, at=review)
    assert record_id in told


def call(command: object, *words: str, at: Review, code: int = 0) -> str:
    made = typer.Typer()
    made.command()(command)  # type: ignore[type-var]
    where = ["--workspace", str(place(at).path)]
    result = CliRunner().invoke(
        made, [*words, *where], catch_exceptions=False, standalone_mode=False
    )
    assert (result.return_value or 0) == code, result.output
    return result.output


def test_records_that_nobody_knows_are_named(tmp_path: Path) -> None:
    here = opened(tmp_path / "here")
    other = opened(tmp_path / "other", RECORDS[:5])
    decided(here)
    file = str(tmp_path / "a.jsonl")
    call(export_decisions, file, "--format", "argilla", at=here)
    told = call(import_decisions, file, "--format", "argilla", at=other, code=1)
    assert "Taken in: 2; there before: 0" in told
    assert id_at(here, EMPTY) in told


def test_what_cannot_be_used_is_named_and_nothing_is_taken_in(tmp_path: Path) -> None:
    review = opened(tmp_path)
    file = tmp_path / "a.jsonl"
    good = {"id": id_at(review, 1), "responses": {"verdict": [{"value": "keep", "user_id": "m"}]}}
    for bad, says_ in (
        ({**good, "responses": {"verdict": [{"value": "kep", "user_id": "m"}]}}, "did you mean 'keep'"),
        ({**good, "responses": {"verdict": [{"value": "edit", "user_id": "m"}]}}, "without a new_"),
        ({**good, "responses": {"new_anser": [{"value": "x", "user_id": "m"}]}}, "did you mean 'answer'"),
    ):  # fmt: skip
        file.write_bytes(orjson.dumps(good) + b"\n" + orjson.dumps(bad) + b"\n")
        with pytest.raises(BadSource, match=says_):
            taken(review, argilla.read(file), "argilla")
    assert verdicts(review) == {}
    file.write_text("{}\n")
    with pytest.raises(BadSource, match="a.jsonl:1: no Argilla record"):
        argilla.read(file)
    with pytest.raises(BadSource, match="array of tasks"):
        label_studio.read(file)
    with pytest.raises(BadSetting, match="did you mean 'argilla'"):
        call(export_decisions, "x", "--format", "argila", at=review)
    file.write_bytes(orjson.dumps({"record_id": "a"}))
    with pytest.raises(BadSource, match="no Argilla record: 'id' is missing"):
        argilla.read(file)
    file.write_bytes(orjson.dumps([{"data": {}}]))
    with pytest.raises(BadSource, match="task 1 cannot be used: 'record_id' is missing"):
        label_studio.read(file)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_file_of_another_tool_names_the_flag_it_needs(tmp_path: Path, tool: ModuleType) -> None:
    review = opened(tmp_path)
    decided(review)
    file = str(tmp_path / "tasks")
    call(export_decisions, file, "--format", tool.TOOL, at=review)
    with pytest.raises(BadSource, match=f"looks like .* {tool.TOOL}; add --format {tool.TOOL}"):
        call(import_decisions, file, at=review)


def test_verdicts_that_came_by_two_formats_are_there_once(tmp_path: Path) -> None:
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    decided(here)
    tasks, log = str(tmp_path / "tasks"), str(tmp_path / "log")
    call(export_decisions, tasks, "--format", "argilla", at=here)
    call(export_decisions, log, at=here)
    call(import_decisions, tasks, "--format", "argilla", at=there)
    before = verdicts(there)
    assert "Taken in: 0; there before: 4" in call(import_decisions, log, at=there)
    assert verdicts(there) == before
