"""Neighbours: the pairs of vectors that are nearest to each other.

Few vectors are compared each with each; of many, usearch finds the neighbours by a graph, which may
miss some. Every vector has NEAREST neighbours at most: of a larger crowd, which only a threshold
far too low makes, each is paired with those that are likest to it.
"""

from __future__ import annotations

import numpy as np

from curate.dedup.candidates import Pairs
from curate.dedup.shingles import Offsets
from curate.errors import MissingExtra
from curate.meaning.model import Vectors

# The whole check of 52,002 records took 40 seconds of a processor so, 103 with the graph.
EACH_WITH_EACH = 100_000  # vectors
ROWS = 256  # compared at once with all others: 100 MB
NEAREST = 32
SLACK = 0.002  # below the threshold, for what float16 and float32 round off
BREADTH = 256  # usearch's expansion: more finds more neighbours and takes longer


def nearest(vectors: Vectors, threshold: float, most: int = EACH_WITH_EACH) -> Pairs:
    """Pairs of rows, the smaller first, with about this cosine or more; by a graph above `most`."""
    search = by_comparing if len(vectors) <= most else by_graph
    rows, others = search(vectors, threshold - SLACK)
    pairs = np.sort(np.stack([rows, others], axis=1), axis=1)
    found: Pairs = np.unique(pairs[rows != others], axis=0)
    return found


def by_comparing(vectors: Vectors, least: float) -> tuple[Offsets, Offsets]:
    """Rows and their neighbours: each vector compared with each."""
    every = vectors.astype(np.float32)
    found: list[tuple[Offsets, Offsets]] = [(np.empty(0, np.int64),) * 2]
    for start in range(0, len(every), ROWS):
        cosine = every[start : start + ROWS] @ every.T
        crowded = np.flatnonzero((cosine >= least).sum(axis=1) > NEAREST + 1)
        for row in crowded:  # itself and NEAREST others
            order = np.argsort(-cosine[row], kind="stable")
            cosine[row, order[NEAREST + 1 :]] = -1
        rows, others = np.nonzero(cosine >= least)
        found.append((rows + start, others))
    rows, others = map(np.concatenate, zip(*found, strict=True))
    return rows, others


def by_graph(vectors: Vectors, least: float) -> tuple[Offsets, Offsets]:
    """The same by usearch, of which one thread builds the graph: it is the same every time."""
    index_of = graph()
    index = index_of(
        ndim=vectors.shape[1],
        metric="cos",
        dtype="f16",
        expansion_add=BREADTH,
        expansion_search=BREADTH,
    )
    index.add(np.arange(len(vectors)), vectors, threads=1)
    matches = index.search(vectors, NEAREST + 1)
    rows, places = np.nonzero(1 - matches.distances >= least)
    return rows, matches.keys[rows, places].astype(np.int64)


def graph() -> type:
    """usearch's index; MissingExtra where it is not installed."""
    try:
        from usearch.index import Index
    except ImportError as error:
        raise MissingExtra("finding neighbours by meaning", "meaning") from error
    found: type = Index
    return found
