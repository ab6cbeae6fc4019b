"""The loop closed: wrong answers are trained, fail, are decided, exported, trained again, and fixed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from curate.demo import loop, reviewer
from curate.intake import take_in
from curate.review import open_review
from curate.review.failures import Answer, answer
from curate.review.shown import Shown
from curate.store.refusals import Refused
from curate.workspace import Workspace
from tests.warm import Warm
from train.approved import open_approved
from train.compare import compare, pinned
from train.demo import RECIPE, demo
from train.errors import NotApproved
from train.failures import read_failures
from train.recipe import load
from train.run import run


@dataclass(frozen=True)
class Looped:
    """What the demo leaves, and what it said."""

    folder: Path
    first: Path
    later: Path
    said: str

    @property
    def where(self) -> Workspace:
        return Workspace(self.folder / ".curate")

    @property
    def approved(self) -> Path:
        found = self.where.latest_approved()
        assert found is not None
        return found


@pytest.fixture(scope="module")
def looped(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looped]:
    """The demo with the tiny model: every step is the command that a user types."""
    folder = tmp_path_factory.mktemp("loop")
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("CURATE_CACHE", str(folder / "cache"))
        patch.setattr("sys.executable", str(warm.python))
        later = demo(folder / "demo", "tiny", said.append)
        [first] = later.parent.glob("first-*")
        yield Looped(folder / "demo", first, later, "\n".join(said))


@pytest.fixture(scope="module")
def relapsed(looped: Looped) -> Path:
    """A third run that is far too short, so that what was fixed fails again."""
    changes = [
        "training.epochs=1", "run.experiment_name=third", "loop.send_failures=false",
        f"run.output_directory={looped.later.parent}",
    ]  # fmt: skip
    recipe = load(looped.folder / RECIPE, changes)
    return run(recipe, looped.approved, tell=lambda _: None)


def places(run: Path) -> set[int]:
    return {one.line for one in read_failures(run / "failures.parquet")}


def planted() -> set[int]:
    """The lines of the dev records that show what is planted."""
    keys = {*loop.TAUGHT, *loop.REFERENCE}
    rows = [
        (lamp, language, number)
        for language, questions in loop.QUESTIONS.items()
        for number in range(len(questions))
        for lamp in loop.HOURS
    ]
    return {
        line
        for line, (lamp, language, number) in enumerate(rows, start=1)
        if number == loop.ASKED and (lamp, language) in keys
    }


def test_the_planted_answers_fail_are_decided_and_are_fixed(looped: Looped) -> None:
    assert places(looped.first) >= planted()
    found = compare(looped.first, looped.later)
    assert {one.before.line for one in found.fixed if one.before} >= planted()
    assert found.broken == ()
    assert found.unlike == {}
    said = {
        one.before.line: {(credit.reviewer, credit.verdict) for credit in one.credits}
        for one in found.fixed
        if one.before
    }
    verdicts = {verdict for line in planted() for _, verdict in said[line]}
    assert {"training-records-wrong", "reference-wrong"} <= verdicts
    assert {who for line in planted() for who, _ in said[line]} == {reviewer.NAME}
    edits = [credit.kind for one in found.fixed for credit in one.credits]
    assert edits.count("edit") == len(list(loop.wrong()))


def test_a_run_compared_with_itself_fixes_nothing(looped: Looped) -> None:
    found = compare(looped.first, looped.first)
    assert (found.fixed, found.broken) == ((), ())
    assert {one.after.line for one in found.still if one.after} == places(looped.first)


def test_what_is_trained_is_what_was_decided(looped: Looped) -> None:
    train = pl.read_parquet(looped.approved / "train.parquet")
    wrong = {str(one["wrong"]) for one in loop.wrong()}
    assert not wrong & set(train["answer"])
    first = json.loads((looped.first / "approved.json").read_bytes())["id"]
    before = pl.read_parquet(looped.where.approved / first / "train.parquet")
    assert wrong & set(before["answer"])
    assert train["prompt_id"].to_list() == before["prompt_id"].to_list(), "the splits stay"


def test_the_failures_reached_the_queue_and_a_second_intake_adds_nothing(
    looped: Looped, tmp_path: Path
) -> None:
    n = len(places(looped.first))
    assert f"review queue: {n} failures new, 0 there before" in looped.said
    again = take_in(looped.where, looped.first)
    assert (again.new, again.known, again.linked) == (0, n, True)
    copy = tmp_path / looped.first.name
    shutil.copytree(looped.first, copy)
    assert take_in(looped.where, copy).new == 0, "wherever its folder lies"
    (copy / "run.json").write_bytes((copy / "run.json").read_bytes() + b" ")
    assert take_in(looped.where, copy).new == n, "another run, so the test can tell"


def test_what_was_fixed_and_fails_again_is_a_regression(looped: Looped, relapsed: Path) -> None:
    assert len(pinned(looped.later)) == len(compare(looped.first, looped.later).fixed)
    again = {
        one.line: one.evidence.get("regression", {}).get("fixed_in")
        for one in read_failures(relapsed / "failures.parquet")
    }
    assert {again[line] for line in planted()} == {looped.later.name}
    assert all(
        one.severity == "error"
        for one in read_failures(relapsed / "failures.parquet")
        if one.line in planted()
    )


def test_one_changed_byte_or_data_that_nobody_approved_is_refused(
    looped: Looped, tmp_path: Path
) -> None:
    copy = tmp_path / "approved"
    shutil.copytree(looped.approved, copy)
    assert open_approved(copy).id == looped.approved.name
    recipe = load(looped.folder / RECIPE, [f"run.output_directory={tmp_path / 'runs'}"])
    for name in ("train.parquet", "decisions.jsonl", "ledger.parquet"):
        whole = (copy / name).read_bytes()
        (copy / name).write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        with pytest.raises(NotApproved, match=name):
            run(recipe, copy, tell=lambda _: None)
        (copy / name).write_bytes(whole)
    [audited] = looped.where.snapshots.iterdir()
    with pytest.raises(NotApproved):
        run(recipe, audited, tell=lambda _: None)
    assert not (tmp_path / "runs").exists()


def test_a_failure_never_becomes_a_training_record_near_the_test_set(
    looped: Looped, relapsed: Path
) -> None:
    review = open_review(looped.where)
    take_in(looped.where, relapsed, review.store)
    shown = review.claim("mika", "failure-linked", reviewer.WAITING)
    assert isinstance(shown, Shown)
    test = pl.read_parquet(looped.approved / "test.parquet").row(0, named=True)
    near = {"instruction": f"{test['instruction']} ", "output": test["answer"]}
    with pytest.raises(Refused, match="test set"):
        answer(review, shown, Answer("coverage-missing", wrote=near))
    new = {"instruction": "How heavy is the box of the Maple lamp?", "output": "It is 2 kg."}
    answer(review, shown, Answer("coverage-missing", wrote=new))
    assert "2 kg" in (looped.where.path / "written" / "records.jsonl").read_text(encoding="utf-8")


def test_the_demo_does_not_work_in_a_folder_that_holds_one(looped: Looped) -> None:
    from curate.errors import BadSetting

    with pytest.raises(BadSetting, match="name a new folder"):
        demo(looped.folder, "tiny")
