"""The proof of a repair, on models that really learn: a real one, a placebo, and one cut short."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.train.prove.lamps import placebo, repaired, rows, trained
from train.folder import told
from train.prove.proof import FILE, FOLDER, Proof, prove

SITTING_SECONDS = 300


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learnt a wrong number by heart."""
    return trained(tmp_path_factory.mktemp("lamps"), "before", rows())


@pytest.fixture(scope="module")
def after(before: Path) -> Path:
    """The run on the repaired data."""
    return trained(before.parents[1], "after", repaired(rows()))


@pytest.fixture(scope="module")
def proof(before: Path, after: Path) -> Proof:
    return prove(before, after, tell=lambda _: None)


def document(run: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((run / FOLDER / FILE).read_bytes())
    return made


def test_a_real_repair_is_fixed(proof: Proof, after: Path) -> None:
    said = document(after)
    assert said["counts"] == {"fixed": 3, "by-chance": 0, "not-fixed": 0}
    assert said["proven"]
    assert said["newly_broken"]["records"] == []
    assert said["right_again"]["control"] == 0
    assert {one["source"] for one in said["failures"]} == {"Maple.jsonl"}
    assert all(len(one["paraphrases"]) == 2 for one in said["failures"])
    assert [one.points_to_a_fix for one in proof.indications] == [True] * 3


def test_the_arms_are_runs_on_the_data_that_they_are_named_for(proof: Proof, after: Path) -> None:
    runs = {run.parent.name: told(run.parent) for run in (after / FOLDER).glob("*/run.json")}
    seeds = {tuple(name.split("-")[:2]) for name in runs}
    assert seeds == {("control", "42"), ("dirty", "43"), ("control", "43"), ("repair", "43")}
    data = {name.split("-")[0]: one["approved"]["id"] for name, one in runs.items()}
    assert data["repair"] == proof.both.after.approved.id
    assert data["dirty"] == proof.both.before.approved.id
    assert data["control"] not in (data["repair"], data["dirty"])
    assert all(one["status"] == "finished" for one in runs.values())


def test_asked_again_nothing_is_trained_and_the_verdicts_are_the_same(
    proof: Proof, before: Path, after: Path
) -> None:
    first = (after / FOLDER / FILE).read_bytes()
    trees = sorted(after.glob(f"{FOLDER}/*"))
    said: list[str] = []
    prove(before, after, tell=said.append)
    assert (after / FOLDER / FILE).read_bytes() == first
    assert sorted(after.glob(f"{FOLDER}/*")) == trees
    assert sum("it has ended already" in line for line in said) == 4


@pytest.fixture(scope="module")
def in_vain(before: Path) -> Path:
    """The run on data in which other records were changed than those that taught the fault."""
    return trained(before.parents[1], "placebo", placebo(rows()))


def test_the_pre_check_sees_no_sign_in_a_placebo_and_writes_nothing(
    before: Path, in_vain: Path
) -> None:
    found = prove(before, in_vain, quick=True, tell=lambda _: None)
    assert [one.points_to_a_fix for one in found.indications] == [False] * 3
    assert found.judgement is None
    assert not (in_vain / FOLDER).exists()


@pytest.mark.long
def test_a_placebo_fixes_nothing(before: Path, in_vain: Path) -> None:
    prove(before, in_vain, tell=lambda _: None)
    said = document(in_vain)
    assert said["counts"] == {"fixed": 0, "by-chance": 0, "not-fixed": 3}
    assert not said["proven"]


def sitting(before: Path, after: Path, where: str) -> subprocess.CompletedProcess[str]:
    """One process that proves until it is done or dies, as tests.train.killed says where."""
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.train.killed import doom\nfrom train.prove.proof import prove\n"
        "doom(sys.argv[3]); prove(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(before), str(after), where],
        capture_output=True, text=True, check=False, timeout=SITTING_SECONDS,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip


@pytest.mark.long
def test_a_proof_that_is_killed_comes_to_the_same_verdicts(tmp_path: Path) -> None:
    short = ("training.epochs=4", "training.save_checkpoint=last", "training.checkpoint_steps=5")
    before = trained(tmp_path, "before", rows(), *short)
    after = trained(tmp_path, "after", repaired(rows()), *short)
    copy = after.parent / "cut"
    shutil.copytree(after, copy)
    for where in ("step:20", "after"):  # in the second training, and when its last step is done
        died = sitting(before, copy, where)
        assert died.returncode == -signal.SIGKILL, died.stderr
    prove(before, copy, tell=lambda _: None)
    prove(before, after, tell=lambda _: None)
    assert {**document(copy), "after": document(after)["after"]} == document(after)
    resumed = [told(run.parent)["sittings"][-1] for run in (copy / FOLDER).glob("*/run.json")]
    assert sorted(one["resumed_from"] for one in resumed if one["resumed_from"]) == [12]


@pytest.mark.long
def test_what_a_longer_training_fixes_is_chance(before: Path) -> None:
    """The recipe changed with the data, so the control is trained by the later recipe as well."""
    short = trained(before.parents[1], "short", rows(taught={}), "training.epochs=8")
    other = trained(before.parents[1], "longer", placebo(rows(taught={})))
    found = prove(short, other, tell=lambda _: None)
    assert found.both.settings_apart == ["training.epochs"]
    said = document(other)["counts"]
    assert said["by-chance"] > 0
    assert said["fixed"] < said["by-chance"]


@pytest.mark.long
def test_an_adapter_on_a_base_of_four_bits_is_asked_and_checked_as_it_was_trained(
    tmp_path: Path,
) -> None:
    changes = ("adapter.type=lora", "model.quantization.type=nf4", "training.epochs=2")
    first = trained(tmp_path, "before", rows(), *changes)
    later = trained(tmp_path, "after", repaired(rows()), *changes)
    found = prove(first, later, tell=lambda _: None)
    assert len(found.indications) == len(found.questions.failures) > 0
    assert all(one.wrong[0] != one.wrong[1] for one in found.indications)
