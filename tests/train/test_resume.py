"""A run that is killed, wherever it is, goes on and ends with the same weights (float32, CPU)."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as parquet
import pytest

from tests.train import killed
from tests.train.snapshots import approve, rows
from tests.warm import FORKING

CHANGES = (
    "training.epochs=4", "training.checkpoint_steps=3", "training.batch_size=2",
    "training.grad_accumulation=2", "training.learning_rate=0.01", "training.packing=auto",
    "adapter.lora_dropout=0.2", "evaluate.generation.max_new_tokens=4",
)  # fmt: skip
STEPS = 10  # 10 records in batches of 2, two a step, four epochs
HALVES = 24  # files that torch writes: three states, four files each, and as many again
SITTING_SECONDS = 600


Sat = subprocess.CompletedProcess[str]


def sit(
    snapshot: Path,
    out: Path,
    where: str,
    *changes: str,
    resume: Path | None = None,
    fresh: bool = False,
) -> Sat:
    """One process that trains until it is done or dies.

    It is forked from one that has loaded the libraries, or a fresh one, which takes seconds longer
    and shares nothing with the others, not even how strings are hashed.
    """
    words = [str(snapshot), str(out), str(resume or "-"), where, *CHANGES, *changes]
    return started(words) if fresh else forked(words)


def forked(words: list[str]) -> Sat:
    """A sitting whose libraries are there already."""
    with TemporaryDirectory() as place:
        out, err = Path(place) / "out", Path(place) / "err"
        one = FORKING.Process(target=killed.forked, args=(words, out, err))
        one.start()
        one.join(SITTING_SECONDS)
        assert one.exitcode is not None, "a sitting does not end"
        said = [file.read_text(encoding="utf-8") for file in (out, err)]
    return subprocess.CompletedProcess(words, one.exitcode, *said)


def started(words: list[str]) -> Sat:
    """A sitting as a user starts it."""
    return subprocess.run(
        [sys.executable, "-m", "tests.train.killed", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=SITTING_SECONDS,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )


def whole(snapshot: Path, out: Path, fresh: bool = False) -> Path:
    """A run that nothing interrupted."""
    done = sit(snapshot, out, "never", fresh=fresh)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[-1])


def with_deaths(snapshot: Path, out: Path, deaths: list[str]) -> Path:
    """A run that died at each of these places, and ended in a fresh process."""
    resume: Path | None = None
    for where in deaths:
        died = sit(snapshot, out, where, resume=resume)
        assert died.returncode in (-signal.SIGKILL, 0), died.stderr
        resume = next(out.iterdir())
        if died.returncode == 0:
            return resume  # it was done before it came to the place
    done = sit(snapshot, out, "never", resume=resume, fresh=True)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[-1])


def told(run: Path) -> tuple[bytes, list[dict[str, object]], str]:
    """What must be the same: weights, ledger, losses."""
    weights = (run / "adapter" / "adapter_model.safetensors").read_bytes()
    ledger = parquet.read_table(run / "ledger.parquet").to_pylist()
    return weights, ledger, (run / "metrics.jsonl").read_text(encoding="utf-8")


def test_killed_in_a_step_inside_a_save_and_before_its_seal(tmp_path: Path) -> None:
    snapshot = approve(tmp_path / "approved")
    straight = told(whole(snapshot, tmp_path / "straight"))
    cut = with_deaths(snapshot, tmp_path / "cut", ["step:9", "half:2", "unsealed:2"])
    assert told(cut) == straight
    sittings = json.loads((cut / "run.json").read_bytes())["sittings"]
    assert len(sittings) == 4
    assert sittings[-1]["resumed_from"] == 6
    assert max(entry["times"] for entry in straight[1]) == 4


@pytest.mark.long
def test_killed_at_ten_random_points(tmp_path: Path) -> None:
    snapshot = approve(tmp_path / "approved")
    straight = told(whole(snapshot, tmp_path / "straight", fresh=True))
    chance = random.Random(20)
    for number in range(10):
        kind = chance.choice(["step", "half", "unsealed", "sealed", "after", "baseline"])
        most = {"step": 2 * STEPS, "half": HALVES, "unsealed": 3, "sealed": 3}.get(kind, 1)
        where = f"{kind}:{chance.randint(1, most)}"
        cut = with_deaths(snapshot, tmp_path / f"cut{number}", [where])
        assert told(cut) == straight, where


def test_changed_data_or_recipe_is_refused_with_the_difference_and_more_epochs_are_not(
    tmp_path: Path,
) -> None:
    snapshot = approve(tmp_path / "approved")
    run = whole(snapshot, tmp_path / "runs")
    before = told(run)

    other = sit(snapshot, tmp_path, "never", "adapter.lora_r=4", resume=run)
    assert other.returncode != 0
    assert "recipe.adapter.lora_r: 8 then, 4 now" in other.stderr

    other_data = approve(tmp_path / "other", rows(train=9))
    assert "approved: " in sit(other_data, tmp_path, "never", resume=run).stderr

    again = sit(snapshot, tmp_path, "never", resume=run)
    assert "is finished" in again.stderr
    fewer = sit(snapshot, tmp_path, "never", "training.epochs=2", resume=run)
    assert "recipe.training.epochs: 4.0 then, 2.0 now" in fewer.stderr
    assert told(run) == before

    more = sit(snapshot, tmp_path, "never", "training.epochs=5", resume=run)
    assert more.returncode == 0, more.stderr
    assert max(entry["times"] for entry in told(run)[1]) == 5
