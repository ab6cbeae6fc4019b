"""Neighbours: what comparing each with each finds, and what the graph finds of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.meaning.model import Vectors, cosines, unit
from curate.meaning.nearest import NEAREST, nearest


def drawn(seed: int, size: int, copies: int = 0, dimensions: int = 32) -> Vectors:
    """Vectors of every direction, and copies of the first ones, a little changed."""
    draw = np.random.default_rng(seed)
    first = draw.standard_normal((size, dimensions))
    near = first[:copies] + 0.1 * draw.standard_normal((copies, dimensions))
    return unit(np.concatenate([first, near]))


def test_nothing_has_no_neighbours() -> None:
    assert nearest(np.empty((0, 4), np.float16), 0.5).shape == (0, 2)
    assert nearest(drawn(1, 1), 0.5).shape == (0, 2)


@given(seed=st.integers(0, 1_000), threshold=st.floats(0.2, 0.99))
def test_every_pair_that_is_near_enough_and_hardly_another(seed: int, threshold: float) -> None:
    vectors = drawn(seed, 20, 10, dimensions=6)
    every = np.stack(np.triu_indices(len(vectors), 1), axis=1)
    cosine = cosines(vectors[every[:, 0]], vectors[every[:, 1]])
    found = {tuple(pair) for pair in nearest(vectors, threshold).tolist()}
    assert {tuple(pair) for pair in every[cosine >= threshold].tolist()} <= found
    assert found <= {tuple(pair) for pair in every[cosine >= threshold - 0.005].tolist()}


def test_more_vectors_than_are_compared_at_once() -> None:
    assert nearest(drawn(2, 1_500, 700), 0.9).tolist() == [[i, 1_500 + i] for i in range(700)]


@pytest.mark.parametrize("most", [10_000, 0])
def test_a_crowd_gives_each_no_more_than_its_nearest(most: int) -> None:
    crowd = unit(np.ones((200, 8)) + 0.01 * np.random.default_rng(3).standard_normal((200, 8)))
    pairs = nearest(crowd, 0.5, most)
    assert set(pairs.ravel().tolist()) == set(range(200))
    assert len(pairs) <= 200 * NEAREST


def test_the_graph_finds_the_same_every_time() -> None:
    vectors = drawn(4, 3_000, 1_000)
    exact, once, again = (nearest(vectors, 0.9, most) for most in (len(vectors), 0, 0))
    assert (once == again).all()
    in_both = {*map(tuple, exact.tolist())} & {*map(tuple, once.tolist())}
    assert len(in_both) >= 0.99 * len(exact)
    assert len(once) == len(in_both)
