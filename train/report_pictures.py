"""Pictures of a run, made ready to draw: plain numbers, in percent of a frame."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from train.compare import Difference
from train.report_facts import Facts

Point = tuple[float, float]
TICKS = 4
POINTS = 400  # in one line; a longer one is thinned


def losses(facts: Facts) -> dict[str, Any] | None:
    """The training loss and the dev loss by step; None where no step was told."""
    train = [(line["step"], line["loss"]) for line in facts.metrics if "loss" in line]
    dev = [(line["step"], line["dev_loss"]) for line in facts.metrics if "dev_loss" in line]
    first = facts.mean("baseline", "loss")
    if dev and first is not None:
        dev = [(0, first), *dev]
    points = [point for point in (*train, *dev) if all(map(math.isfinite, point))]
    if not points:
        return None
    last = max(step for step, _ in points)
    top = ceiling(max(loss for _, loss in points))
    return {
        "train": line(train, last, top),
        "dev": line(dev, last, top),
        "dots": placed(dev, last, top) if len(dev) <= 40 else [],
        "ticks": [(top * n / TICKS, 100 - 100 * n / TICKS) for n in range(TICKS + 1)],
        "last": last,
        "from": train[0][1] if train else None,
        "to": train[-1][1] if train else None,
        "dev_from": dev[0][1] if dev else None,
        "dev_to": dev[-1][1] if dev else None,
    }


def ceiling(value: float) -> float:
    """The next round number above: 1, 2, 2.5, 4, 5, 6 or 8 times a power of ten."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(n * unit for n in (1, 2, 2.5, 4, 5, 6, 8, 10) if n * unit >= value)


def placed(points: Sequence[Point], last: float, top: float) -> list[Point]:
    """Points in percent of the frame, from its left and from its top."""
    return [
        (100 * step / max(last, 1), 100 - 100 * loss / top)
        for step, loss in points
        if math.isfinite(loss)
    ]


def line(points: Sequence[Point], last: float, top: float) -> str:
    """Points for a polyline."""
    step = max(1, math.ceil(len(points) / POINTS))
    thinned = [*points[:-1:step], *points[-1:]]
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in placed(thinned, last, top))


def whisker(one: Difference) -> dict[str, float] | None:
    """The interval of a difference, in percent of a strip with 0 in its middle."""
    if one.low is None or one.high is None:
        return None
    most = max(abs(one.low), abs(one.high)) or 1.0
    return {
        "low": 50 + 46 * one.low / most,
        "high": 50 + 46 * one.high / most,
        "at": 50 + 46 * (one.after - one.before) / most,
    }


def bars(counts: Mapping[str, int], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of a bar chart, longest first."""
    most = max(counts.values(), default=1)
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [
        {"name": names.get(name, name), "count": count, "width": 100 * count / most}
        for name, count in ordered
    ]
