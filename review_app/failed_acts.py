"""Failed acts: what a verdict on a failure does, and what is kept of it before it is given.

What a session remembers beyond `acts`: `verdict-REQUEST` (the form that is open) and
`tried-REQUEST` (a draft rule with what it found, or why it cannot be read).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import time
from typing import Any

import streamlit as st

from curate.errors import BadRule
from curate.review.failures import VERDICTS, Answer, answer
from curate.review.writing import NEEDED, PARTS, RECORDS, Tried, digest, try_rule
from curate.store.refusals import Refused, StoreTrouble
from review_app import acts, drafts, walk
from review_app.desk import Desk
from review_app.editing import titles
from review_app.failed_case import EDITED, Failed
from review_app.failed_rule import skeleton

FIELDS: Mapping[str, Sequence[str]] = {
    "reference-wrong": ("reference",),
    "training-records-wrong": ("opens",),
    "coverage-missing": PARTS,
    "under-trained": ("note",),
    "rule-missing": ("rule",),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What trying a draft rule came to."""

    rule: str
    tried: Tried | None
    problem: str = ""


def trace(desk: Desk, seen: Failed) -> None:
    """Go to the first of the records behind the failure; the others follow, then the failure."""
    acts.put_away(desk)
    walk.begin(seen.case)
    acts.following(desk)


def back(desk: Desk) -> None:
    """Return from the records behind a failure before all were looked at."""
    way = walk.walking()
    acts.put_away(desk)
    walk.end()
    if way is not None:
        acts.pick(desk, way.failure)


def chosen(seen: Failed) -> str | None:
    """The verdict whose form is open; the one that text was typed for comes back."""
    draft = st.session_state.get("draft") or {}
    found = st.session_state.get(name(seen, "verdict"), draft.get("verdict"))
    return found if found in VERDICTS else None


def choose(desk: Desk, seen: Failed, verdict: str | None) -> None:
    """Open the form of a verdict; None closes it, and what was typed stays a draft."""
    st.session_state[name(seen, "verdict")] = verdict
    if verdict is None and typed_before(seen):
        keep(desk, seen, None)


def name(seen: Failed, what: str) -> str:
    """The name of a box; another showing of the failure has boxes of its own."""
    return f"{what}-{seen.shown.request_id}"


def beginning(seen: Failed) -> dict[str, Any]:
    """What each box holds before anything is typed."""
    blank: dict[str, Any] = {part: "" for part in (*PARTS, "note")}
    return {
        **blank, "reference": seen.value("reference"), "opens": list(seen.changed),
        "rule": skeleton(seen), **typed_before(seen),
    }  # fmt: skip


def typed_before(seen: Failed) -> Mapping[str, Any]:
    """What the draft holds, by box."""
    draft = st.session_state.get("draft") or {}
    boxes = {one for names in FIELDS.values() for one in names}
    return {one: told for one, told in (draft.get("payload") or {}).items() if one in boxes}


def typed(seen: Failed, verdict: str) -> dict[str, Any]:
    """What the boxes of a verdict hold now."""
    start = beginning(seen)
    return {one: st.session_state.get(name(seen, one), start[one]) for one in FIELDS[verdict]}


def keep(desk: Desk, seen: Failed, verdict: str | None, *, anew: bool = False) -> None:
    """Keep a draft of what the boxes hold; `anew` where the store may hold another by now."""
    now = typed(seen, verdict) if verdict else {}
    draft = {
        "kind": "failure", "verdict": verdict, "payload": {**typed_before(seen), **now},
        "reason": drafts.reason_of(seen.shown),
    }  # fmt: skip
    try:
        drafts.hold(desk, seen.shown, draft, anew=anew)
    except StoreTrouble as trouble:
        acts.tell(desk, trouble)


def tick(desk: Desk, seen: Failed, record_id: str) -> None:
    """Open a training record for review with this verdict, or leave it closed after all."""
    before = typed(seen, "training-records-wrong")["opens"]
    after = [one for one in before if one != record_id]
    st.session_state[name(seen, "opens")] = after if record_id in before else [*after, record_id]
    keep(desk, seen, "training-records-wrong")


def try_it(desk: Desk, seen: Failed) -> None:
    """Run the draft on the whole snapshot."""
    rule = typed(seen, "rule-missing")["rule"]
    try:
        made = Outcome(rule, try_rule(desk.review.report, rule))
    except BadRule as wrong:
        made = Outcome(rule, None, str(wrong))
    st.session_state[name(seen, "tried")] = made


