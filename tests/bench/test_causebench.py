"""CauseBench in its tiniest form: one seed of about 120 records, through the product's own doors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench.causebench import product, tiny
from bench.causebench.arms import DIRTY, Arm, finished_on, trained
from bench.causebench.faults import corrupted
from bench.causebench.page import page
from bench.causebench.setup import Setup
from bench.causebench.story import told
from train.quiet import quiet

SMALL = Setup(records=120, epochs=4, size=tiny.SMALLEST)
SEED = 7


@dataclass(frozen=True)
class Benched:
    """What one seed leaves."""

    cache: Path
    figures: dict[str, Any]


@pytest.fixture(scope="module")
def benched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benched]:
    import torch

    cache = tmp_path_factory.mktemp("causebench")
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch, quiet():
        patch.setenv("CURATE_CACHE", str(cache))
        patch.setenv("HF_HUB_OFFLINE", "1")
        torch.set_num_threads(1)
        yield Benched(cache, told(SMALL, cache, SEED))
    torch.set_num_threads(threads)


def dirty(benched: Benched) -> Arm:
    world = corrupted(SEED, SMALL.records, SMALL.share)
    parent = product.snapshot(product.audited(world, SMALL.place(benched.cache, SEED)))
    return trained(world, SMALL, benched.cache, SEED, DIRTY, parent)


def test_one_seed_gives_every_figure_of_the_page(benched: Benched) -> None:
    said = page(
        {
            "setup": SMALL.told([SEED]),
            "recipe": {},
            "fitted": {"triage": "", "best": ""},
            "seeds": [benched.figures],
        }
    )
    assert "## Aims" in said
    assert set(benched.figures["queue"]) >= {"best", "random", "margin", "IFD", "gradient, raw dot"}
    assert set(benched.figures["trace"]) >= {"trace", "BM25 x answer", "hidden state"}
    assert 0 <= benched.figures["exact_match"]["clean"] <= 1


def test_what_is_finished_is_not_done_again(benched: Benched) -> None:
    runs = sorted((SMALL.place(benched.cache, SEED) / "runs").iterdir())
    assert [run.name.split("-")[0] for run in runs] == [
        "best10", "best5", "clean", "control", "dirty", "traced",
    ]  # fmt: skip
    (SMALL.place(benched.cache, SEED) / "seed.json").unlink()
    assert told(SMALL, benched.cache, SEED) == benched.figures
    assert sorted((SMALL.place(benched.cache, SEED) / "runs").iterdir()) == runs


def test_the_product_reads_the_records_of_the_world_and_each_once(benched: Benched) -> None:
    arm = dirty(benched)
    where = product.audited(arm.world, SMALL.place(benched.cache, SEED))
    order, ranks = product.queue(arm.world, where)
    assert sorted(order) == list(range(len(arm.world.train)))
    assert len(ranks) == len(arm.world.train)
    traces = product.traces(arm.world, arm.run, arm.snapshot)
    assert all(sorted(one) == sorted(order) for one in traces.orders)


def test_the_tiny_model_reads_the_questions_back_and_is_the_same_again(
    benched: Benched, tmp_path: Path
) -> None:
    from transformers import AutoTokenizer

    words = AutoTokenizer.from_pretrained(tiny.made(benched.cache, tiny.SMALLEST))
    for row in corrupted(SEED, 120, 0.1).train:
        ids = words(row.prompt, add_special_tokens=False)["input_ids"]
        assert words.decode(ids) == row.prompt
    again = tiny.made(tmp_path, tiny.SMALLEST)
    first = benched.cache / tiny.SMALLEST.name
    assert (again / "model.safetensors").read_bytes() == (first / "model.safetensors").read_bytes()


def test_a_run_on_other_records_is_no_arm_of_this_world(benched: Benched) -> None:
    runs = SMALL.place(benched.cache, SEED) / "runs"
    [dirty], [clean] = (sorted(runs.glob(f"{name}-*")) for name in ("dirty", "clean"))
    approved = SMALL.place(benched.cache, SEED) / ".curate" / "approved"
    of = {run: json.loads((run / "approved.json").read_bytes())["id"] for run in (dirty, clean)}
    assert finished_on(dirty, approved / of[dirty])
    assert not finished_on(dirty, approved / of[clean])
