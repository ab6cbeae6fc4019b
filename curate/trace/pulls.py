"""Pulls: whether anything else teaches what a record teaches, or only the opposite.

Two records that ask the same thing pull the model to one answer or against each other, and their
gradients show it even where the two questions have no word in common. A right record usually has
another that pulls its way; a wrong one that stands alone has one that pulls against it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from curate.trace.evidence import unit
from curate.trace.likeness import Floats, Ints
from curate.trace.reading import Sketches, Traces

EXACT = 4_096  # records, up to which each is compared with each in full
FOLDED = 256  # numbers that a gradient is folded to for a first look, where there are more
CANDIDATES = 8  # at each end, which are then compared in full
AT_ONCE = 128  # records
SEED = 0


def opposed(traces: Traces) -> Floats:
    """How much more some other record pulls against each record than any pulls its way, -2 to 2.

    Minus the highest and the lowest cosine of its gradient with another's, each cosine the mean
    over the checkpoints; NaN where no gradient of it was captured.
    """
    return between([traces.sketches(number) for number in traces.checkpoints])


def among(traces: Traces, rows: Ints) -> Floats:
    """The cosine of the gradients of each two of some records, a mean over the checkpoints."""
    found = np.zeros((len(rows), len(rows)))
    for number in traces.checkpoints:
        some = unit(traces.sketches(number)[rows])
        found += some @ some.T / len(traces.checkpoints)
    return found


def between(sketches: Sequence[Sketches]) -> Floats:
    """The same from the sketches of each checkpoint, whose rows are the records."""
    count = len(sketches[0]) if sketches else 0
    found = np.full(count, np.nan)
    captured = [n for n in range(count) if any(one[n].any() for one in sketches)]
    if len(captured) < 2:
        return found
    rows = np.array(captured)
    exact = len(rows) <= EXACT
    small = np.hstack([looked_at(one, rows, exact) for one in sketches]) / len(sketches) ** 0.5
    for at in range(0, len(rows), AT_ONCE):
        cosines = small[at : at + AT_ONCE] @ small.T
        own = np.arange(len(cosines))
        cosines[own, at + own] = np.nan
        if not exact:
            cosines = in_full(sketches, rows, at, ends(cosines))
        found[rows[at : at + AT_ONCE]] = -np.nanmax(cosines, axis=1) - np.nanmin(cosines, axis=1)
    return found


def looked_at(sketches: Sketches, rows: Ints, exact: bool) -> Floats:
    """Gradients at length 1, folded with random signs where they are many: dots stay cosines."""
    width = sketches.shape[1] if exact else FOLDED
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], sketches.shape[1]).astype(np.float32)
    made: Floats = np.empty((len(rows), width), np.float32)
    for at in range(0, len(rows), AT_ONCE):
        whole = unit(sketches[rows[at : at + AT_ONCE]]) * signs
        made[at : at + AT_ONCE] = whole.reshape(len(whole), -1, width).sum(axis=1)
    return made


def ends(cosines: Floats) -> Ints:
    """Of each row the places with the lowest and the highest cosines; NaN, its own, is neither."""
    low = np.argpartition(np.nan_to_num(cosines, nan=np.inf), CANDIDATES, axis=1)[:, :CANDIDATES]
    high = np.argpartition(np.nan_to_num(-cosines, nan=np.inf), CANDIDATES, axis=1)[:, :CANDIDATES]
    return np.hstack([low, high])


def in_full(sketches: Sequence[Sketches], rows: Ints, at: int, places: Ints) -> Floats:
    """The cosines of the rows from `at` on with their candidates, none of them folded."""
    total = np.zeros(places.shape, np.float32)
    for one in sketches:
        own = unit(one[rows[at : at + len(places)]])
        others = unit(one[rows[places.ravel()]]).reshape(*places.shape, -1)
        total += np.einsum("rd,rcd->rc", own, others)
    cosines: Floats = total / len(sketches)
    return cosines
