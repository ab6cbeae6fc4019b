"""train sweep: which runs there are, that each is run once, and what the table says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from curate.errors import BadSetting
from tests.train.snapshots import approve, rows
from tests.train.test_run import SMALL
from tests.warm import FORKING
from train import sweep_table
from train.approved import Record, open_approved
from train.cli import app
from train.errors import BadRecipe
from train.locale import translator
from train.prepared import in_groups, sample
from train.recipe import load
from train.sweep import changed, counts, grid, points, sweep


def small(out: Path, *changes: str) -> Any:
    return load("lora", [*SMALL, f"run.output_directory={out}", *changes])


def read(place: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((place / "sweep.json").read_bytes())
    return made


def test_the_preset_is_the_four_combinations() -> None:
    made = points(load(), "qlora-4", ())
    told = [
        (p.recipe.adapter.lora_r, p.recipe.adapter.lora_target_modules, p.recipe.method)
        for p in made
    ]
    assert told == [
        (8, "attention-qv", "qlora"), (16, "attention-qv", "qlora"),
        (8, "all-linear+head", "qlora"), (8, "all-linear+head", "lora8"),
    ]  # fmt: skip
    assert len({point.name for point in made}) == 4


def test_a_grid_is_every_combination() -> None:
    assert grid(["adapter.lora_r=[4, 8]", "training.epochs=[1, 2]"]) == [
        {"adapter.lora_r": 4, "training.epochs": 1}, {"adapter.lora_r": 4, "training.epochs": 2},
        {"adapter.lora_r": 8, "training.epochs": 1}, {"adapter.lora_r": 8, "training.epochs": 2},
    ]  # fmt: skip
    assert len(points(load(), "qlora-4", ["run.seed=[1, 2]"])) == 8


@pytest.mark.parametrize("over", ["adapter.lora_r=8", "adapter.lora_r", "adapter.lora_r=[]"])
def test_what_is_no_grid_is_refused(over: str) -> None:
    with pytest.raises(BadSetting, match="write SETTING="):
        grid([over])


def test_nothing_to_sweep_and_unknown_names_are_refused() -> None:
    with pytest.raises(BadSetting, match="nothing to sweep"):
        points(load(), None, ())
    with pytest.raises(BadSetting, match="did you mean 'qlora-4'"):
        points(load(), "qlora4", ())
    with pytest.raises(BadRecipe, match="did you mean 'lora_r'"):
        points(load(), None, ["adapter.lora_rr=[1]"])
    assert changed(load(), {"adapter.lora_r": 4}).adapter.lora_r == 4


def record(number: int, group: str) -> Record:
    return Record(
        record_id=str(number), split="train", group=group, parent_id=None, source="s", line=number,
        system=None, messages=(("user", "q"), ("assistant", "a")), answer="a",
    )  # fmt: skip


def test_a_smaller_draw_of_groups_is_part_of_a_larger_one_and_groups_stay_whole() -> None:
    given = [record(n, str(n // 3)) for n in range(30)]
    draws = [in_groups(given, wanted, seed=7) for wanted in (7, 15, 30)]
    assert set(draws[0]) < set(draws[1]) < set(draws[2]) == set(range(30))
    assert [len(draw) for draw in draws] == [9, 15, 30]
    assert in_groups(given, 7, seed=7) == draws[0]
    assert in_groups(given, 7, seed=8) != draws[0]


def test_a_sample_is_the_same_records_for_the_same_seed() -> None:
    given = [record(n, str(n)) for n in range(30)]
    draws = [
        sample(given, load(None, [f"dataset.sample={{n: 10, seed: {seed}}}"])) for seed in (1, 1, 2)
    ]
    assert draws[0] == draws[1] != draws[2]
    assert len(draws[0]) == 10


@pytest.fixture(params=["forked", pytest.param("fresh", marks=pytest.mark.long)])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each point has a process of its own; one that loads the libraries first takes long."""
    if request.param == "forked":
        monkeypatch.setattr("train.sweep.multiprocessing.get_context", lambda _: FORKING)


