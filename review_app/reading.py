"""Reading: a record, its findings and what it is compared with, all as inert text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Literal

import streamlit as st

from curate.assist.beside import beside as made_from
from curate.review.failing import opened_record
from curate.review.shown import Shown
from curate.show.cards import facts, peers
from curate.show.showing import FIELDS
from curate.show.shown import one_line, visible
from curate.store.decision import Decision
from review_app import inert
from review_app.case import OPTIONS, Case
from review_app.desk import Desk
from review_app.editing import titles
from review_app.failed_case import kind_said

LONG = 2_500  # characters of a text shown before one asks for all of it
WHOLE = 1_000_000
TURN = 1_200  # characters of an earlier turn
COLORS: dict[str, Literal["red", "orange", "blue"]] = {
    "error": "red",
    "warn": "orange",
    "info": "blue",
}
WIDEST = 3  # records of a cluster side by side
COMPARED = ("prompt", "answer", "rejected")  # what tells records of a cluster apart


def record(desk: Desk, case: Case) -> None:
    """The conversation, in the order in which a model would read it."""
    turns = case.showing.history(case.record_id, TURN, case.findings)
    told = case.showing.turns_told(case.record_id, case.findings)
    text(desk, case, "system")
    if turns:
        with st.expander(desk.say("Earlier turns: {n}", n=len(turns)), expanded=bool(told)):
            for role, pieces in turns:
                st.caption(role_said(desk, role))
                inert_text(inert.marked(pieces))
    text(desk, case, "prompt")
    text(desk, case, "answer")
    text(desk, case, "rejected")


def text(desk: Desk, case: Case, field: str) -> None:
    """One text with what the findings point at; of a very long one the parts that matter."""
    if field not in FIELDS or (field not in ("prompt", "answer") and not case.record.get(field)):
        return
    whole = f"whole-{field}-{case.shown.request_id}"
    limit = WHOLE if st.session_state.get(whole) else LONG
    pieces = case.showing.text(case.record_id, field, limit, case.findings)
    titled(names(desk)[field], inert.marked(pieces) or desk.t("(empty)"))
    if any(piece.kind == "cut" for piece in pieces) or st.session_state.get(whole):
        st.toggle(desk.t("Show the whole text"), key=whole)


def names(desk: Desk) -> dict[str, str]:
    """What a person calls the texts of a record."""
    return {**titles(desk), "prompt": desk.t("Prompt"), "rejected": desk.t("Rejected answer")}


def titled(title: str, shown: str) -> None:
    """A text under a title of ours."""
    with st.container(gap="xxsmall"):
        st.caption(f"**{title}**")
        inert_text(shown)


def inert_text(shown: str) -> None:
    """Characters, nothing else; with columns kept where they mean something."""
    if inert.laid_out(shown):
        st.code(shown, language=None, wrap_lines=True)
    else:
        right = inert.right_to_left(shown.lstrip(inert.TO_RIGHT))
        st.text(shown, width="stretch", text_alignment="right" if right else "left")


def findings(desk: Desk, case: Case) -> None:
    """Why the record is here, worst first, with what each check proposes."""
    if not case.findings and case.record_id == case.shown.record_id:
        st.caption(desk.t("No check found anything: it was drawn at random from all records."))
    for number, finding in enumerate(case.findings, start=1):
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                severity = finding["severity"]
                st.badge(f"{number} {desk.t(severity)}", color=COLORS[severity])
                st.text(finding["check"])
            st.text(case.showing.message(finding), width="stretch")


def beside(desk: Desk, case: Case) -> None:
    """What the checks propose, what a model wrote it from, and what the findings compare with."""
    for field, proposed in case.suggestions.items():
        st.caption(f"**{desk.t('Suggested')} · {titles(desk)[field]}**")
        st.code(inert.changes(case.value(field), proposed), language="diff", wrap_lines=True)
    for title, told in made_from(case.findings, desk.t):
        st.caption(f"**{title}**")
        st.text(visible(told), width="stretch")
    compared(desk, case)


def compared(desk: Desk, case: Case) -> None:
    """The records that the findings compare with, where none of them is to be chosen."""
    for one in peers(case.findings, case.showing) if not case.cluster else []:
        held_out = one.get("heldout")
        st.caption(desk.t("Evaluation record") if held_out else desk.t("Compared with"))
        st.text(one["where"])
        if one.get("says"):
            inert_text(inert.marked(one["says"]))


def others(desk: Desk, case: Case) -> None:
    """The other records of a cluster, and those that findings compare with, beside an editor."""
    for place in {one.record_id: one for one in case.places[:OPTIONS]}.values():
        if place.record_id != case.record_id:
            st.caption(desk.t("Compared with"))
            st.text(place.named)
            for field in there(case, [case.record_id, place.record_id]):
                told = case.showing.text(place.record_id, field, LONG)
                titled(names(desk)[field], inert.marked(told))
    compared(desk, case)


def options(desk: Desk, case: Case) -> None:
    """The records of a cluster side by side, each with its number."""
    shown = case.places[:OPTIONS]
    shared, own = shared_and_own(case, [place.record_id for place in shown])
    for field in shared:
        told = case.showing.text(shown[0].record_id, field, LONG)
        titled(names(desk)[field], inert.marked(told))
    if own == ["rejected"]:
        st.caption(desk.t("Only the rejected answers differ."))
    if len(case.places) > len(shown):
        left = len(case.places) - len(shown)
        st.caption(desk.say("{n} more are in this cluster; they go unless all are kept.", n=left))
    for start in range(0, len(shown), WIDEST):
        row = shown[start : start + WIDEST]
        for nth, (column, place) in enumerate(zip(st.columns(len(row)), row, strict=True), start):
            with column, st.container(border=True, gap="xsmall"):
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.badge(str(nth + 1), color="gray")
                    st.text(place.named)
                mine = case.findings if place.record_id == case.record_id else ()
                for field in own:
                    told = case.showing.text(place.record_id, field, LONG, mine)
                    titled(names(desk)[field], inert.marked(told))
    differing(desk, case)


def differing(desk: Desk, case: Case) -> None:
    """What tells two records of a cluster apart, where there are two."""
    ids = list(dict.fromkeys(place.record_id for place in case.places))
    if len(ids) != 2:
        return
    for field in COMPARED:
        told = [inert.marked(case.showing.text(one, field, LONG)) for one in ids]
        if changed := inert.changes(*told):
            st.caption(f"**{desk.say('From 1 to 2')} · {names(desk)[field]}**")
            st.code(changed, language="diff", wrap_lines=True)


def shared_and_own(case: Case, ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """The first texts that all these records have in common, and those that each shows itself; of
    copies each shows its answer."""
    fields = list(there(case, ids))
    shared = list(takewhile(lambda field: same(case, ids, field), fields))
    cut = len(shared) if len(shared) < len(fields) else 1
    return fields[:cut], fields[cut:]


def there(case: Case, ids: Sequence[str]) -> Iterator[str]:
    """The texts that tell records apart; a rejected answer where one of them has it."""
    for field in COMPARED:
        if field != "rejected" or any((case.showing.record(one) or {}).get(field) for one in ids):
            yield field


def same(case: Case, ids: Sequence[str], field: str) -> bool:
    """Whether all these records have one text there."""
    return len({(case.showing.record(one) or {}).get(field) for one in ids}) == 1


def about(desk: Desk, case: Case) -> str:
    """One line that helps to find the record again: labels as the data has them."""
    names = {**titles(desk), "origin": desk.t("Origin"), "uid": "ID"}
    told = [f"{names[name]}: {value}" for name, value in facts(case.record_id, case.showing)]
    return "   ".join(told)


def history(desk: Desk, shown: Shown) -> None:
    """What was said about the record; somebody who is to be blind sees only their own."""
    names = (opened_record(shown.record_id), shown.record_id)
    entries = [one for name in names if name for one in desk.review.history(name)]
    if shown.blind:
        entries = [one for one in entries if one.reviewer == desk.reviewer]
        st.caption(desk.t("Another person decides on this record too; their answer stays hidden."))
    if not entries:
        st.caption(desk.t("Nothing was decided on this record yet."))
    undone = {one.undoes for one in entries}
    for one in reversed(entries):
        st.text(entry(desk, one, undone=one.id in undone), width="stretch")


def entry(desk: Desk, one: Decision, *, undone: bool) -> str:
    """One decision on one line: when, who, what, why."""
    when = datetime.fromtimestamp(one.decided_at or 0).astimezone().strftime("%m-%d %H:%M")
    what = desk.t(kind_said(one))
    what = f"{what} ({desk.t('undone')})" if undone else what
    told = [when, one_line(one.reviewer), what]
    if one.reason:
        told.append(visible(one.reason))
    return "  ".join(told)


def role_said(desk: Desk, role: str) -> str:
    """Who spoke an earlier turn; roles of other data stay out of it."""
    known = {
        "user": desk.t("User"),
        "assistant": desk.t("Assistant"),
        "tool": desk.t("Tool"),
        "system": desk.t("System prompt"),
    }
    return known.get(role, "?")
