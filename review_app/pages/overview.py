"""Overview: how far the review is, who decided what, how well people agree, and how bad it is."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import streamlit as st

from curate.content.agreement import Alpha
from curate.review import figures, pace, stopping
from curate.review.figures import Agreement, Between, Progress, Rate
from curate.review.likeness import Interval
from curate.review.pace import Point, Tally
from curate.review.settings import change
from curate.store import decisions
from curate.store.decision import VERDICTS
from review_app import charts, failed_counts
from review_app.desk import Desk
from review_app.telling import figure, share, shared, title, within

KINDS = (*VERDICTS, "skip")
LIKE_THIS = 15  # checks in a chart; the rest is in the table


def page(desk: Desk) -> None:
    """Draw the page."""
    now = figures.progress(desk.review)
    done = pace.tally(desk.review)
    found = figures.agreement_of(desk.review)
    headline(desk, now, done, found, figures.bad_rate(desk.review))
    for line in stopping_said(desk):
        st.caption(line)
    failed_counts.overview(desk)
    left, right = st.columns([3, 2], gap="large")
    with left:
        over_time(desk, now)
    with right:
        by_reviewer(desk, done)
    by_check(desk, now, done)
    agreement(desk, found)
    for_everybody(desk)


def twice(desk: Desk, found: Agreement) -> str:
    """How many two people decided, and between what their agreement lies."""
    if found.range is None:
        return desk.say("{n} decided twice", n=found.items)
    low, high = map(share, found.range)
    return desk.say("{low} to {high}, from {n}", low=low, high=high, n=found.items)


def headline(desk: Desk, now: Progress, done: Tally, found: Agreement, rate: Rate) -> None:
    """The five figures that one looks for first."""
    t, decided = desk.t, now.states.get("done", 0)
    tiles = st.columns(5)
    tiles[0].metric(
        t("Decided"),
        f"{decided} / {now.items}",
        desk.say("{n} open", n=now.items - decided),
        delta_color="off", delta_arrow="off", border=True,
    )  # fmt: skip
    tiles[1].metric(
        t("Reviewers differ"),
        str(now.states.get("conflict", 0)),
        t("wait for a last word"),
        delta_color="off", delta_arrow="off", border=True,
        help=t("Records on which two people came to different verdicts."),
    )  # fmt: skip
    tiles[2].metric(
        t("Agreement"),
        share(found.percent),
        twice(desk, found),
        delta_color="off", delta_arrow="off", border=True,
        help=t("How often two people who decided without seeing each other said the same."),
    )  # fmt: skip
    tiles[3].metric(
        t("Estimated bad"),
        share(rate.value),
        told(desk, rate),
        delta_color="off", delta_arrow="off", border=True,
        help=t("Share of all records that people would drop or change, by those drawn at random."),
    )  # fmt: skip
    tiles[4].metric(
        t("Seconds per record"),
        figure(done.median_seconds, 1),
        t("median"),
        delta_color="off", delta_arrow="off", border=True,
    )  # fmt: skip
    st.progress(decided / now.items if now.items else 1.0)


def told(desk: Desk, rate: Rate) -> str:
    """The interval of the estimated share, or that there is none yet."""
    if rate.low is None:
        return desk.t("none decided yet")
    return desk.say(
        "{low} to {high}, from {n}", low=share(rate.low), high=share(rate.high), n=rate.sample
    )


def stopping_said(desk: Desk) -> list[str]:
    """Whether one may stop reading, worked out again only when the log has grown."""
    key = (desk.review.report.folder.name, desk.review.store.read(decisions.newest), desk.locale)
    kept: tuple[Any, list[str]] | None = st.session_state.get("stopping")
    if kept is None or kept[0] != key:
        kept = (key, stopping.left_of(desk.review).told(desk.t))
        st.session_state["stopping"] = kept
    return kept[1]


def over_time(desk: Desk, now: Progress) -> None:
    """The burn-down."""
    title(desk.t("Still open"))
    points = burned(desk)
    if not points:
        st.caption(desk.t("Nothing is decided yet."))
        return
    last = Point(time.time(), now.states.get("done", 0), points[-1].open)
    # While nobody works, the last decision is where the picture ends.
    end = last if last.at - points[-1].at < 3600 else points[-1]
    st.altair_chart(charts.burn_down(points, end, desk.t), width="stretch")


def burned(desk: Desk) -> list[Point]:
    """The burn-down's points, worked out again only when the log has grown."""
    newest = desk.review.store.read(decisions.newest)
    kept: tuple[Any, list[Point]] | None = st.session_state.get("burned")
    key = (desk.review.report.folder.name, newest)
    if kept is None or kept[0] != key:
        kept = (key, pace.burn_down(desk.review))
        st.session_state["burned"] = kept
    return kept[1]


