"""Is a run that was interrupted the same run in the end?

Three trainings with dropout: one straight, the same again, which tells how exactly this machine
repeats itself, and one that is interrupted after two thirds and goes on from its newest whole
state. Weights are compared entry by entry; a run that began anew, or lost its optimiser or random
state, ends elsewhere, as far as the row of the interrupted state shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.gpu.records import descriptions, prepared
from bench.gpu.setting import MINIATURE, Row, Setting
from bench.gpu.trial import trial
from bench.gpu.weights import random_model
from train import shapes
from train.checkpoints import newest
from train.model import Loaded
from train.prepared import Prepared
from train.recipe import Recipe

EPOCHS = 3
SLACK = 3
"""Times as far from a straight run as its repetition is: so far an interrupted one may be."""

Weights = Mapping[str, Any]


class Interrupted(Exception):
    """As if the machine had gone away."""


def measure(setting: Setting) -> Iterator[Row]:
    """For a base in 16 and in 4 bits: straight, repeated, interrupted, gone on."""
    shape = setting.either(MINIATURE, "smollm2-135m")
    lengths = descriptions(setting.either(16, 160), setting.either(64, 256), seed=3)
    records = prepared(lengths, shapes.shape(shape)["vocab_size"])
    with random_model(shape, setting.scratch) as folder:
        for base in ("none", "nf4"):
            recipe = setting.recipe(
                folder,
                f"model.quantization.type={base}",
                f"training.epochs={EPOCHS}",
                f"training.learning_rate={setting.either(0.01, 0.001)}",
                "training.save_checkpoint=last",
                "adapter.lora_dropout=0.1",
            )
            place = setting.scratch / f"resume-{base}"
            straight = trial(recipe, records, place / "straight", look=adapter)
            again = trial(recipe, records, place / "again", look=adapter)
            lost = interrupted(recipe, records, place / "cut")
            done = trial(recipe, records, place / "cut", look=adapter)
            floor, end = furthest(straight.seen, again.seen), furthest(straight.seen, done.seen)
            yield {
                "base": done.chosen["quantization"],
                "steps": done.fitted.steps,
                "resumed from": done.fitted.resumed_from,
                "repeated, apart": floor,
                "gone on, apart": end,
                "interrupted state, apart": furthest(straight.seen, lost),
                "losses the same": done.losses == straight.losses,
                "holds": done.fitted.resumed_from is not None
                and end <= SLACK * floor < furthest(straight.seen, lost),
            }


def interrupted(recipe: Recipe, records: Prepared, run: Path) -> Weights:
    """Train until the second evaluation, which never ends; the weights of the newest state."""
    try:
        trial(recipe, records, run, at_second(stop))
    except Interrupted:
        state = newest(run / "checkpoints")
        assert state is not None
        from peft import load_peft_weights

        return load_peft_weights(str(state), device="cpu")
    raise AssertionError("nothing interrupted this run")


def stop() -> float:
    """What an evaluation does when the machine goes away."""
    raise Interrupted


def at_second(work: Callable[[], float]) -> Callable[[], float]:
    """Work that is done at the second call; the first is let pass."""
    calls = iter((lambda: 0.0, work))
    return lambda: next(calls)()


def adapter(loaded: Loaded) -> Weights:
    """The adapter of a trained model, under the names that it is saved by."""
    from peft import get_peft_model_state_dict

    named = get_peft_model_state_dict(loaded.model)
    return {name: weight.detach().cpu().clone() for name, weight in named.items()}


def furthest(some: Weights, others: Weights) -> float:
    """The largest distance between entries of two adapters."""
    assert some.keys() == others.keys()
    return max(float((some[n].float() - others[n].float()).abs().max()) for n in some)
