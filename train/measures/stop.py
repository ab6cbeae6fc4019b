"""Stop: whether the model stopped by itself, before the longest answer allowed."""

from __future__ import annotations

from train.measures import Attempt, Measure, one_by_one


def stop(one: Attempt) -> bool:
    """Whether an end token or a stop string came."""
    return one.reached_stop


MEASURE = Measure("stop", "whether the model stopped by itself", "higher", one_by_one(stop))
