"""Charts of the overview: the burn-down, and counts as lying bars with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import altair as alt
import polars as pl

from curate.locale import Translator
from curate.review.pace import Point

COLOURS = {
    "keep": "#2e8b6f", "drop": "#c4553d", "edit": "#3b78c2", "relabel": "#8a63c4",
    "choose": "#c9922e", "skip": "#9aa0a6", "decided": "#3b78c2", "open": "#c5cbd3",
}  # fmt: skip
DAY = 24 * 3600  # seconds
BAR = 22  # pixels for a line of a bar chart
AT_MOST = 400  # points of a line; more cannot be told apart


def burn_down(points: Sequence[Point], now: Point, t: Translator) -> Any:
    """How many items are open, over time, as a falling staircase that ends now."""
    step = max(1, len(points) // AT_MOST)
    shown = [*points[:-1:step], *points[-1:], now]
    rows = [{"at": datetime.fromtimestamp(one.at, UTC).isoformat(), "n": one.open} for one in shown]
    top = max(one.open + one.decided for one in shown)
    clock = "%H:%M" if now.at - points[0].at < DAY else "%m-%d %H:%M"
    base = alt.Chart(pl.DataFrame(rows)).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(grid=False, tickCount=5, format=clock)),
        y=alt.Y(
            "n:Q",
            title=None,
            stack=None,
            scale=alt.Scale(domain=[0, max(top, 1)]),
            axis=alt.Axis(tickCount=4, format="d"),
        ),
        tooltip=[
            alt.Tooltip("at:T", title=t("Time"), format="%Y-%m-%d %H:%M"),
            alt.Tooltip("n:Q", title=t("Open")),
        ],
    )
    area = base.mark_area(interpolate="step-after", opacity=0.18, color=COLOURS["decided"])
    line = base.mark_line(interpolate="step-after", color=COLOURS["decided"])
    return (area + line).properties(height=190)


def bars(counts: Mapping[str, Mapping[str, int]], kinds: Sequence[str], t: Translator) -> Any:
    """One bar for each name, cut into kinds."""
    used = [kind for kind in kinds if any(of.get(kind) for of in counts.values())]
    rows = [
        {"name": name, "kind": t(kind), "n": of[kind], "nth": used.index(kind)}
        for name, of in counts.items()
        for kind in used
        if of.get(kind)
    ]
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=[t(kind) for kind in used], range=[COLOURS[kind] for kind in used]),
        legend=alt.Legend(orient="top", labelLimit=200),
    )
    return (
        alt.Chart(pl.DataFrame(rows))
        .mark_bar(height=13)
        .encode(
            x=alt.X("n:Q", title=None, axis=alt.Axis(tickMinStep=1, grid=False)),
            y=alt.Y("name:N", title=None, sort=list(counts), axis=alt.Axis(labelLimit=170)),
            color=colour,
            order=alt.Order("nth:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("n:Q", title=" "),
            ],
        )
        .properties(height=alt.Step(BAR))
    )
