"""torchrun of `train run`: two gloo processes share one run, on whole and on 4-bit weights.

accelerate shards (FSDP) only on accelerators: with gloo on a CPU it trains data-parallel whatever
its settings say, so that is what is held here.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from safetensors.torch import load_file

from tests.warm import Warm

PATIENCE_SECONDS = 300
SMALL = (
    "model.llm_backbone=tiny", "tokenizer.max_length=256", "training.batch_size=2",
    "training.epochs=1", "training.learning_rate=0.01", "evaluate.generation.max_new_tokens=4",
    "evaluate.few_shot_baseline=0", "forgetting.text_probe=false",
)  # fmt: skip
RECORDS = 10


@dataclass(frozen=True)
class Trained:
    """A run folder, and the folder of what each process kept."""

    place: Path
    kept: Path


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def torchrun(
    python: Path, kept: Path, words: Sequence[str], where: str = "never"
) -> subprocess.CompletedProcess[str]:
    """Two processes of `train`; the time limit is what a deadlock runs into."""
    several = [
        "-m", "torch.distributed.run", "--nproc_per_node", "2", "--master_addr", "127.0.0.1",
        "--master_port", str(free_port()), "--no-python",
        python, "-m", "tests.train.each_rank", kept, where,
    ]  # fmt: skip
    return subprocess.run(
        [python, *several, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )


@pytest.fixture(scope="module", params=["lora", "qlora-all-linear"])
def trained(
    request: pytest.FixtureRequest,
    warm: Warm,
    approved: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Trained:
    """A run that two processes made together."""
    out, kept = tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("kept")
    changes = [*SMALL, f"run.output_directory={out}"]
    settings = [word for change in changes for word in ("--set", change)]
    words = ["run", "--recipe", request.param, "--snapshot", str(approved), *settings]
    done = torchrun(warm.python, kept, words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the run lies in") == 1  # one process speaks for both
    [place] = out.iterdir()
    return Trained(place, kept)


def told(trained: Trained) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((trained.place / "run.json").read_bytes())
    return made


def seen(trained: Trained) -> list[set[int]]:
    """The records that each process trained, by their numbers."""
    [last] = sorted((trained.place / "checkpoints").glob("checkpoint-*"))[-1:]
    files = sorted(last.glob("ledger-*.json"))
    return [{row[0] for row in json.loads(file.read_bytes())["seen"]} for file in files]


def test_the_ledger_adds_up(trained: Trained) -> None:
    ledger = parquet.read_table(trained.place / "ledger.parquet").to_pylist()
    outcomes = [one["outcome"] for one in ledger]
    assert told(trained)["records"] == {"trained": RECORDS, "held-out": 4}
    assert (outcomes.count("trained"), len(outcomes)) == (RECORDS, RECORDS + 4)
    assert {one["times"] for one in ledger if one["outcome"] == "trained"} == {1}
    assert told(trained)["agreement"]["processes"] == 2
    assert told(trained)["status"] == "finished"


def test_each_record_is_trained_by_one_of_the_two(trained: Trained) -> None:
    one, other = seen(trained)
    assert one
    assert other
    assert not one & other
    assert one | other == set(range(RECORDS))


def test_both_end_with_the_same_adapter_which_is_the_one_written(trained: Trained) -> None:
    one, other = (load_file(trained.kept / f"rank-{rank}.safetensors") for rank in (0, 1))
    written = load_file(trained.place / "adapter" / "adapter_model.safetensors")
    assert one.keys() == other.keys() == written.keys()
    assert all(one[name].equal(other[name]) for name in one)
    assert all(one[name].equal(written[name]) for name in one)
    changed = [name for name in one if "lora_B" in name and one[name].abs().max() > 0]
    assert changed  # B is zero before training


def test_every_held_out_record_is_answered_once_by_the_first(trained: Trained) -> None:
    answered = parquet.read_table(trained.place / "records.parquet").to_pylist()
    assert len({one["record_id"] for one in answered}) == len(answered) == 4
    assert set(told(trained)["results"]["dev"]) == {"baseline", "tuned"}
    said = (trained.place / "metrics.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["step"] for line in lines if "dev_loss" in line] == [told(trained)["steps"]]


def test_what_is_wrong_with_a_run_ends_both(warm: Warm, tmp_path: Path) -> None:
    done = torchrun(warm.python, tmp_path, ["run", "--recipe", "lora", "--snapshot", str(tmp_path)])
    assert done.returncode != 0
    assert "holds no manifest.json" in done.stderr


@pytest.mark.long
def test_two_processes_that_were_killed_go_on_and_end_with_the_same_weights(
    warm: Warm, approved: Path, tmp_path: Path
) -> None:
    longer = [
        *SMALL,
        "training.epochs=4",
        "training.checkpoint_steps=3",
        "adapter.lora_dropout=0.2",
    ]

    def sit(out: str, *words: str, where: str = "never") -> subprocess.CompletedProcess[str]:
        changes = [*longer, f"run.output_directory={tmp_path / out}"]
        settings = [word for change in changes for word in ("--set", change)]
        kept = tmp_path / f"kept-{out}"
        kept.mkdir(exist_ok=True)
        told = ["run", "--recipe", "lora", "--snapshot", str(approved), *settings, *words]
        return torchrun(warm.python, kept, told, where)

    straight = sit("straight")
    assert straight.returncode == 0, straight.stderr
    assert sit("cut", where="step:8").returncode != 0
    [cut] = (tmp_path / "cut").iterdir()
    assert json.loads((cut / "run.json").read_bytes())["status"] == "running"
    again = sit("cut", "--resume", str(cut))
    assert again.returncode == 0, again.stderr
    [whole] = (tmp_path / "straight").iterdir()
    weights = Path("adapter") / "adapter_model.safetensors"
    assert (cut / weights).read_bytes() == (whole / weights).read_bytes()
    assert (cut / "metrics.jsonl").read_bytes() == (whole / "metrics.jsonl").read_bytes()
    ledgers = [parquet.read_table(run / "ledger.parquet").to_pylist() for run in (cut, whole)]
    assert ledgers[0] == ledgers[1]
    assert {one["times"] for one in ledgers[0] if one["outcome"] == "trained"} == {4}
    sittings = json.loads((cut / "run.json").read_bytes())["sittings"]
    assert [one.get("resumed_from") for one in sittings][-1] in (3, 6)
