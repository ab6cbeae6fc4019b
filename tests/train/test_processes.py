"""Two processes train one model together and account for every record."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from curate.errors import BadSetting
from tests.warm import Warm
from train.processes import together

PATIENCE_SECONDS = 300


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_one_process_is_alone_and_first() -> None:
    with together() as others:
        assert others.first
        assert others.same(lambda: 7) == 7


@pytest.mark.parametrize("start", ["forked", pytest.param("fresh", marks=pytest.mark.long)])
def test_two_gloo_processes_train_every_record_once_an_epoch(
    warm: Warm, approved: Path, tmp_path: Path, start: str
) -> None:
    python = str(warm.python) if start == "forked" else sys.executable
    torchrun = [
        "-m", "torch.distributed.run", "--nproc_per_node", "2", "--master_addr", "127.0.0.1",
        "--master_port", str(free_port()), "--no-python", python, "-m", "tests.train.killed",
    ]  # fmt: skip
    changes = ["training.epochs=2", "training.batch_size=2", "forgetting.text_probe=false"]
    done = subprocess.run(
        [python, *torchrun, str(approved), str(tmp_path / "runs"), "-", "never", *changes],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr
    [place] = (tmp_path / "runs").iterdir()
    told = json.loads((place / "run.json").read_bytes())
    assert told["agreement"]["processes"] == 2
    assert told["steps"] == 6  # 5 batches of 2 an epoch: one is halved, two are trained a step
    ledger = parquet.read_table(place / "ledger.parquet").to_pylist()
    assert {one["times"] for one in ledger if one["outcome"] == "trained"} == {2}
    assert told["records"] == {"trained": 10, "held-out": 4}


def test_shards_are_refused_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCELERATE_USE_FSDP", "true")
    with pytest.raises(BadSetting, match="does not shard"), together():
        pass
