"""Evaluate: every record answered once, measured, kept and read back unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from curate.errors import BadSetting
from tests.train import snapshots, tiny
from train.approved import Record, open_approved
from train.evaluate import evaluate, read_records, summary, write_records
from train.recipe import load
from train.sections import Evaluate, Generation
from train.template import template_of

TOKENIZER = tiny.tokenizer()
MODEL = tiny.model(len(TOKENIZER))
TEMPLATE = template_of(load("smoke-cpu"), TOKENIZER)
SETTINGS = Evaluate(generation=Generation(max_new_tokens=8, batch_size=3))


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    approved = open_approved(snapshots.approve(tmp_path_factory.mktemp("approved")))
    return [*approved.records("dev"), *approved.records("test"), *approved.records("train")]


def test_every_record_is_answered_in_order(records: list[Record]) -> None:
    said = evaluate(MODEL, TOKENIZER, TEMPLATE, records, SETTINGS)
    assert [one.record_id for one in said] == [record.record_id for record in records]
    assert all(one.reference == record.answer for one, record in zip(said, records, strict=True))
    assert all(one.loss and one.loss > 0 for one in said)
    assert {name for one in said for name in one.measures} >= {"chrf", "loop", "stop", "language"}


def test_the_same_whatever_the_batch(records: list[Record]) -> None:
    one_by_one = Evaluate(generation=Generation(max_new_tokens=8, batch_size=1))
    first, second = (
        evaluate(MODEL, TOKENIZER, TEMPLATE, records[:5], each) for each in (SETTINGS, one_by_one)
    )
    assert [one.answer for one in first] == [one.answer for one in second]
    assert [one.loss for one in first] == pytest.approx([one.loss for one in second], abs=1e-4)


def test_worked_examples_change_the_prompt_and_measure_no_loss(records: list[Record]) -> None:
    said = evaluate(MODEL, TOKENIZER, TEMPLATE, records[:2], SETTINGS, shots=records[-2:])
    assert [one.loss for one in said] == [None, None]
    assert [one.prompt for one in said] == [record.prompt for record in records[:2]]


def test_an_unknown_measure_is_refused_before_anything_is_generated(records: list[Record]) -> None:
    with pytest.raises(BadSetting, match="did you mean 'bleu'"):
        evaluate(None, TOKENIZER, TEMPLATE, records, Evaluate(metrics=("blue",)))


def test_what_is_written_is_read_back(records: list[Record], tmp_path: Path) -> None:
    tuned = evaluate(MODEL, TOKENIZER, TEMPLATE, records, SETTINGS)
    other = tiny.model(len(TOKENIZER), seed=1)
    baseline = evaluate(other, TOKENIZER, TEMPLATE, records, SETTINGS)
    write_records(tmp_path / "records.parquet", records, tuned, list(reversed(baseline)))
    assert read_records(tmp_path / "records.parquet") == tuned
    assert read_records(tmp_path / "records.parquet", "baseline") == baseline
    assert read_records(tmp_path / "records.parquet", "few_shot") == []


def test_a_summary_counts_only_what_is_known(records: list[Record]) -> None:
    said = evaluate(MODEL, TOKENIZER, TEMPLATE, records, SETTINGS)
    means = summary(said)
    assert means["json_valid"] is None
    assert means["length"] == pytest.approx(sum(len(one.answer) for one in said) / len(said))
    assert 0 <= (means["stop"] or 0) <= 1
