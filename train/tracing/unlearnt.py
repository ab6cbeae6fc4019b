"""Unlearnt: how well the base model knew each record before it was trained on any.

With its prompt in front, and the learnt tokens alone: an answer that its prompt does not make any
likelier hardly belongs to it (the ratio of the two is IFD, arXiv 2308.12032).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from curate.publish import write_whole
from train.generate import answer_losses
from train.model import Loaded
from train.recipe import Recipe
from train.telling import Telling
from train.template import Encoded

FILE = "unlearnt.npy"


def measure(
    place: Path, recipe: Recipe, loaded: Loaded, encoded: Sequence[Encoded], tell: Telling
) -> None:
    """Keep both losses of every prepared record."""
    tell("measuring {n} records before training, to trace what is learnt of them", n=len(encoded))
    size = recipe.evaluate.generation.batch_size
    with loaded.as_baseline() as model:
        made = [
            answer_losses(model, loaded.tokenizer, some, size)
            for some in (encoded, [alone(one) for one in encoded])
        ]
    out = io.BytesIO()
    np.save(out, np.array(made, dtype=np.float32).T)
    write_whole(place / FILE, out.getvalue())


def alone(one: Encoded) -> Encoded:
    """The learnt tokens behind the token that the record begins with."""
    learnt = [token for token, trained in zip(one.ids[1:], one.trained[1:], strict=True) if trained]
    return Encoded(one.record_id, [one.ids[0], *learnt], [False] + [True] * len(learnt))


def measured(place: Path, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Loss with and without the prompt, a row for each record; NaN where none was measured."""
    file = place / FILE
    if not file.exists():
        return np.full((count, 2), np.nan, np.float32)
    made: np.ndarray[tuple[int, int], np.dtype[np.float32]] = np.load(file)
    return made
