"""Capture: a run's traces are those of its own records, one by one, however they were batched."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.train.snapshots import approve, rows
from tests.train.tracing.traced import SMALL, Traced, in_first_step_as_alone, traced
from train.errors import BadRecipe
from train.model import load as load_model
from train.recipe import load
from train.tracing.capture import why_not
from train.tracing.moments import chosen, moments
from train.tracing.sketch import DIMENSION
from train.tracing.written import linked

MOST_BYTES = 5000  # a record and checkpoint


def test_the_folder_holds_a_row_for_each_trained_record_and_all_files(one: Traced) -> None:
    said = one.told("traces/trace.json")
    assert {k: v for k, v in one.told()["trace"].items() if k in said} == said
    assert one.told()["trace"]["enabled"] is True
    assert said["format"] == "curate-trace/1"
    assert said["snapshot"] == one.told()["approved"]["id"]
    assert [(each["epoch"], each["step"]) for each in said["checkpoints"]] == [
        (1, 3),
        (3, 8),
        (4, 10),
    ]
    ledger = {each["record_id"] for each in one.table("ledger.parquet") if each["times"]}
    assert {each["record_id"] for each in one.records} == ledger
    failed = [each["record_id"] for each in one.table("traces/failures.parquet")]
    assert failed == [each["record_id"] for each in one.table("failures.parquet")]
    for number in (1, 2, 3):
        sketches = np.load(one.place / f"traces/sketches-{number}.npy")
        wrong = np.load(one.place / f"traces/wrong-{number}.npy")
        assert (sketches.dtype, sketches.shape) == (np.int8, (10, DIMENSION))
        assert (wrong.dtype, wrong.shape) == (np.int8, (len(failed), DIMENSION))
        assert np.abs(sketches.astype(int)).max(1).tolist() == [127] * 10
    for each in one.records:
        assert (len(each["losses"]), len(each["margins"]), len(each["influence"])) == (4, 4, 3)
        assert each["losses"][-1] < each["losses"][0]
        assert min(each["influence"]) > 0


def test_the_last_adapter_is_that_of_the_run_and_the_others_are_not(one: Traced) -> None:
    weights = [
        load_file(one.place / folder / "adapter_model.safetensors")
        for folder in ("traces/adapter-1", "traces/adapter-2", "traces/adapter-3", "adapter")
    ]
    same = [all(torch.equal(each[name], weights[3][name]) for name in each) for each in weights]
    assert same == [False, False, True, True]


def test_an_adapter_lies_on_the_disk_once_where_the_disk_has_links(
    one: Traced, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        name = f"adapter-{number}/adapter_model.safetensors"
        assert (one.place / "traces" / name).samefile(one.place / "checkpoints/trace" / name)

    def none(*_: object) -> None:
        raise OSError("this disk has no links")

    monkeypatch.setattr(os, "link", none)
    (tmp_path / "重み").write_bytes(b"weights")
    linked(str(tmp_path / "重み"), str(tmp_path / "copy"))
    assert (tmp_path / "copy").read_bytes() == b"weights"
    assert not (tmp_path / "copy").samefile(tmp_path / "重み")


def test_a_record_takes_at_most_so_many_bytes(one: Traced) -> None:
    size = one.told("traces/trace.json")["bytes_per_record"]
    assert DIMENSION < size <= MOST_BYTES


@pytest.mark.parametrize(
    "changes",
    [
        ("training.loss_function=nll", "training.packing=off"),
        ("training.packing=on", "model.gradient_checkpointing=true"),
        ("model.quantization.type=nf4",),
        ("model.backbone_dtype=bfloat16",),
    ],
    ids=lambda changes: " ".join(changes),
)
def test_what_is_kept_in_the_first_step_is_what_each_record_gives_alone(
    approved: Path, tmp_path: Path, changes: tuple[str, ...]
) -> None:
    made = traced(approved, tmp_path, *changes)
    rough = 0.02 if "model.backbone_dtype=bfloat16" in changes else 1e-3
    assert in_first_step_as_alone(made, approved, rough) == 4


def test_tracing_changes_nothing_of_the_training(
    one: Traced, approved: Path, tmp_path: Path
) -> None:
    without = traced(approved, tmp_path, "training.epochs=4", "trace.enabled=false")
    assert not (without.place / "traces").exists()
    assert without.told()["trace"] == {"enabled": False, "why": "the recipe says so"}
    for name in ("metrics.jsonl", "adapter/adapter_model.safetensors"):
        assert (without.place / name).read_bytes() == (one.place / name).read_bytes()


def test_a_record_that_was_left_out_has_no_row(tmp_path: Path) -> None:
    snapshot = approve(tmp_path / "approved", rows(train=9))
    made = traced(snapshot, tmp_path / "runs", "training.drop_last_batch=true")
    assert len(made.records) == 8
    assert np.load(made.place / "traces/sketches-1.npy").any(1).tolist() == [True] * 8


def test_a_run_that_stops_early_keeps_what_it_came_to(approved: Path, tmp_path: Path) -> None:
    made = traced(approved, tmp_path, "training.max_seconds=0.001", "training.epochs=3")
    said = made.told("traces/trace.json")
    assert [each["step"] for each in said["checkpoints"]] == [1]
    assert len(made.records) == 4
    assert (made.place / "traces/adapter-1/adapter_model.safetensors").is_file()


@pytest.mark.parametrize("preset", ["full", "prompt", "dpo"])
def test_where_nothing_can_be_traced_it_is_said_why(preset: str) -> None:
    model = load_model(load(preset, SMALL)).model
    why = why_not(load(preset, SMALL), model)
    assert why is not None
    with pytest.raises(BadRecipe, match=f"trace.enabled is true, but {why}"):
        why_not(load(preset, [*SMALL, "trace.enabled=true"]), model)


@pytest.mark.parametrize("preset", ["lora", "qlora-all-linear", "lora8"])
def test_whatever_has_lora_matrices_is_traced(preset: str) -> None:
    assert why_not(load(preset, SMALL), load_model(load(preset, SMALL)).model) is None


def test_moments_are_near_a_third_two_thirds_and_the_end() -> None:
    assert [chosen(n) for n in (1, 2, 3, 4, 9, 10)] == [
        [1], [1, 2], [1, 2, 3], [1, 3, 4], [3, 6, 9], [3, 7, 10],
    ]  # fmt: skip
    assert [moment.step for moment in moments([5, 5, 5, 5], each=2)] == [3, 8, 10]


def test_a_run_that_goes_on_for_longer_keeps_the_moments_it_had() -> None:
    assert chosen(5, before=[1, 3, 4]) == [1, 3, 5]
    assert chosen(5, before=[1, 3, 5]) == [1, 3, 5]
    assert chosen(3, before=[1]) == [1, 3]
