"""Fusing: several scores of the same records as one; and copies that are one finding."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest
from itertools import combinations

import numpy as np
import polars as pl

from curate.content.claims import disagreement
from curate.content.sameness import folded
from curate.dedup.alike import similarities
from curate.dedup.shingles import sets
from curate.dedup.texts import buffers
from curate.trace.likeness import Floats, Ints, alike, same, same_figures

BLIND = 0.2
"""What a record keeps of a channel that says nothing of it: each is blind at times. Ranks, which
reciprocal rank fusion goes by (Cormack and others 2009), forget how far the first is ahead.
"""
COPY = 0.8  # Jaccard similarity of prompt and answer from which two records are one
NEAR = 0.6  # share of pairs of letters from which prompts with equal answers may be one
ONE_WAY = 0.4  # cosine of their gradients from which they are: letters alone mistake names


def fused(channels: Sequence[Floats]) -> Floats:
    """The product over the channels of each score's share of its row's highest, 0 to 1.

    No share is below BLIND / (1 + BLIND), that of a record without a score; where a channel has
    none in a row, it says nothing there.
    """
    found = np.ones(channels[0].shape)
    for one in channels:
        known = np.maximum(np.nan_to_num(one), 0.0)
        highest = known.max(axis=1, keepdims=True, initial=0.0)
        share = np.divide(known, highest, out=np.ones_like(known), where=highest > 0)
        found *= (BLIND + share) / (1 + BLIND)
    return found


def ranks(scores: Floats) -> Floats:
    """Each score's rank in its row, 1 the highest; equal scores share the best; NaN has none."""
    found = np.full(scores.shape, np.nan)
    for number, row in enumerate(scores):
        there = ~np.isnan(row)
        ordered = np.sort(row[there])
        found[number, there] = 1 + len(ordered) - np.searchsorted(ordered, row[there], "right")
    return found


def best(scores: Floats, ids: Sequence[str], most: int) -> Ints:
    """The places of the highest scores of a row, the smaller id first of equal ones."""
    most = min(most, len(scores))
    if not most:
        return np.empty(0, np.int64)
    last = np.partition(scores, -most)[-most]
    above = np.flatnonzero(scores > last).tolist()
    level = np.flatnonzero(scores == last).tolist()
    equal = nsmallest(most - len(above), level, key=ids.__getitem__)
    return np.array([*sorted(above, key=lambda n: (-scores[n], ids[n])), *equal], np.int64)


def together(
    prompts: Sequence[str], answers: Sequence[str], cosines: Floats | None = None
) -> list[int]:
    """For each record the first one that one decision covers with it, or itself.

    Two are one where prompt and answer are nearly the same words (exact Jaccard similarity of
    their shingles) and the answers state the same; or where the answers are the same, and so are
    the words of the prompts, or these are near and the gradients, whose cosines are given, go one
    way.
    """
    whole = pl.Series([f"{a}\n{b}" for a, b in zip(prompts, answers, strict=True)], dtype=pl.String)
    pairs = np.array([*combinations(range(len(whole)), 2)], np.int64).reshape(-1, 2)
    copied = similarities([sets(*buffers(whole))], pairs) >= COPY
    said = folded(pl.Series(answers, dtype=pl.String)).to_list()
    first = list(range(len(whole)))
    for (one, other), copy in zip(pairs.tolist(), copied.tolist(), strict=True):
        if first[other] != other or first[one] != one:
            continue
        if said[one] == said[other]:
            one_way = cosines is not None and cosines[one, other] >= ONE_WAY
            asked = prompts[one], prompts[other]
            near = copy or same(*asked) or (one_way and asks_alike(*asked))
        else:
            near = copy and disagreement([said[one], said[other]]) is None
        if near:
            first[other] = one
    return first


def asks_alike(one: str, other: str) -> bool:
    """Whether two prompts ask nearly the same: like letters, and the same figures."""
    return alike(one, other) >= NEAR and same_figures(one, other)