def by_reviewer(desk: Desk, done: Tally) -> None:
    """Who decided how much, and what."""
    title(desk.t("Decisions by reviewer"))
    if not done.by_reviewer:
        st.caption(desk.t("Nobody has decided anything yet."))
        return
    st.altair_chart(charts.bars(done.by_reviewer, KINDS, desk.t), width="stretch")
    st.dataframe(
        [
            {
                desk.t("Reviewer"): name,
                desk.t("Decisions"): counts.total(),
                desk.t("Median seconds"): figure(done.seconds.get(name), 1),
            }
            for name, counts in done.by_reviewer.items()
        ],
        hide_index=True,
    )


def by_check(desk: Desk, now: Progress, done: Tally) -> None:
    """How far each check's findings are, and what people said of them."""
    t = desk.t
    title(t("Decisions by check"))
    ordered = sorted(now.checks, key=lambda name: (-now.checks[name][1], name))
    decided: Mapping[str, Mapping[str, int]] = {
        name: {"decided": now.checks[name][0], "open": now.checks[name][1] - now.checks[name][0]}
        for name in ordered[:LIKE_THIS]
    }
    if not decided:
        st.caption(t("No check has found anything."))
        return
    said = defaultdict(Counter[str], done.by_check)
    left, right = st.columns(2, gap="large")
    left.altair_chart(charts.bars(decided, ("decided", "open"), t), width="stretch")
    right.dataframe(
        [
            {
                t("Check"): name,
                t("decided"): now.checks[name][0],
                t("of"): now.checks[name][1],
                **{t(kind): said[name][kind] for kind in VERDICTS},
            }
            for name in ordered
        ],
        hide_index=True,
    )


def agreement(desk: Desk, found: Agreement) -> None:
    """How well people agree: in all, by pair and by check."""
    t = desk.t
    title(t("Agreement"))
    if found.percent is None:
        st.caption(t("No record has been decided by two people yet; set a share of them below."))
        return
    st.dataframe(
        [
            row(desk, t("all"), found),
            *(row(desk, name, of) for name, of in figures.agreement_by_check(desk.review).items()),
        ],
        hide_index=True,
    )
    st.dataframe(
        [
            {
                t("Pair"): f"{one.pair.one} · {one.pair.other}",
                t("Records"): one.pair.items,
                t("Same"): shared(one.pair.percent, one.range),
                t("Cohen's kappa"): beyond_chance(one, one.pair.kappa, one.kappa),
                t("Krippendorff's alpha"): beyond_chance(one, one.alpha.value, one.alpha),
                t("chrF of edits"): figure(one.edits.chrf, 1),
            }
            for one in found.between
        ],
        hide_index=True,
    )


def row(desk: Desk, name: str, of: Agreement) -> dict[str, Any]:
    """One line of the table by check."""
    t = desk.t
    return {
        t("Check"): name,
        t("Records"): of.items,
        t("Same"): shared(of.percent, of.range),
        t("Same kind"): share(of.kinds),
        t("Cohen's kappa"): beyond_chance(of, of.kappa, of.sure),
        t("Krippendorff's alpha"): beyond_chance(of, of.alpha.value, of.alpha),
        t("chrF of edits"): figure(of.edits.chrf, 1),
    }


def beyond_chance(among: Agreement | Between, value: float | None, of: Interval | Alpha) -> str:
    """Kappa or alpha with its interval; a dash on so few records that it says nothing."""
    return within(value, of.low, of.high) if among.enough else figure(None)


def for_everybody(desk: Desk) -> None:
    """What is set for all who work on this review, and can be changed here."""
    t, now = desk.t, desk.review.settings
    with st.expander(t("Settings for everybody"), icon=":material/tune:"), st.form("settings"):
        left, right = st.columns(2)
        twice = left.slider(
            t("Decided by two people who do not see each other (% of records)"),
            0, 100, round(100 * now.double_share), step=5,
        )  # fmt: skip
        random = right.slider(
            t("Drawn at random from all records (% of what is shown)"),
            0, 50, round(100 * now.control_share), step=5,
        )  # fmt: skip
        if st.form_submit_button(t("Save")):
            change(desk.review.store, "double_share", twice / 100)
            change(desk.review.store, "control_share", random / 100)
            st.rerun()