@pytest.mark.usefixtures("processes")
def test_a_sweep_runs_each_point_once_and_writes_a_table(tmp_path: Path) -> None:
    records = [one | {"category": f"kind {n % 2}"} for n, one in enumerate(rows())]
    approved = approve(tmp_path / "approved", records)
    over = ["adapter.lora_r=[2, 4]"]
    place = sweep(small(tmp_path), over=over, snapshot=approved, tell=quiet)
    first = read(place)
    assert [row["r"] for row in first["runs"]] == [2, 4]
    assert [row["parameters_updated"] for row in first["runs"]] == [4_096, 8_192]
    assert all(row["peak_memory_bytes"] > 0 and row["seconds"] > 0 for row in first["runs"])
    table = (place / "sweep.md").read_text(encoding="utf-8")
    assert "| r | target modules | base model weights, bits | quality (chrF on dev) |" in table
    assert "| 4 | all-linear | 32 |" in table
    assert {one["name"] for row in first["runs"] for one in row["slices"]} == {"kind 0", "kind 1"}
    assert "| category: kind 1 | 1 |" in table

    folders = sorted(one.name for one in place.iterdir())
    again = sweep(small(tmp_path), over=over, snapshot=approved, tell=quiet)
    assert again == place
    assert sorted(one.name for one in place.iterdir()) == folders  # nothing was run again
    assert read(place) == first


def test_the_quality_of_each_part_is_told_run_by_run(tmp_path: Path) -> None:
    """A learning curve's runs differ in their records; the table is the same for every sweep."""
    sea = {"kind": "category", "name": "sea", "records": 3, "quality": 20.0}
    land = {"kind": "category", "name": "la|nd", "records": 9, "quality": 60.0}
    plain = dict.fromkeys(sweep_table.columns(translator("en"))) | {
        "why": None, "run": "r", "quality_before": None,
    }  # fmt: skip
    runs = [
        plain | {"name": "records-3", "slices": [sea, land]},
        plain | {"name": "records-5", "slices": [land | {"quality": 71.0}, sea]},
        plain | {"name": "records-9", "slices": [land]},
    ]
    document = {"runs": runs, "points": 3, "approved": "0" * 32}
    lines = sweep_table.markdown(document).splitlines()
    assert "| Part | records | `records-3` | `records-5` | `records-9` |" in lines
    assert "| category: sea | 3 | 20.0 | 20.0 | – |" in lines
    assert "| category: la\\|nd | 9 | 60.0 | 71.0 | 60.0 |" in lines
    alike = {**document, "runs": [row | {"slices": []} for row in runs]}
    assert "## " not in sweep_table.markdown(alike)


def quiet(_: str) -> None:
    """Nothing is said; a process of its own can be handed this."""


@pytest.mark.usefixtures("processes")
def test_a_point_that_cannot_run_is_told_and_the_others_are_run(
    approved: Path, tmp_path: Path
) -> None:
    over = ["tokenizer.max_length=[8, 256]"]
    words = ["sweep", "--recipe", "lora", "--over", over[0], "--snapshot", str(approved), "--json"]
    changes = [*SMALL, f"run.output_directory={tmp_path}"]
    words += [word for change in changes for word in ("--set", change)]
    made = CliRunner().invoke(app, words, standalone_mode=False)
    assert made.return_value == 1
    told = json.loads(made.stdout)
    assert [row["why"] is None for row in told["runs"]] == [False, True]
    assert "would go wrong" in sweep_table.markdown(told)


def test_a_learning_curve_has_a_quarter_half_and_all_of_the_records(approved: Path) -> None:
    shares = counts(open_approved(approved))
    assert shares == [3, 5, 10]
    made = points(load(), None, (), shares)
    samples = [point.recipe.dataset.sample for point in made]
    assert [one.n for one in samples if one] == shares
    assert {one.by for one in samples if one} == {"group"}
    assert len(rows()) == 14
    assert [point.name for point in made] == ["records-3", "records-5", "records-10"]
