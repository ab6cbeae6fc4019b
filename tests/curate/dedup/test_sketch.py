"""Sketches: the same everywhere, and as many shared bands as the formula says."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest

from curate.dedup.sketch import Sketcher, factors
from curate.dedup.texts import buffers

TEXTS = ["one two three four five", "東京は日本"]
FIXED = ["5fe4ea6b53092049", "d89b4e6d4d73103f", "7f7452c9380433f3", "1b2475edfacaf0a1"]


def test_the_keys_are_the_same_on_every_machine() -> None:
    keys = Sketcher()(*buffers(pl.Series(TEXTS)))
    assert [f"{key:016x}" for key in keys[:2].ravel().tolist()] == FIXED


def test_factors_are_odd_and_differ() -> None:
    factor, summand = factors()
    assert (factor % 2 == 1).all()
    assert len({*factor.tolist()}) == len({*summand.tolist()}) == 128


def test_a_text_without_tokens_has_no_key_and_a_key_is_never_that_of_none() -> None:
    keys = Sketcher()(*buffers(pl.Series(["", "a", " "])))
    assert (keys[:, [0, 2]] == 0).all()
    assert (keys[:, 1] != 0).all()


@pytest.mark.parametrize(
    ("sketcher", "similarity", "share"),
    [(Sketcher(), 0.8, 0.998), (Sketcher(), 0.5, 0.27), (Sketcher(32, 4), 0.7, 0.9998)],
)
def test_the_share_that_is_found(sketcher: Sketcher, similarity: float, share: float) -> None:
    assert sketcher.recall(similarity) == pytest.approx(share, abs=0.001)
    assert sketcher.recall(1) == 1


@pytest.mark.parametrize("engine", ["kernel", "datasketch"])
def test_shared_bands_are_as_many_as_the_formula_says(engine: str) -> None:
    """Pairs of similarity 0.6 share one of 20 bands of 6 rows in 1 - (1 - 0.6 ** 6) ** 20 = 0.62."""
    drawn = random.Random(1)
    pairs = 400
    texts = []
    for _ in range(pairs):
        runs = [f"w{drawn.randrange(10**9)} " * 1 for _ in range(100)]
        other = [*runs]
        other[50:75] = [f"v{drawn.randrange(10**9)} " for _ in range(25)]
        texts += ["".join(runs), "".join(other)]
    # 96 shingles each; 29 of each differ: 67 / (96 + 29) = 0.536
    keys = Sketcher(engine=engine)(*buffers(pl.Series(texts)))
    share = float((keys[:, 0::2] == keys[:, 1::2]).any(axis=0).mean())
    expected = 1 - (1 - (67 / 125) ** 6) ** 20
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / pairs))
