"""How fast are the usual ways to tune a 3B model, and how do they compare with TRL's defaults?

Random weights in the shape of OpenLLaMA-3b-v2, 5,000 records as long as short product descriptions
(at most 256 tokens), three epochs. After its first steps each training is timed for a slice of
that, setup and last state included, in the order of the whole run; the time of the whole is
computed from the slice's speed. Two ways have a counterpart that TRL trains with its defaults. The
four combinations are r = 8 and 16 beside queries and values, and r = 8 beside every linear layer
and the head, on 4 and on 8 bits. A row holds where it reaches its aim in tokens a second, padding
left out, and is at least twice as fast as its counterpart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.gpu.defaults import plain
from bench.gpu.records import descriptions, prepared
from bench.gpu.setting import MINIATURE, Row, Setting
from bench.gpu.trial import Trial, trial
from bench.gpu.weights import random_model
from train import shapes
from train.prepared import Prepared

RECORDS, EPOCHS, LONGEST = 5_000, 3, 256
SLICE_SECONDS = 18


@dataclass(frozen=True)
class Case:
    """One way to train."""

    name: str
    bits: str
    targets: str
    rank: int = 8
    batch: int = 8
    aim: int | None = None
    """Tokens a second on one H200."""
    times: float | None = None
    """Times as fast as TRL's defaults."""


CASES = (
    Case("QLoRA", "nf4", "all-linear", aim=20_000, times=2.0),
    Case("LoRA in bf16", "none", "all-linear", aim=28_000, times=2.0),
    Case("QLoRA, 32 rows", "nf4", "all-linear", batch=32, aim=20_000),
    Case("LoRA in bf16, 32 rows", "none", "all-linear", batch=32, aim=28_000),
    Case("combination 1", "nf4", "attention-qv"),
    Case("combination 2", "nf4", "attention-qv", rank=16),
    Case("combination 3", "nf4", "all-linear+head"),
    Case("combination 4", "int8", "all-linear+head"),
)


def measure(setting: Setting) -> Iterator[Row]:
    """Each case; before those with a factor, the same by TRL's defaults."""
    shape = setting.either(MINIATURE, "openllama-3b-v2")
    lengths = descriptions(setting.either(64, RECORDS), setting.either(64, LONGEST), seed=4)
    records = prepared(lengths, shapes.shape(shape)["vocab_size"])
    with random_model(shape, setting.scratch) as folder:
        for case in setting.either(CASES[::3], CASES):
            compared = by_default(setting, folder, case, records) if case.times else None
            if compared:
                yield compared
            yield ours(setting, folder, case, records, compared)


def changes(case: Case) -> list[str]:
    """The settings of a case; all others are the product's."""
    return [
        f"model.quantization.type={case.bits}",
        f"adapter.lora_r={case.rank}",
        f"adapter.lora_target_modules={case.targets}",
        f"training.batch_size={case.batch}",
        f"training.epochs={EPOCHS}",
        f"tokenizer.max_length={LONGEST}",
    ]


def by_default(setting: Setting, folder: object, case: Case, records: Prepared) -> Row:
    """The case as TRL's defaults train it."""
    recipe = setting.recipe(str(folder), *changes(case))
    seconds = setting.either(0.2, float(SLICE_SECONDS))
    done = plain(recipe, records, setting.scratch / f"trl-{case.name}", seconds)
    return {
        "case": f"{case.name}, TRL's defaults",
        "rows": case.batch,
        "steps": done.steps,
        "tokens/s": done.speed,
        "whole run, minutes": whole(records, done.speed),
        "peak GB": done.peak / 1e9,
        "chosen": "TRL's defaults",
        "times TRL's": None,
        "aim": None,
        "holds": None,
    }


def ours(
    setting: Setting, folder: object, case: Case, records: Prepared, compared: Row | None
) -> Row:
    """The case as `train run` trains it."""
    seconds = f"training.max_seconds={setting.either(0.2, float(SLICE_SECONDS))}"
    recipe = setting.recipe(str(folder), *changes(case), seconds)
    done = trial(recipe, records, setting.scratch / f"four-{case.name}", warm=True)
    factor = done.speed / float(str(compared["tokens/s"])) if compared else None
    return {
        "case": case.name,
        "rows": case.batch,
        "steps": done.fitted.steps,
        "tokens/s": done.speed,
        "whole run, minutes": whole(records, done.speed),
        "peak GB": done.peak / 1e9,
        "chosen": how(done),
        "times TRL's": factor,
        "aim": case.aim,
        "holds": None if setting.small else met(case, done.speed, factor),
    }


def how(done: Trial) -> str:
    """What the product chose by itself that decides about speed."""
    said = [f"{name} {done.chosen[name]}" for name in ("packing", "gradient checkpointing")]
    return ", ".join([done.chosen["loss"], done.chosen["optimizer"], *said])


def whole(records: Prepared, speed: float) -> float:
    """Minutes that all epochs would take at this speed."""
    return EPOCHS * sum(records.lengths) / speed / 60


def met(case: Case, speed: float, factor: float | None) -> bool | None:
    """Whether the aims of a case are met; None where it has none."""
    aims = [speed >= case.aim] if case.aim else []
    aims += [factor >= case.times] if case.times and factor is not None else []
    return all(aims) if aims else None
