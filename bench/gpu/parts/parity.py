"""Do a 4-bit base, an 8-bit base and other code of the loss learn what bf16 learns?

The same records in the same order train the same adapter on the same weights. Each row tells how
far its losses are, step by step on average, from those of the first row, in nats a token. A row
holds where that is within what rounding the base may cost and where the reference fell by more than
that, so that the comparison could have failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from bench.gpu.records import descriptions, prepared
from bench.gpu.setting import MINIATURE, Row, Setting
from bench.gpu.trial import trial
from bench.gpu.weights import random_model
from train import shapes

CASES = {
    "16 bits": ("none", "nll", 0.0),
    "16 bits again": ("none", "nll", 0.01),
    "chunked loss": ("none", "chunked_nll", 0.02),
    "liger": ("none", "liger", 0.02),
    "8 bits": ("int8", "nll", 0.05),
    "NF4": ("nf4", "nll", 0.2),
}
"""Case → storage of the base, code of the loss, nats a token that it may differ by."""
SMALL = 0.2
"""Of that in small, where the model can learn less."""


def measure(setting: Setting) -> Iterator[Row]:
    """The reference, then the others."""
    shape = setting.either(MINIATURE, "smollm2-135m")
    lengths = descriptions(setting.either(48, 480), setting.either(64, 256), seed=1)
    records = prepared(lengths, shapes.shape(shape)["vocab_size"])
    reference: Sequence[float] = ()
    with random_model(shape, setting.scratch) as folder:
        for case, (stored, loss, allowed) in CASES.items():
            recipe = setting.recipe(
                folder,
                f"model.quantization.type={stored}",
                f"training.loss_function={loss}",
                f"training.learning_rate={setting.either(0.01, 0.001)}",
                "training.epochs=1",
                "training.batch_size=8",
                "training.packing=off",
            )
            done = trial(recipe, records, setting.scratch / f"parity-{case}")
            reference, most = reference or done.losses, allowed * setting.either(SMALL, 1.0)
            yield {
                "case": case,
                "base": done.chosen["quantization"],
                "loss code": done.chosen["loss"],
                "first loss": done.losses[0],
                "last loss": done.losses[-1],
                "apart": apart(reference, done.losses),
                "allowed": most,
                "holds": verdict(
                    (stored, loss),
                    (done.chosen["quantization"], done.chosen["loss"]),
                    alike(reference, done.losses, most),
                ),
            }


def verdict(asked: tuple[str, str], ran: tuple[str, str], same: bool) -> bool | None:
    """Whether it holds; None where this machine could not run what was asked."""
    return same if asked == ran else None


def apart(reference: Sequence[float], losses: Sequence[float]) -> float:
    """Mean distance of two curves of losses."""
    return fmean(abs(a - b) for a, b in zip(reference, losses, strict=True))


def alike(reference: Sequence[float], losses: Sequence[float], allowed: float) -> bool:
    """Whether two curves are one within rounding, and something was learnt that could differ."""
    return apart(reference, losses) <= allowed < reference[0] - min(reference)
