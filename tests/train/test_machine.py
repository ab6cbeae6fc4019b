"""Machine: what does not go together is explained, from facts of machines that are not here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from train.locale import translator
from train.machine import GB, Facts, facts, told

SOUND = Facts(
    packages={"torch": "2.13.0+cu130", "bitsandbytes": "0.50.2"},
    least={"torch": "2.10", "bitsandbytes": "0.50"},
    built_for="13.0", driver="580.65.06", card="NVIDIA H200", memory=141 * GB, bfloat16=True,
    quantising=("126", "130"), disk=100 * GB,
)  # fmt: skip


def said(seen: Facts, mark: str) -> list[str]:
    return [line.says.format(**line.args) for line in told(seen) if line.mark == mark]


def test_a_sound_machine_has_nothing_against_it() -> None:
    assert said(SOUND, "no") == []
    assert "accelerator: NVIDIA H200 with 141 GB" in said(SOUND, "yes")


FAULTS = [
    ({"packages": {**SOUND.packages, "torch": None}}, "torch is missing: pip install"),
    ({"packages": {**SOUND.packages, "torch": "2.9.1"}}, "torch 2.9.1 is older than 2.10"),
    ({"card": None, "built_for": None}, "this torch is built for CPUs"),
    ({"card": None, "driver": "535.10.01"}, "older than 580, which CUDA 13.0 needs"),
    ({"card": None}, "CUDA_VISIBLE_DEVICES"),
    ({"quantising": ("118", "126")}, "no code for CUDA 13.0, only for 118, 126"),
    ({"disk": GB}, "1 GB are free here, and a run may need 5"),
]


@pytest.mark.parametrize(("changes", "why"), FAULTS)
def test_what_would_fail_is_said_with_the_cure(changes: dict[str, object], why: str) -> None:
    [told_] = said(replace(SOUND, **changes), "no")  # type: ignore[arg-type]
    assert why in told_


def test_an_old_card_is_something_to_know() -> None:
    t4 = replace(SOUND, card="Tesla T4", bfloat16=False)
    assert said(t4, "no") == []
    assert said(t4, "--") == ["Tesla T4 has no bfloat16; float16 is used, which can overflow"]


def test_a_machine_without_a_card_is_no_fault() -> None:
    bare = replace(SOUND, card=None, driver=None, built_for=None)
    assert said(bare, "no") == []


@pytest.mark.parametrize(
    ("name", "english", "japanese"),
    [("gguf", "only a model in a .gguf file", ".gguf ファイルのモデルを最初に使うときだけ"),
     ("nvidia-ml-py", "no energy of its card", "GPU の消費電力は")],
)  # fmt: skip
def test_what_a_run_can_do_without_is_no_fault(name: str, english: str, japanese: str) -> None:
    spare = replace(
        SOUND, packages={**SOUND.packages, name: None}, least={**SOUND.least, name: "0.17"}
    )
    assert said(spare, "no") == []
    [line] = [line for line in told(spare) if line.mark == "--"]
    assert english in line.says
    assert japanese in translator("ja")(line.says)
    assert line.says.format(**line.args).endswith(f"pip install '{name}'")


def test_this_machine_is_looked_at() -> None:
    here = facts()
    assert here.packages["torch"]
    assert here.least["torch"] == "2.10"
    assert here.disk > 0
    assert here.quantising
