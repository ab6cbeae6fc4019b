"""The review app: `curate review` starts it, one script run for each thing a person does."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import streamlit as st

from curate import workspace as workspaces
from curate.errors import CurateError
from curate.locale import LOCALES, Translator, translator
from curate.review import Review, open_review
from curate.store.refusals import StoreTrouble
from curate.workspace import Workspace
from review_app import signin
from review_app.desk import Desk

ICON = Path(__file__).with_name("icon.png")  # a named one would be fetched from elsewhere
LANGUAGES = {"en": "English", "ja": "日本語"}


def main() -> None:
    """Draw the page that is asked for."""
    st.set_page_config(page_title="curate", page_icon=str(ICON), layout="wide")
    locale = language()
    t = translator(locale)
    reviewer = signin.reviewer(t)
    pages = {
        name: st.Page(
            partial(turn, name), title=title, icon=icon, url_path=name, default=name == "review"
        )
        for name, title, icon in titles(t)
    }
    st.session_state["pages"] = pages  # for ways from one page to another
    chosen = st.navigation([*pages.values()], position="top" if reviewer else "hidden")
    where = workspaces.find(named_workspace())
    if reviewer is None:
        signin.ask(t)
        with suppress(CurateError):  # it is told once somebody is there
            latest(where).queue()  # read while the name is typed, so that nobody waits for it
        return
    signin.leave(t, reviewer)
    try:
        at_desk(t, locale, reviewer, where, chosen.run)
    except StoreTrouble as trouble:
        st.container(border=True).text(t(trouble.says).format(**trouble.args_said), width="stretch")
        st.button(t("Try again"))


def at_desk(
    t: Translator, locale: str, reviewer: str, where: Workspace, draw: Callable[[], None]
) -> None:
    """Put the review on the desk and draw the page; StoreTrouble where the store fails."""
    try:
        review = latest(where)
    except StoreTrouble:
        raise
    except CurateError as error:
        st.error(t("There is nothing to review yet: run curate audit SOURCE first."))
        st.code(str(error), language=None)
        return
    t = translator(locale, review.report.document.get("sentences"))
    st.session_state["desk"] = Desk(review, reviewer, t, locale, where)
    draw()


def titles(t: Translator) -> list[tuple[str, str, str]]:
    """Name, title and icon of every page that there is."""
    known = [
        ("review", t("Review"), ":material/rate_review:"),
        ("overview", t("Overview"), ":material/monitoring:"),
        ("bulk", t("Bulk decisions"), ":material/done_all:"),
        ("history", t("History"), ":material/history:"),
        ("failures", t("Failures"), ":material/running_with_errors:"),
        ("guidelines", t("Guidelines"), ":material/menu_book:"),
    ]
    return [one for one in known if find_spec(f"review_app.pages.{one[0]}")]


def turn(name: str) -> None:
    """Draw one page."""
    draw: Callable[[Desk], None] = import_module(f"review_app.pages.{name}").page
    draw(st.session_state["desk"])


def language() -> str:
    """The switch between languages, kept in the address so that a reload stays in it."""
    asked = st.query_params.get("lang", os.environ.get("CURATE_LOCALE"))
    chosen: str = st.sidebar.segmented_control(
        "Language · 言語", LOCALES, default=asked if asked in LOCALES else LOCALES[0],
        required=True, key="lang", format_func=LANGUAGES.__getitem__,
        label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    if chosen != asked:
        st.query_params["lang"] = chosen
    return chosen


def named_workspace() -> Path | None:
    """The folder that `curate review --workspace` named."""
    named = os.environ.get("CURATE_WORKSPACE")
    return Path(named) if named else None


def latest(where: Workspace) -> Review:
    """The review of the newest audit: one for the whole server, a new one after a new audit."""
    return opened(str(where.path), str(where.latest_audit()))


@st.cache_resource(max_entries=4, show_spinner=False)
def opened(path: str, audit: str) -> Review:
    """One review for all sessions; `audit` names which, so that a new one is opened anew."""
    return open_review(Workspace(Path(path)))


main()
