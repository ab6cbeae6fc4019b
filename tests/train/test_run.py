"""train run on the tiny model: a run folder in which everything adds up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner

from curate.errors import BadSetting
from tests.train.snapshots import approve, row, rows
from train.cli import app
from train.errors import NotApproved
from train.recipe import load
from train.run import Unsound, run

SMALL = (
    "model.llm_backbone=tiny", "tokenizer.max_length=256", "training.batch_size=4",
    "training.epochs=1", "evaluate.generation.max_new_tokens=4", "evaluate.few_shot_baseline=0",
    "forgetting.text_probe=false",
)  # fmt: skip


def trained(
    snapshot: Path, out: Path, *changes: str, preset: str = "lora", said: list[str] | None = None
) -> Path:
    """The folder of a small run."""
    recipe = load(preset, [*SMALL, f"run.output_directory={out}", *changes])
    return run(recipe, snapshot, tell=(said if said is not None else []).append)


def told(place: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((place / "run.json").read_bytes())
    return made


def table(place: Path, name: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = parquet.read_table(place / f"{name}.parquet").to_pylist()
    return made


def test_a_run_folder_holds_all_there_is_to_know(approved: Path, tmp_path: Path) -> None:
    said: list[str] = []
    place = trained(
        approved, tmp_path, "evaluate.few_shot_baseline=2", "forgetting.text_probe=true", said=said
    )
    names = {file.name for file in place.iterdir()}
    assert names >= {
        "run.json", "resolved.yaml", "metrics.jsonl", "records.parquet", "failures.parquet",
        "ledger.parquet", "approved.json", "adapter",
    }  # fmt: skip
    status = told(place)
    assert status["status"] == "finished"
    assert status["records"] == {"trained": 10, "held-out": 4}
    assert status["parameters"]["trainable"] == 16_384
    assert {one["name"] for one in status["forgetting"]} == {"en", "ja"}
    assert set(status["results"]["dev"]) == {"baseline", "few_shot", "tuned"}
    assert all(choice["reason"] for choice in status["choices"])
    assert any("packing: on, because" in line for line in said)
    assert load(place / "resolved.yaml").digest() == status["recipe"]["digest"]
    assert {one["split"] for one in table(place, "records")} == {"dev", "test"}
    dev = {one["record_id"] for one in table(place, "records") if one["split"] == "dev"}
    assert {one["record_id"] for one in table(place, "failures")} <= dev
    lines = [json.loads(line) for line in (place / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if "loss" in line] == [1, 2, 3]
    assert any("dev_loss" in line for line in lines)


@pytest.mark.parametrize(
    ("preset", "trainable"),
    [
        ("qlora-all-linear", 16_384), ("lora8", 16_384), ("attention-qv", 3_584),
        ("all-linear+head", 20_400), ("full", 130_112), ("prefix", 2_560), ("prompt", 1_280),
        ("p-tuning", 13_760),
    ],
)  # fmt: skip
def test_every_preset_runs_and_changes_what_it_trains(
    approved: Path, tmp_path: Path, preset: str, trainable: int
) -> None:
    place = trained(approved, tmp_path, preset=preset)
    assert told(place)["parameters"]["trainable"] == trainable
    assert told(place)["records"]["trained"] == 10
    results = told(place)["results"]["dev"]
    assert results["baseline"]["loss"] != results["tuned"]["loss"]
    assert not list((place / "adapter").glob("*.bin"))


def test_dpo_prefers_the_edited_answer_and_leaves_out_what_nobody_edited(tmp_path: Path) -> None:
    records = rows()
    for edited in records[:6]:
        edited["answer_before"] = "I do not know."
    snapshot = approve(tmp_path / "approved", records)
    changes = ["training.learning_rate=0.01", "training.epochs=4"]
    place = trained(snapshot, tmp_path / "runs", *changes, preset="dpo")
    assert told(place)["records"] == {"trained": 6, "left-out": 4, "held-out": 4}
    lines = [json.loads(line) for line in (place / "metrics.jsonl").read_text().splitlines()]
    margins = [line["rewards/margins"] for line in lines if "rewards/margins" in line]
    assert margins[-1] > margins[0]


def test_packed_and_unpacked_runs_learn_the_same(approved: Path, tmp_path: Path) -> None:
    losses = [
        told(trained(approved, tmp_path, f"training.packing={packing}", "training.epochs=3"))[
            "results"
        ]["dev"]["tuned"]["loss"]
        for packing in ("auto", "off")
    ]
    assert losses[0] == pytest.approx(losses[1], abs=1e-4)


def test_a_record_that_is_too_long_is_in_the_ledger_with_its_place(tmp_path: Path) -> None:
    long = row(90, "France", "train", answer="Paris. " * 200, source="long.jsonl")
    snapshot = approve(tmp_path / "approved", [*rows(), long])
    place = trained(snapshot, tmp_path / "runs", "gates.rows_lost_share=0.5")
    [lost] = [one for one in table(place, "ledger") if one["outcome"] == "dropped"]
    assert (lost["source"], lost["line"]) == ("long.jsonl", 91)
    assert "tokenizer.max_length" in lost["reason"]
    assert told(place)["records"]["trained"] == 10


def test_the_last_batch_is_dropped_only_on_request_and_named(
    approved: Path, tmp_path: Path
) -> None:
    place = trained(approved, tmp_path, "training.drop_last_batch=true")
    left = [one for one in table(place, "ledger") if one["outcome"] == "left-out"]
    assert len(left) == 2
    assert all("drop_last_batch" in one["reason"] for one in left)


def test_one_changed_byte_is_refused(tmp_path: Path) -> None:
    snapshot = approve(tmp_path / "approved")
    content = bytearray((snapshot / "train.parquet").read_bytes())
    content[len(content) // 2] ^= 1
    (snapshot / "train.parquet").write_bytes(content)
    with pytest.raises(NotApproved, match="train.parquet has changed"):
        trained(snapshot, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_what_the_plan_finds_wrong_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    twice = row(90, "France", "test", group=rows()[0]["group"])
    snapshot = approve(tmp_path / "approved", [*rows(), twice])
    with pytest.raises(Unsound, match="train plan"):
        trained(snapshot, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_seed_minus_one_draws_a_seed_and_records_it(approved: Path, tmp_path: Path) -> None:
    seeds = {load(trained(approved, tmp_path, "run.seed=-1") / "resolved.yaml").run.seed
             for _ in range(2)}  # fmt: skip
    assert len(seeds) == 2
    assert min(seeds) >= 0


def test_the_same_seed_gives_the_same_losses(approved: Path, tmp_path: Path) -> None:
    one, other = (trained(approved, tmp_path) / "metrics.jsonl" for _ in range(2))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("locale", "says"),
    [("en", "mlflow is not told of this run"), ("ja", "mlflow にはこの実行を記録しません")],
)
def test_a_tracker_that_is_not_there_never_ends_a_run(
    approved: Path, tmp_path: Path, locale: str, says: str
) -> None:
    said: list[str] = []
    recipe = load("lora", [*SMALL, f"run.output_directory={tmp_path}", "track.report_to=[mlflow]"])
    place = run(recipe, approved, tell=said.append, locale=locale)
    assert told(place)["status"] == "finished"
    assert f"{says}：pip install mlflow".replace("：", ": " if locale == "en" else "：") in said


@pytest.mark.parametrize(
    ("locale", "first", "then"),
    [("en", "this run would go wrong", "track.report_to names nosuch"),
     ("ja", "このままでは学習に失敗します", "track.report_to に nosuch があります")],
)  # fmt: skip
def test_why_a_run_is_refused_is_said_in_the_readers_language(
    approved: Path, tmp_path: Path, locale: str, first: str, then: str
) -> None:
    recipe = load("lora", [*SMALL, f"run.output_directory={tmp_path}", "track.report_to=[nosuch]"])
    with pytest.raises(Unsound) as refused:
        run(recipe, approved, tell=[].append, locale=locale)
    assert str(refused.value).startswith(first)
    assert then in str(refused.value)


def test_the_best_state_is_the_one_that_is_kept(approved: Path, tmp_path: Path) -> None:
    changes = ["training.save_checkpoint=best", "training.epochs=3", "training.learning_rate=0.5"]
    place = trained(approved, tmp_path, *changes)
    lines = [json.loads(line) for line in (place / "metrics.jsonl").read_text().splitlines()]
    losses = [line["dev_loss"] for line in lines if "dev_loss" in line]
    assert told(place)["results"]["dev"]["tuned"]["loss"] == pytest.approx(min(losses), abs=1e-3)


def test_a_loss_that_is_no_number_ends_the_run_with_advice(approved: Path, tmp_path: Path) -> None:
    from train.watch import Diverged

    with pytest.raises(Diverged, match="learning_rate"):
        trained(approved, tmp_path, "training.learning_rate=1e30", "training.epochs=4")


def test_an_existing_run_is_not_overwritten(approved: Path, tmp_path: Path) -> None:
    trained(approved, tmp_path)
    with pytest.raises(BadSetting, match="is there already"):
        trained(approved, tmp_path, "run.on_existing=fail")


def test_a_run_stops_in_order_when_its_time_is_over(approved: Path, tmp_path: Path) -> None:
    place = trained(approved, tmp_path, "training.max_seconds=0.001", "training.epochs=9")
    assert told(place)["status"] == "stopped"
    assert told(place)["steps"] < 27
    assert (place / "adapter").is_dir()


def command(words: Sequence[str]) -> Any:
    return CliRunner().invoke(app, ["run", *words])


def test_the_command_prints_what_it_does_and_where(approved: Path, tmp_path: Path) -> None:
    changes = [word for change in SMALL for word in ("--set", change)]
    out = ["--set", f"run.output_directory={tmp_path}"]
    made = command(["--recipe", "lora", "--snapshot", str(approved), *changes, *out])
    assert made.exit_code == 0, made.output
    assert "dtype: float32, because" in made.output
    assert f"the run lies in {next(tmp_path.iterdir())}" in made.output
