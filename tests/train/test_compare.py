"""Compare: what is fixed, left, broken and gone, with intervals, and whose decision meant it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.errors import BadSource
from tests.train.test_failures import answered, record
from train.compare import compare, counts, difference, interval, pin, pinned, pinned_under, verdict
from train.evaluate import write_records
from train.failures import failures, write_failures

RIGHT, WRONG = "It was founded in 2014.", "It was founded in 2013."


def run(
    folder: Path,
    answers: Mapping[int, str],
    decisions: Sequence[Mapping[str, Any]] = (),
    parents: Mapping[int, str] | None = None,
    splits: Mapping[int, str] | None = None,
    **told: Any,
) -> Path:
    """A run folder as `train run` leaves it; record n is answered as given."""
    folder.mkdir(parents=True)
    records = [
        record(n, f"When did channel {n} begin?", RIGHT, (splits or {}).get(n, "dev"),
               parent_id=(parents or {}).get(n))
        for n in answers
    ]  # fmt: skip
    said = [answered(one, answers[one.line]) for one in records]
    write_records(folder / "records.parquet", records, said)
    write_failures(folder / "failures.parquet", failures(records, said))
    (folder / "approved.json").write_text(json.dumps({"id": folder.name}))
    (folder / "run.json").write_text(json.dumps({"precision": "float32", **told}))
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in decisions)
    (folder / "decisions.jsonl").write_text(lines, encoding="utf-8")
    return folder


def decision(record_id: str, request: str, kind: str = "keep", **more: Any) -> dict[str, Any]:
    return {"record_id": record_id, "kind": kind, "reviewer": "mika", "request_id": request,
            "decided_at": "2026-11-21T12:00:00+00:00", "payload": {}, **more}  # fmt: skip


def test_fixed_still_broken_and_gone(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: WRONG, 2: WRONG, 3: RIGHT, 4: WRONG, 5: RIGHT})
    second = run(tmp_path / "b", {1: RIGHT, 2: WRONG, 3: WRONG, 5: RIGHT})
    found = compare(first, second)
    assert counts(found) == {"fixed": 1, "still": 1, "broken": 1, "gone": 1}
    told = [
        [one.record_id for one in group]
        for group in (found.fixed, found.still, found.broken, found.gone)
    ]
    assert told == [["r1"], ["r2"], ["r3"], ["r4"]]


def test_a_run_against_itself_shows_nothing(tmp_path: Path) -> None:
    one = run(tmp_path / "a", {n: WRONG if n % 2 else RIGHT for n in range(8)})
    found = compare(one, one)
    assert counts(found) == {"fixed": 0, "still": 4, "broken": 0, "gone": 0}
    assert {each.verdict for each in found.differences} == {"none"}
    assert found.unlike == {}


HASHES = {"config.json": "a" * 64, "tokenizer.json": "b" * 64}


def test_one_model_under_two_names_is_one_model(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: RIGHT}, model={"name": "tiny", "files": HASHES})
    named = {"name": "/models/日本語 tiny", "files": HASHES}
    second = run(tmp_path / "b", {1: RIGHT}, model=named)
    assert compare(first, second).unlike == {}


def test_of_two_models_the_file_that_differs_is_named(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: RIGHT}, model={"name": "one", "files": HASHES})
    other = {"name": "other", "files": {**HASHES, "config.json": "c" * 64}}
    second = run(tmp_path / "b", {1: RIGHT}, model=other, generation={"max_new_tokens": 8})
    assert compare(first, second).unlike == {
        "generation.max_new_tokens": (None, 8),
        "model.files.config.json": ("a" * 64, "c" * 64),
        "model.name": ("one", "other"),
    }


def test_models_that_only_have_names_go_by_them(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: RIGHT}, model={"name": "one"})
    second = run(tmp_path / "b", {1: RIGHT}, model={"name": "other"})
    assert compare(first, second).unlike == {"model.name": ("one", "other")}


def test_an_edited_reference_is_still_the_same_record(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: WRONG})
    second = run(tmp_path / "b", {9: RIGHT}, parents={9: "r1"})
    [fixed] = compare(first, second).fixed
    assert (fixed.record_id, fixed.before and fixed.before.record_id) == ("r9", "r1")
    assert compare(first, second).differences == ()  # another question is no pair


def test_a_record_that_left_dev_is_not_called_fixed(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: WRONG})
    second = run(tmp_path / "b", {1: RIGHT}, splits={1: "test"})
    assert counts(compare(first, second)) == {"fixed": 0, "still": 0, "broken": 0, "gone": 1}


def test_a_fix_is_credited_to_the_decision_that_meant_it(tmp_path: Path) -> None:
    about = {"verdict": "training-records-wrong", "opens": ["taught"]}
    log = [
        decision("r1", "old"),
        decision("failure-r1", "verdict", "relabel", payload={"failure": about}),
        decision(
            "taught", "mend", "drop", reason="a wrong year", payload={"failure": {"for": ["r1"]}}
        ),
        decision("taught", "for another", "drop", payload={"failure": {"for": ["r2"]}}),
        decision("elsewhere", "other", "drop"),
        decision("taught", "mistaken", "edit", payload={"failure": {"for": ["r1"]}}),
        decision("taught", "back", "undo", undoes="mistaken"),
    ]
    first = run(tmp_path / "a", {1: WRONG}, log[:1])
    [fixed] = compare(first, run(tmp_path / "b", {1: RIGHT}, log)).fixed
    assert [(one.record_id, one.kind, one.verdict) for one in fixed.credits] == [
        ("failure-r1", "relabel", "training-records-wrong"),
        ("taught", "drop", None),
    ]


def test_the_fix_of_a_relapse_is_credited_to_what_was_said_of_the_relapse(tmp_path: Path) -> None:
    about = {"record_id": "r1", "verdict": "under-trained"}
    log = [decision("failure-r1-again-1", "verdict", "relabel", payload={"failure": about})]
    first = run(tmp_path / "a", {1: WRONG}, [])
    [fixed] = compare(first, run(tmp_path / "b", {1: RIGHT}, log)).fixed
    assert [one.verdict for one in fixed.credits] == ["under-trained"]


def test_a_fix_that_nobody_meant_is_credited_to_nobody(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: WRONG}, [decision("r1", "old")])
    second = run(tmp_path / "b", {1: RIGHT}, [decision("r1", "old"), decision("r2", "new")])
    assert compare(first, second).fixed[0].credits == ()


def test_what_was_fixed_is_pinned_for_every_later_run(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: WRONG, 2: WRONG})
    second = run(tmp_path / "b", {1: RIGHT, 2: WRONG})
    assert pin(compare(first, second)) == pin(compare(first, second)) == {"r1": "b"}
    third = run(tmp_path / "c", {1: RIGHT, 2: RIGHT})
    assert pin(compare(second, third)) == {"r1": "b", "r2": "c"}
    assert pinned(third) == pinned_under(tmp_path) == {"r1": "b", "r2": "c"}
    assert pinned(first) == {}


def test_answers_made_in_another_way_are_said_to_be(tmp_path: Path) -> None:
    first = run(tmp_path / "a", {1: RIGHT}, template_fingerprint="x")
    second = run(tmp_path / "b", {1: RIGHT}, template_fingerprint="y")
    assert compare(first, second).unlike == {"template_fingerprint": ("x", "y")}


def test_metrics_are_compared_on_dev_and_test_apart(tmp_path: Path) -> None:
    splits = {n: "test" if n % 2 else "dev" for n in range(20)}
    first = run(tmp_path / "a", dict.fromkeys(range(20), WRONG), splits=splits)
    second = run(tmp_path / "b", {n: WRONG if n % 2 else RIGHT for n in range(20)}, splits=splits)
    found = {(one.split, one.metric): one for one in compare(first, second).differences}
    assert found["dev", "exact_match"].verdict == found["dev", "chrf"].verdict == "better"
    assert found["dev", "wrong_value"].verdict == "better"
    assert found["test", "exact_match"].verdict == "none"
    assert found["dev", "exact_match"].records == 10


@pytest.mark.parametrize("name", ["run.json", "records.parquet", "failures.parquet"])
def test_what_is_no_run_is_named(tmp_path: Path, name: str) -> None:
    one = run(tmp_path / "a", {1: RIGHT})
    (one / name).unlink()
    with pytest.raises(BadSource, match=f"no finished run: it has no {name}"):
        compare(one, one)


def test_few_records_show_nothing() -> None:
    assert difference("dev", "chrf", np.array([[0.0, 100.0]] * 4)).verdict == "none"
    assert difference("dev", "chrf", np.array([[0.0, 100.0]] * 5)).verdict == "better"


CHANGES = st.lists(st.floats(-9, 9), min_size=5, max_size=40).map(np.array)


@settings(deadline=None, max_examples=40)
@given(CHANGES)
def test_the_interval_is_seeded_and_turns_with_its_sign(changes: Any) -> None:
    low, high = interval(changes, 3)
    assert (low, high) == interval(changes, 3)
    assert changes.min() - 1e-9 <= low <= high <= changes.max() + 1e-9
    assert interval(-changes, 3) == pytest.approx((-high, -low), abs=1e-9)


def test_the_interval_holds_the_true_mean_about_nineteen_times_in_twenty() -> None:
    draw = np.random.default_rng(7)
    held = 0
    for seed in range(120):
        low, high = interval(draw.normal(1.0, 2.0, 60), seed)
        held += low <= 1.0 <= high
    assert 105 <= held <= 120


@pytest.mark.parametrize(
    ("metric", "low", "high", "wanted"),
    [
        ("chrf", 1, 2, "better"), ("chrf", -2, -1, "worse"), ("chrf", -1, 1, "none"),
        ("loss", -2, -1, "better"), ("loop", 0.1, 0.2, "worse"), ("length", 1, 2, "other"),
        ("chrf", None, None, "none"),
    ],
)  # fmt: skip
def test_which_way_is_better(metric: str, low: Any, high: Any, wanted: str) -> None:
    assert verdict(metric, low, high) == wanted