def tried(seen: Failed) -> Outcome | None:
    """What the last try came to, where the rule is still the same."""
    found: Outcome | None = st.session_state.get(name(seen, "tried"))
    same = found is not None and found.rule == typed(seen, "rule-missing")["rule"]
    return found if same else None


def save(desk: Desk, seen: Failed, verdict: str) -> None:
    """Give the verdict and go on; where something is missing the form stays, and says what."""
    given, lacking = ready(desk, seen, verdict)
    if given is None:
        acts.tell(desk, lacking)
        return
    spent = min(acts.LONGEST, time() - st.session_state.get("since", time()))
    try:
        taken = answer(desk.review, seen.shown, replace(given, seconds=round(spent, 1)))
    except (Refused, StoreTrouble) as trouble:
        if isinstance(trouble, Refused):
            keep(desk, seen, verdict, anew=True)
            acts.renew(desk, seen.shown)
        acts.tell(desk, trouble)
        return
    if not taken.again:
        acts.tell(desk, done(desk, given))
    acts.put_away(desk, release=False)


def ready(desk: Desk, seen: Failed, verdict: str) -> tuple[Answer | None, str]:
    """The whole verdict, or what is missing of it."""
    makers: Mapping[str, Callable[[Desk, Failed, Mapping[str, Any]], Answer | str]] = {
        "reference-wrong": edited,
        "training-records-wrong": opening,
        "coverage-missing": written,
        "under-trained": noted,
        "rule-missing": drafted,
    }
    made = makers[verdict](desk, seen, typed(seen, verdict))
    if isinstance(made, str):
        return None, made
    return replace(made, note=made.note or drafts.reason_of(seen.shown)), ""


def edited(desk: Desk, seen: Failed, boxes: Mapping[str, Any]) -> Answer | str:
    """The reference, in other words."""
    old, new = seen.value("reference"), boxes["reference"]
    if new == old:
        return desk.t("The reference is as it was; change it, or choose another verdict.")
    return Answer("reference-wrong", changes={EDITED: {"old": old, "new": new}})


def opening(desk: Desk, seen: Failed, boxes: Mapping[str, Any]) -> Answer | str:
    """The training records that are to be looked at again."""
    if not boxes["opens"]:
        return desk.t("No training record is ticked; press its number.")
    return Answer("training-records-wrong", opens=tuple(boxes["opens"]))


def written(desk: Desk, seen: Failed, boxes: Mapping[str, Any]) -> Answer | str:
    """A new record."""
    parts = part_titles(desk)
    for part in NEEDED:
        if not boxes[part].strip():
            return desk.say("a new record needs its {part}", part=parts[part])
    return Answer("coverage-missing", wrote={part: boxes[part] for part in PARTS if boxes[part]})


def noted(desk: Desk, seen: Failed, boxes: Mapping[str, Any]) -> Answer | str:
    """A note for whoever sets the recipe."""
    if not boxes["note"].strip():
        return desk.t("The note is empty; what is to be changed in the recipe?")
    return Answer("under-trained", note=boxes["note"].strip())


def drafted(desk: Desk, seen: Failed, boxes: Mapping[str, Any]) -> Answer | str:
    """A rule whose finds have been on the screen."""
    before = tried(seen)
    if before is None:
        try_it(desk, seen)
    now = tried(seen)
    if now is None or now.tried is None:
        return desk.t("The rule cannot be read yet; see what is said below it.")
    if before is None:
        return desk.t("Look at what the rule finds, then save it.")
    return Answer("rule-missing", rule=boxes["rule"])


def done(desk: Desk, given: Answer) -> str:
    """What the verdict has led to."""
    folder = "written"
    rule = f"{folder}/rule-{digest(given.rule or '')}.yaml"
    told = {
        "reference-wrong": desk.t("The reference is edited."),
        "training-records-wrong": desk.say("Opened for review: {n}", n=len(given.opens)),
        "coverage-missing": desk.say(
            "The record is in {file} of the workspace; the next audit can read it.",
            file=f"{folder}/{RECORDS}",
        ),
        "under-trained": desk.t("The note is kept; the page Failures lists it."),
        "rule-missing": desk.say(
            "The rule is in {file} of the workspace; the next audit can ask it.", file=rule
        ),
    }
    return told[given.verdict]


def part_titles(desk: Desk) -> dict[str, str]:
    """What the parts of a new record are called."""
    names = titles(desk)
    return {
        "instruction": names["instruction"],
        "input": names["input"],
        "output": names["answer"],
        "system": names["system"],
    }
