"""Usual: by how much a record was harder to learn than records like it.

A date, a sum or a long answer loses more in training than a short one, however right it is: in the
order of loss such records stand before the wrong ones. So each is held against those most like it
in length and in what the model made of them before training, and what counts is how far it lies
above them (docs/decisions/0014).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from curate.trace.likeness import Floats, Ints

LIKE = 30  # records that one is held against
AMONG = 4_096  # records, evenly spaced, that those are looked for among
AT_ONCE = 512  # records whose distances to all of them are in memory
FLOOR = 0.3  # of the median spread: where the like are all equal, a trifle is not far
TINIEST = 1e-12


def beyond(values: Floats, kind: Floats) -> Floats:
    """By how many spreads the logarithm of each value lies above that of its like.

    `kind` has a row for each value; those with the nearest rows are its like, and each column
    counts as much. A spread is the median distance from their median. NaN where the value is not
    known or stands alone; a column that is not known of every record is left out.
    """
    found = np.full(len(values), np.nan)
    there = np.flatnonzero(~np.isnan(values))
    if len(there) < 2:
        return found
    logs = np.log(np.maximum(values[there], TINIEST))
    rows = scaled(kind[there])
    held = np.unique(np.linspace(0, len(there) - 1, min(AMONG, len(there))).round().astype(int))
    middle, spread = np.empty(len(there)), np.empty(len(there))
    for at in range(0, len(there), AT_ONCE):
        chosen = slice(at, at + AT_ONCE)
        near = logs[held[nearest(rows[chosen], np.arange(len(there))[chosen], rows[held], held)]]
        middle[chosen] = np.median(near, axis=1)
        spread[chosen] = np.median(np.abs(near - middle[chosen, None]), axis=1)
    found[there] = (logs - middle) / np.maximum(spread + FLOOR * np.median(spread), TINIEST)
    return found


def scaled(kind: Floats) -> Floats:
    """Columns that are known of all, centred and with the same variance."""
    known = kind[:, ~np.isnan(kind).any(axis=0)]
    spread = known.std(axis=0)
    rows: Floats = (known - known.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return rows


def nearest(rows: Floats, own: Ints, others: Floats, numbers: Ints) -> Ints:
    """Places among `others` of the LIKE nearest to each row, itself not among them."""
    squares = ((rows[:, None, :] - others[None, :, :]) ** 2).sum(axis=2)
    squares[own[:, None] == numbers[None, :]] = np.inf
    like = min(LIKE, len(numbers) - 1)
    return np.argsort(squares, axis=1, kind="stable")[:, :like]


def kinds(signals: pl.DataFrame) -> Floats:
    """What a record is like: how long its answer is, and its loss before training, with its prompt
    and without."""
    return signals.select(
        pl.col("tokens").cast(float).log1p(), pl.col("base_loss", "unconditional_loss").cast(float)
    ).to_numpy()
