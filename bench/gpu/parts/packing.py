"""Does a record teach the same when it shares a row with others, and what does sharing save?

The first columns are the measurement that `train run` makes before it packs: how far a packed
record's loss is from its loss alone, and how far it would be if records of a row saw each other. A
row holds where packing was found sound and the losses of both trainings are the same, step by step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.gpu.parts.parity import apart
from bench.gpu.records import descriptions, prepared
from bench.gpu.setting import MINIATURE, Row, Setting
from bench.gpu.trial import trial
from bench.gpu.weights import random_model
from train import shapes
from train.model import load
from train.parity import ALLOWED, Parity, parity

BASES = ("none", "nf4")


def measure(setting: Setting) -> Iterator[Row]:
    """Unpacked and packed, on a base in 16 and in 4 bits."""
    shape = setting.either(MINIATURE, "smollm2-135m")
    lengths = descriptions(setting.either(40, 1600), setting.either(64, 256), seed=2)
    records = prepared(lengths, shapes.shape(shape)["vocab_size"])
    changes = [
        "training.epochs=1",
        f"training.batch_size={setting.either(8, 16)}",
        f"tokenizer.max_length={setting.either(128, 1024)}",
    ]
    with random_model(shape, setting.scratch) as folder:
        for base in BASES:
            stored = f"model.quantization.type={base}"
            loaded = load(setting.recipe(folder, stored))
            found = parity(loaded.model, records, loaded.tokenizer.pad_token_id)
            del loaded
            alone: Sequence[float] = ()
            for packing in ("off", "auto"):
                recipe = setting.recipe(folder, stored, f"training.packing={packing}", *changes)
                run = setting.scratch / f"packing-{base}-{packing}"
                done = trial(recipe, records, run)
                number = done.chosen["dtype"]
                alone = alone or done.losses
                differs = apart(alone, done.losses)
                on = done.chosen["packing"] == "on"
                yield {
                    "base": done.chosen["quantization"],
                    "packed": on,
                    "a record apart": found.packed if found else None,
                    "if they saw each other": found.leaking if found else None,
                    "steps apart": differs,
                    "tokens/s": done.speed,
                    "peak GB": done.peak / 1e9,
                    "holds": sound(found, number, on, differs) if packing == "auto" else None,
                }


def sound(found: Parity | None, number: str, on: bool, differs: float) -> bool:
    """Whether packing was measured, used, and changed no loss but by rounding."""
    return found is not None and found.holds(number) and on and differs <= ALLOWED[number]
