"""Bulk: many records in one act, chosen by filters or a policy, counted before, undone at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Literal

import polars as pl
import streamlit as st

from curate.errors import CurateError
from curate.review import lookup, policy
from curate.review.frames import Filters, spoken
from curate.review.policy import BULK, KEEP, Plan
from curate.show.showing import Showing, where
from curate.show.shown import visible
from curate.store.refusals import Refused
from review_app.desk import Desk
from review_app.telling import moment, title

PREVIEW = 50  # records shown before they are decided
BEGINNING = 160  # characters of a text in the preview
ACTS = 20  # acts listed

Change = Callable[[int], Plan]
Shown = Literal["visible", "collapsed"]  # a title


def page(desk: Desk) -> None:
    """Draw the page."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        ways = {"records": desk.t("By filter"), "policy": desk.t("By policy")}
        way = segments(desk, "way", desk.t("How"), ways, shown="collapsed")
        if way == "records":
            by_filter(desk)
        else:
            by_policy(desk)
    with right:
        acts(desk)


def by_filter(desk: Desk) -> None:
    """Keep or drop what the filters let through."""
    t = desk.t
    everything = lookup.flagged(desk.review)
    filters = asked(desk, everything)
    kind = segments(desk, "kind", t("Decision"), {kind: t(kind) for kind in BULK})
    if not filters.active:
        st.caption(t("Choose at least one filter."))
        return
    found = lookup.flagged(desk.review, filters)
    ids = list(dict.fromkeys(found["record_id"]))
    plan = policy.bulk(desk.review, ids, kind, desk.reviewer)
    reason = st.text_input(t("Reason"), key="reason", placeholder=t("written in the log"))
    confirm(
        desk,
        plan,
        lambda n: policy.bulk(desk.review, ids, kind, desk.reviewer, n, reason or None),
    )
    preview(desk, found, {one.record_id for one in plan.decisions})


def segments(
    desk: Desk, name: str, title: str, options: Mapping[str, str], shown: Shown = "visible"
) -> str:
    """One of a few, the first at first; a box of its own in each language, as words are sent."""
    found: str = st.segmented_control(
        title, list(options), default=st.session_state.get(name, next(iter(options))),
        required=True, format_func=options.__getitem__, label_visibility=shown,
        key=f"{name}-{desk.locale}",
    )  # fmt: skip
    st.session_state[name] = found  # another language goes on from there
    return found


def asked(desk: Desk, everything: pl.DataFrame) -> Filters:
    """The filters that are set."""
    t = desk.t
    checks = sorted(set(everything["checks"].explode().drop_nulls()))
    first, second = st.columns(2)
    return Filters(
        **{
            kind: tuple(column.multiselect(title, known, key=f"bulk-{kind}", placeholder=t("any")))
            for kind, column, title, known in (
                ("check", first, t("Check"), checks),
                ("source", second, t("Source"), sorted(set(everything["source"]))),
                ("language", first, t("Language of the answer"), spoken(desk.review.report)),
                ("label", second, t("Label"), labels(desk)),
            )
        }
    )


def labels(desk: Desk) -> list[str]:
    """The labels that records carry."""
    frames = desk.review.report.snapshot.frames(["label"])
    return sorted(set(pl.concat(frames)["label"].drop_nulls()))


def preview(desk: Desk, found: pl.DataFrame, wanted: set[str]) -> None:
    """The first of the records that would be decided."""
    t = desk.t
    if not wanted:
        st.caption(t("Nothing is left to decide here: every record was decided, or none is found."))
        return
    shown = found.filter(pl.col("record_id").is_in(list(wanted))).head(PREVIEW)
    showing = Showing(desk.review.report, desk.locale, shown["record_id"])
    st.dataframe(
        [
            {
                t("Place"): where(one["source"], one["line"]),
                t("Checks"): ", ".join(one["checks"]),
                t("Prompt"): beginning(showing, one["record_id"], "prompt"),
                t("Answer"): beginning(showing, one["record_id"], "answer"),
            }
            for one in shown.iter_rows(named=True)
        ],
        hide_index=True, height=260,
    )  # fmt: skip


