"""Choosing: the queue's order and filters, in the sidebar, and how far the queue is."""

from __future__ import annotations

from time import monotonic

import polars as pl
import streamlit as st

from curate.locale import Translator
from curate.review import Review
from curate.review.frames import Filters, spoken
from curate.review.queue import Item
from review_app import acts, failed
from review_app.desk import Desk

FEW = 5_000  # items that are counted anew each time; more are counted every COUNTED seconds
COUNTED = 30.0


def orders(t: Translator) -> dict[str, str]:
    """Orders of the queue, by what a person calls them."""
    return {
        "severity": t("Most severe first"),
        "best": t("Most repaired per minute first"),
        "failure-linked": t("Failures of the model first"),
        "check": t("By check"),
        "uncertainty": t("Least certain first"),
        "disagreement": t("Most disagreement first"),
        "cluster-size": t("Largest cluster first"),
        "oldest": t("In the order of the files"),
    }


def panel(desk: Desk) -> None:
    """Order and filters; a change takes the record away and asks for another."""
    t = desk.t
    known = {**values(desk.review)}
    known["check"] = [*failed.checks(desk), *known["check"]]
    with st.sidebar:
        ordering(desk)
        for kind, title in filters(t).items():
            options = people(desk) if kind == "reviewer" else known[kind]
            if len(options) > 1 or st.session_state.get(f"only-{kind}"):
                st.multiselect(
                    title, options, key=f"only-{kind}", placeholder=t("all"),
                    on_change=afresh, args=(desk,), persist_state="session",
                )  # fmt: skip
        st.toggle(
            t("Only where reviewers differ"), key="differing", on_change=afresh, args=(desk,),
            persist_state="session",
        )  # fmt: skip


def ordering(desk: Desk) -> None:
    """The order; a box of its own in each language, for a browser sends the words it shows."""
    titles = orders(desk.t)
    names = list(titles)
    st.selectbox(
        desk.t("Order"), names, names.index(st.session_state.get("order") or names[0]),
        key=f"order-{desk.locale}", format_func=titles.__getitem__,
        on_change=reorder, args=(desk,),
    )  # fmt: skip


def reorder(desk: Desk) -> None:
    """Another order was chosen."""
    st.session_state["order"] = st.session_state[f"order-{desk.locale}"]
    afresh(desk)


def unfiltered(desk: Desk) -> None:
    """Every filter is taken away, and the order stays."""
    for kind in filters(desk.t):
        st.session_state[f"only-{kind}"] = []
    st.session_state["differing"] = False
    afresh(desk)


def filters(t: Translator) -> dict[str, str]:
    """What one can filter by."""
    return {
        "check": t("Check"),
        "source": t("Source"),
        "language": t("Language of the answer"),
        "label": t("Label"),
        "reviewer": t("Reviewer"),
    }


def afresh(desk: Desk) -> None:
    """Another queue was chosen."""
    chosen = {
        kind: tuple(st.session_state.get(f"only-{kind}") or ())
        for kind in ("check", "source", "language", "label", "reviewer")
    }
    st.session_state["filters"] = Filters(**chosen)
    acts.put_away(desk)


def values(review: Review) -> dict[str, list[str]]:
    """The values of each filter that this report has."""
    return _values(str(review.report.folder), review)


@st.cache_resource(max_entries=4, show_spinner=False)
def _values(folder: str, _review: Review) -> dict[str, list[str]]:
    report = _review.report
    about_records = report.findings.filter(pl.col("record_id").is_not_null())
    labels: set[str] = set()
    for frame in report.snapshot.frames(["label"]):
        labels |= set(frame["label"].drop_nulls())
    return {
        "check": sorted(set(about_records["check"])),
        "source": sorted(set(about_records["source"])),
        "language": spoken(report),
        "label": sorted(labels)[:1000],
    }


def people(desk: Desk) -> list[str]:
    """Everybody who has decided something."""
    standing = desk.review.followed.all().values()
    return sorted({one.reviewer for known in standing for one in known.decisions})


def progress(desk: Desk) -> None:
    """How many of this queue are decided; drawn last, so that nobody waits for it."""
    done, total = counted(desk)
    if total:
        st.progress(min(1.0, done / total), desk.say("{n} of {total} decided", n=done, total=total))


def counted(desk: Desk) -> tuple[int, int]:
    """Decided items and all; of a large queue as it was some seconds ago."""
    review, state = desk.review, st.session_state
    items = review.queue(state.get("order") or "severity", state.get("filters") or Filters())
    name = (id(items), len(items))
    before: tuple[object, float, int] | None = state.get("counted")
    recent = before is not None and monotonic() - before[1] < COUNTED
    if before is not None and before[0] == name and recent and len(items) > FEW:
        return before[2], len(items)
    if "place" not in state or state["place"][0] != name:
        state["place"] = (name, {one: item for item in items for one in item.members})
    place: dict[str, Item] = state["place"][1]
    seen = review.store.read(review.followed.refresh)
    touched = {item.key: item for one in review.followed.all() if (item := place.get(one))}
    done = sum(review.followed.passed(item, seen) for item in touched.values())
    state["counted"] = (name, monotonic(), done)
    return done, len(items)
