"""Guidelines: what the team has agreed to go by, written here, every version kept."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from curate.store import guidelines, notes
from curate.store.database import Connection
from curate.store.guidelines import Guideline
from curate.store.refusals import Refused, StoreTrouble
from review_app import acts
from review_app.desk import Desk
from review_app.keyboard import listen
from review_app.telling import moment, title, told

TALL = 440  # pixels of the box one writes in
DRAFT = "guidelines"  # what a draft of the next version is kept under; no record has such an id


def page(desk: Desk) -> None:
    """Draw the page."""
    told()
    known = desk.review.store.read(guidelines.versions)
    if draft := drafted(desk):
        st.session_state.setdefault("writing", draft["after"] + 1)
    left, right = st.columns([3, 2], gap="large")
    with left:
        if st.session_state.get("writing"):
            writing(desk, known[0] if known else None)
        else:
            reading(desk, known)
    with right:
        title(desk.t("Versions"))
        versions(desk, known)
    listen()


def reading(desk: Desk, known: list[Guideline]) -> None:
    """The version that holds, and the way to the next one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title(desk.t("Guidelines"))
        if st.button(desk.t("Edit"), icon=":material/edit:", key="write"):
            st.session_state["writing"] = known[0].version if known else 0
            st.session_state["writing"] += 1  # the version that will be written
            st.rerun()
    if not known:
        st.caption(desk.t("Nothing is written yet: what is a good answer, and what has to go?"))
        return
    with st.container(border=True):
        st.markdown(without_images(known[0].text))


def writing(desk: Desk, now: Guideline | None) -> None:
    """The text in a box, with what it says on the page under it."""
    title(desk.t("Edit the guidelines"))
    before = now.text if now else ""
    text = st.text_area(
        desk.t("Text (Markdown)"), value=drafted(desk).get("text", before), height=TALL,
        key="guideline", on_change=autosave, args=(desk,),
        placeholder=desk.t("What is a good answer? What is dropped? How is it worded?"),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button(desk.t("Save"), type="primary", key="save")
        st.button(desk.t("Cancel"), key="cancel", on_click=acts.attempt,
                  args=(partial(cancelled, desk),))  # fmt: skip
        st.caption(desk.t("What you type is kept as a draft every few seconds."))
    if save and text.strip():
        saved(desk, text)
    with st.container(border=True):
        st.markdown(without_images(text))


def drafted(desk: Desk) -> Mapping[str, Any]:
    """What this person had typed, and after which version; empty where there is nothing."""
    read = partial(notes.draft, record_id=DRAFT, reviewer=desk.reviewer)
    return desk.review.store.read(read) or {}


def autosave(desk: Desk) -> None:
    """Keep a draft of what the box holds."""
    store = desk.review.store
    typed = {"text": st.session_state["guideline"], "after": st.session_state["writing"] - 1}
    keep = partial(notes.keep_draft, store, record_id=DRAFT, reviewer=desk.reviewer, payload=typed)
    acts.attempt(lambda: store.write(keep))


def cancelled(desk: Desk) -> None:
    """Forget what was typed."""
    drop = partial(notes.drop_draft, record_id=DRAFT, reviewer=desk.reviewer)
    desk.review.store.write(drop)
    st.session_state.pop("writing")


def saved(desk: Desk, text: str) -> None:
    """Write the version; where somebody else was faster, say so and keep what was typed."""
    after = st.session_state["writing"] - 1
    try:
        desk.review.store.write(partial(written, desk, text, after))
    except Refused as refused:
        st.error(desk.t("Somebody else saved a version while you wrote. Yours is still here."))
        st.text(desk.say(refused.says, **refused.args_said))
        # Their version is in view beside this one: saving again is then an informed choice.
        st.session_state["writing"] = refused.args_said["version"] + 1
        return
    except StoreTrouble as trouble:
        st.error(desk.say(trouble.says, **trouble.args_said))
        return
    st.session_state.pop("writing")
    st.rerun()


def written(desk: Desk, text: str, after: int, on: Connection) -> None:
    """The version, and with it the end of its draft."""
    guidelines.write(desk.review.store, on, text, desk.reviewer, after)
    notes.drop_draft(on, DRAFT, desk.reviewer)


def versions(desk: Desk, known: list[Guideline]) -> None:
    """Who wrote what and when, and how two versions differ."""
    t = desk.t
    if not known:
        st.caption(t("Every version is kept, with who wrote it and when."))
        return
    st.dataframe(
        [
            {
                t("Version"): one.version,
                t("Written"): moment(one.written_at),
                t("By"): one.reviewer,
                t("Characters"): len(one.text),
            }
            for one in known
        ],
        hide_index=True,
        height="content" if len(known) < 8 else 300,
    )
    numbers = [one.version for one in known]
    before, after = st.columns(2)
    old = before.selectbox(t("Compare version"), numbers, index=min(1, len(numbers) - 1))
    new = after.selectbox(t("with version"), numbers, index=0)
    texts = {one.version: one.text for one in known}
    told = differences(texts[old], texts[new])
    if told:
        st.code(told, language="diff", wrap_lines=True)
    else:
        st.caption(t("The two versions are the same."))


def differences(before: str, after: str) -> str:
    """Lines that went and came, with two lines around them; empty where there are none."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def without_images(text: str) -> str:
    """Markdown in which no image can begin, so that reading it asks nothing of any server."""
    return text.replace("![", "!\\[")