def beginning(showing: Showing, record_id: str, field: str) -> str:
    """How a text begins, private values masked."""
    pieces = showing.text(record_id, field, BEGINNING)
    return " ".join("".join(one.text for one in pieces if one.kind != "cut").split())


def by_policy(desk: Desk) -> None:
    """Let a policy answer all findings of a check."""
    t = desk.t
    everything = lookup.flagged(desk.review)
    checks = sorted(set(everything["checks"].explode().drop_nulls()))
    if not checks:
        st.caption(t("No check has found anything."))
        return
    check = st.selectbox(t("Check"), checks, key="policy-check")
    ways = {way: t(says) for way, says in KEEP.items()}
    keep = st.radio(
        t("Policy"), list(ways), list(ways).index(st.session_state.get("keep", next(iter(ways)))),
        format_func=ways.__getitem__, key=f"keep-{desk.locale}",
    )  # fmt: skip
    st.session_state["keep"] = keep
    st.caption(t("A policy never speaks against a person, and other findings still wait for one."))
    try:
        plan = policy.decide(desk.review, check, keep, desk.reviewer, dry_run=True)
    except CurateError:
        st.warning(t("This check names no survivor: choose in review, or let all stay or go."))
        return

    def switch_on(expected: int) -> Plan:
        now = policy.decide(desk.review, check, keep, desk.reviewer, dry_run=True)
        if len(now.decisions) != expected:
            raise Refused(
                says="{expected} records were counted, now there are {n}; look again and repeat",
                expected=expected,
                n=len(now.decisions),
            )
        return policy.decide(desk.review, check, keep, desk.reviewer)

    confirm(desk, plan, switch_on)
    wanted = {one.record_id for one in plan.decisions}
    preview(desk, everything.filter(pl.col("checks").list.contains(check)), wanted)


def confirm(desk: Desk, plan: Plan, change: Change) -> None:
    """Say how many; only who types that number changes anything."""
    t, n = desk.t, len(plan.decisions)
    told = {"n": n, "drops": plan.drops, "left": plan.left}
    st.text(desk.say("To decide: {n}. That go: {drops}. Left alone: {left}.", **told))
    if not n:
        return
    form = st.form("confirm", clear_on_submit=True, border=False)
    with form.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(desk.say("Type {n} to confirm", n=n), key="typed", width=220)
        sent = st.form_submit_button(t("Decide"), type="primary")
    if not sent:
        return
    if unicodedata.normalize("NFKC", typed).strip() != str(n):
        st.warning(t("That is not the number; nothing was recorded."))
        return
    try:
        done = change(n)
    except Refused as refused:
        st.warning(desk.say(refused.says, **refused.args_said))
        return
    st.session_state["told"] = {"n": len(done.decisions)}
    st.rerun()


def acts(desk: Desk) -> None:
    """What was done at once, and its undo."""
    t = desk.t
    title(t("Done at once"))
    done: dict[str, Any] | None = st.session_state.pop("told", None)
    if done is not None:
        st.success(desk.say("Recorded: {n}. It can be undone below.", **done))
    known = lookup.large_acts(desk.review)
    if not known:
        st.caption(t("Nothing yet. Each act stands here and can be undone as a whole."))
    for act in known[:ACTS]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            what = act.policy or t(act.kind)
            told = f"{what} · {act.records}\n{visible(act.reviewer)} · {moment(act.at)}"
            st.text(told, width="stretch")
            if act.undone:
                st.text(t("undone"))
            elif st.button(t("Undo"), key=act.name, icon=":material/undo:"):
                desk.review.revert([act.name], desk.reviewer)
                st.rerun()
