"""Failed counts: how many failures each run brought, and what people said of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import streamlit as st

from curate.review.failing import about
from curate.review.failures import VERDICTS, recipe_notes
from curate.show.shown import one_line, visible
from curate.store import failures as kept
from curate.store.database import Connection
from curate.store.decision import Decision
from curate.store.failures import Failure, Run
from review_app.desk import Desk
from review_app.failed_reading import titles
from review_app.telling import moment, title

RUNS = 10  # the newest ones


def overview(desk: Desk) -> None:
    """One line for each run; nothing where none was taken in."""
    runs = desk.review.store.read(kept.all_runs)[:RUNS]
    if runs:
        title(desk.t("Failures of trained models"))
        said = spoken(desk)
        st.dataframe([row(desk, run, said) for run in runs], hide_index=True)


def row(desk: Desk, run: Run, said: dict[str, str]) -> dict[str, Any]:
    """How far the failures of one run are."""
    t = desk.t

    def work(on: Connection) -> list[Failure]:
        return kept.of_run(on, run.run_id)

    found = desk.review.store.read(work)
    given = Counter(said[one.key] for one in found if one.key in said)
    gone = sum(one.gone_in is not None and one.key not in said for one in found)
    return {
        t("Run"): one_line(run.name),
        t("Time"): moment(run.taken_in_at),
        t("Failures"): len(found),
        t("open"): len(found) - given.total() - gone,
        t("no longer failing"): gone,
        **{short: given[verdict] for verdict, short in titles(desk).items()},
    }


def spoken(desk: Desk) -> dict[str, str]:
    """The verdict in force on each failure, by the id under which it was decided."""
    answers: list[Decision] = desk.review.store.read(kept.answers)
    return {
        one.record_id: about(one)["verdict"]
        for one in answers
        if about(one).get("verdict") in VERDICTS
    }


def notes(desk: Desk) -> None:
    """What is to be changed in the recipe, in people's words."""
    told = recipe_notes(desk.review.store)
    if told:
        with st.expander(desk.say("Notes for the recipe: {n}", n=len(told))):
            for one in told:
                st.text(f"· {visible(one)}", width="stretch")
