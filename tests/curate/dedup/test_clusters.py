"""Clusters: nothing goes without a kept record that is like it itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curate.dedup.clusters import ranked, removable

graphs = st.integers(2, 9).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.dictionaries(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(
                lambda pair: pair[0] < pair[1]
            ),
            st.integers(50, 100).map(lambda percent: percent / 100),
        ),
        st.permutations(range(size)),
    )
)


def arrays(pairs: dict[tuple[int, int], float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([*pairs], np.int64).reshape(-1, 2), np.array([*pairs.values()], float)


def test_a_chain_does_not_carry() -> None:
    """0 is like 1 and 1 like 2, but 0 is not like 2: 2 stays."""
    gone = removable(*arrays({(0, 1): 0.9, (1, 2): 0.9}), 0.8)
    assert (gone.records.tolist(), gone.kept.tolist()) == ([1], [0])


def test_the_likest_kept_record_is_named() -> None:
    gone = removable(*arrays({(0, 2): 0.8, (1, 2): 0.95}), 0.8)
    assert (gone.records.tolist(), gone.kept.tolist()) == ([2], [1])
    assert gone.similarity.tolist() == [0.95]


def test_the_rank_says_which_one_stays() -> None:
    pairs, similarity = arrays({(0, 1): 0.9})
    assert ranked(pairs, similarity, np.array([0, 1]), 0.8).kept.tolist() == [0]
    assert ranked(pairs, similarity, np.array([1, 0]), 0.8).kept.tolist() == [1]


def test_nothing_alike_nothing_gone() -> None:
    assert len(removable(*arrays({}), 0.8).records) == 0
    assert len(removable(*arrays({(0, 1): 0.79}), 0.8).records) == 0


@given(graphs, st.integers(50, 100))
def test_the_laws_of_clusters(
    graph: tuple[int, dict[tuple[int, int], float], list[int]], percent: int
) -> None:
    size, pairs, rank = graph
    threshold = percent / 100
    close = {pair for pair, similarity in pairs.items() if similarity >= threshold}
    gone = ranked(*arrays(pairs), np.array(rank), threshold)
    removed = set(gone.records.tolist())
    kept = set(range(size)) - removed
    for record, stays, similarity in zip(*(a.tolist() for a in gone), strict=True):
        pair = (min(record, stays), max(record, stays))
        assert stays in kept
        assert pairs[pair] == similarity >= threshold
        assert rank[stays] < rank[record]
    partners = {record for pair in close for record in pair}
    assert removed <= partners
    for one, other in close:  # of two that are alike, both never stay side by side
        assert not {one, other} <= kept


@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(
    graph: tuple[int, dict[tuple[int, int], float], list[int]], random: object
) -> None:
    _, pairs, rank = graph
    shuffled = list(pairs.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = ranked(*arrays(pairs), np.array(rank), 0.6)
    other = ranked(*arrays(dict(shuffled)), np.array(rank), 0.6)
    assert sorted(zip(*(a.tolist() for a in one), strict=True)) == sorted(
        zip(*(a.tolist() for a in other), strict=True)
    )
