"""What is asked about wrong answers: their own gradients, other wordings, chance and the base."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.train.tracing.traced import Traced, traced
from train.approved import open_approved
from train.failures import read_failures
from train.model import load
from train.template import template_of
from train.tracing.asking import Looked, Model, gradients, look_into
from train.tracing.capture import VISIT, Captured
from train.tracing.moments import Moment
from train.tracing.rewording import with_answer
from train.tracing.sketch import Sketcher


@pytest.fixture(scope="module")
def model(one: Traced) -> Model:
    """The run's model, loaded anew."""
    loaded = load(one.recipe)
    return Model(one.recipe, loaded, template_of(one.recipe, loaded.tokenizer))


def captured(one: Traced) -> Captured:
    said = one.told("traces/trace.json")
    moments = [Moment(each["number"], each["epoch"], each["step"]) for each in said["checkpoints"]]
    empty = np.empty(0, VISIT)
    return Captured(empty, tuple(moments), (), said["seed"], 0.0, one.place / "traces")


def looked(one: Traced, model: Model, approved: Path) -> Looked:
    found = read_failures(one.place / "failures.parquet")
    return look_into(one.place, model, open_approved(approved), captured(one), found, [])


def test_asked_again_it_says_the_same_and_is_the_tuned_model_afterwards(
    one: Traced, model: Model, approved: Path
) -> None:
    again = looked(one, model, approved)
    triage = one.table("traces/triage.parquet")
    assert [list(each.sampled) for each in again.asked] == [each["sampled"] for each in triage]
    assert [list(each.answers) for each in again.asked] == [each["answers"] for each in triage]
    assert [each.base_answer for each in again.asked] == [each["base_answer"] for each in triage]
    for number, rows in enumerate(again.sketches, 1):
        assert np.array_equal(rows, np.load(one.place / f"traces/wrong-{number}.npy"))
    now = {name: each.detach().clone() for name, each in model.loaded.model.named_parameters()}
    model.loaded.restore(one.place / "adapter")
    after = dict(model.loaded.model.named_parameters())
    assert all(torch.equal(now[name], after[name]) for name in now)


def test_each_wrong_answer_is_asked_about_as_the_recipe_says(one: Traced) -> None:
    triage = one.table("traces/triage.parquet")
    dev = {each["record_id"] for each in one.table("records.parquet") if each["split"] == "dev"}
    assert triage
    assert {each["record_id"] for each in triage} <= dev
    for each, failure in zip(triage, one.table("failures.parquet"), strict=True):
        assert each["record_id"] == failure["record_id"]
        assert each["base_answer"] == failure["baseline_answer"]
        assert (len(each["paraphrases"]), len(each["answers"]), len(each["sampled"])) == (2, 2, 3)
        assert failure["prompt"] not in each["paraphrases"]
        assert each["wrong_loss"] < each["reference_loss"]  # it said what it finds likelier


def test_a_wrong_answer_among_others_has_its_own_sketch(
    one: Traced, model: Model, approved: Path
) -> None:
    records = open_approved(approved).records("dev")
    wrong = [
        model.template.encode(with_answer(record, said))
        for record, said in zip(records, ("Rome, I think", "東京"), strict=True)
    ]
    sketcher = Sketcher(model.loaded.model, seed=5)
    together = gradients(model, sketcher, wrong)
    apart = np.concatenate([gradients(model, sketcher, [each]) for each in wrong])
    assert np.abs(together.astype(int) - apart).max() <= 1
    assert np.abs(together[0].astype(int) - together[1]).max() > 20


def test_no_failures_asked_about_and_no_baseline_known(approved: Path, tmp_path: Path) -> None:
    one = traced(
        approved, tmp_path, "evaluate.before_training=false", "trace.failures=1",
        "trace.paraphrases=0", "trace.samples=0",
    )  # fmt: skip
    [asked] = one.table("traces/triage.parquet")
    assert asked["base_answer"] is not None
    assert (asked["paraphrases"], asked["answers"], asked["sampled"]) == ([], [], [])
    assert len(np.load(one.place / "traces/wrong-1.npy")) == 1
    assert all(math.isnan(each["base_loss"]) for each in one.records)
    assert "before_training" in one.told()["trace"]["notes"][0]


def test_no_wrong_answer_gives_empty_tables(one: Traced, model: Model, approved: Path) -> None:
    none = look_into(one.place, model, open_approved(approved), captured(one), [], [])
    assert none.asked == ()
    assert [rows.shape for rows in none.sketches] == [(0, 4096)] * 3
    few = replace(model, recipe=one.recipe.model_copy(
        update={"trace": one.recipe.trace.model_copy(update={"failures": 0})}
    ))  # fmt: skip
    assert looked(one, few, approved).asked == ()
