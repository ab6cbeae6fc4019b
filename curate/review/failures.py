"""Failures in review: what is to be done about what a model got wrong.

    shown = review.claim("mika", order="failure-linked")
    case = failing.case_of(review.store, shown.record_id)      None: an ordinary record
    answer(review, shown, Answer("reference-wrong", changes={"answer": {"old": …, "new": …}}))
    answer_opened(review, shown, "drop")         for a record that such a verdict has opened

A failure is decided under an id of its own (`Failure.key`), so that what was decided on its record
before stays in force until the verdict changes it, and one undo takes back the verdict with all
its effects. The verdicts are in VERDICTS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from curate.errors import unknown
from curate.review.deciding import decided
from curate.review.failing import Case, about, case_of
from curate.review.frames import FAILED, OPENED
from curate.review.review import Review
from curate.review.shown import Shown, Taken, Verdict
from curate.review.writing import draft_rule, new_record, save_drafts, where_of
from curate.store import decisions
from curate.store import failures as kept
from curate.store.database import Connection, Store
from curate.store.decision import CHANGING, Decision
from curate.store.decision import VERDICTS as KINDS
from curate.store.refusals import Refused
from curate.store.standing import standings

VERDICTS = {
    "reference-wrong": "the reference is wrong, and is edited",
    "training-records-wrong": "training records taught it, and are opened for review",
    "coverage-missing": "no record teaches it, and one is written",
    "under-trained": "the data is right, and the recipe is to be changed",
    "rule-missing": "a rule should have found it, and is drafted",
}


PROMPTS = ("instruction", "input", "system", "prompt")  # copies may ask in other words


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict on a failure, with what its effect needs."""

    verdict: str
    changes: Mapping[str, Any] = field(default_factory=dict)  # reference-wrong, as in an edit
    opens: Sequence[str] = ()  # training-records-wrong: ids of neighbours
    wrote: Mapping[str, str] | None = None  # coverage-missing: instruction, input, output, system
    rule: str | None = None  # rule-missing: the YAML of the draft
    note: str | None = None  # under-trained, and whatever else there is to say
    seconds: float | None = None


def answer(review: Review, shown: Shown, given: Answer) -> Taken:
    """Record a verdict on a failure and carry out its effect; Refused where it lacks something."""
    case = case_of(review.store, shown.record_id)
    if case is None:
        raise Refused(says="{record} is no failure of a model", record=shown.record_id)
    _complete(case, given)
    told: dict[str, Any] = {
        "run": case.failure.run_id, "record_id": case.failure.record_id,
        "verdict": given.verdict, "opens": list(given.opens), "note": given.note,
    }  # fmt: skip
    if given.wrote is not None:
        told["wrote"] = new_record(review, case.run.approved, given.wrote)
    if given.rule is not None:
        told["rule"] = draft_rule(given.rule)
    payload = {"changes": {"failure": {"old": None, "new": given.verdict}}, "failure": told}
    said = Verdict("relabel", payload, given.note, given.seconds)

    def effects(on: Connection) -> Iterator[Decision]:
        if given.verdict == "reference-wrong":
            verdict = Verdict("edit", {"changes": given.changes}, given.note)
            meant = [case.failure.record_id]
            yield _final(shown, on, case.failure.first_id, verdict, FAILED, meant)

    taken = _taken(review, shown, said, effects)
    save_drafts(review.store, where_of(review))
    return taken


def answer_opened(
    review: Review,
    shown: Shown,
    kind: str,
    changes: Mapping[str, Any] | None = None,
    reason: str | None = None,
    seconds: float | None = None,
    *,
    behind: str | None = None,
    copies: Sequence[str] = (),
) -> Taken:
    """Decide on a training record that was opened: keep leaves it as it was decided before.

    `behind` is the dev record whose failure led to it. What is said of it, or of its answer, holds
    for its `copies` too.
    """
    record_id = kept.record_of(shown.record_id)
    verdict = Verdict(kind, {"changes": dict(changes)} if changes else {}, reason, seconds)

    def effects(on: Connection) -> Iterator[Decision]:
        if kind == "keep":
            return
        opening = [one for one in kept.answers(on) if record_id in about(one).get("opens", ())]
        named = {str(about(one)["record_id"]) for one in opening} | ({behind} if behind else set())
        for nth, one in enumerate([record_id, *copies]):
            said = of_copy(review, one, verdict) if nth else verdict
            if said is not None:
                made = _final(shown, on, one, said, OPENED, sorted(named))
                yield replace(made, request_id=f"{made.request_id}/{nth}") if nth else made

    return _taken(review, shown, verdict, effects)


def of_copy(review: Review, record_id: str, said: Verdict) -> Verdict | None:
    """The same verdict on a copy, whose own texts it changes; None where it says nothing of it."""
    if said.kind not in CHANGING:
        return said
    record = review.report.record(record_id) or {}
    changes = {
        name: {"old": record.get(name), "new": change["new"]}
        for name, change in said.payload["changes"].items()
        if name not in PROMPTS and record.get(name) != change["new"]
    }
    return replace(said, payload={"changes": changes}) if changes else None


def recipe_notes(store: Store) -> list[str]:
    """What reviewers said of failures that the data is not to blame for, oldest first."""
    told = store.read(kept.answers)
    return [
        str(about(one)["note"])
        for one in told
        if about(one).get("verdict") == "under-trained" and about(one).get("note")
    ]


def _complete(case: Case, given: Answer) -> None:
    """Refused where a verdict lacks what its effect needs."""
    if given.verdict not in VERDICTS:
        problem = unknown("verdict on a failure", given.verdict, VERDICTS)
        raise Refused(says="{problem}", problem=problem)
    needs = {
        "reference-wrong": given.changes,
        "training-records-wrong": given.opens,
        "coverage-missing": given.wrote,
        "under-trained": given.note,
        "rule-missing": given.rule,
    }
    if not needs[given.verdict]:
        raise Refused(
            says="{verdict} needs what is to be done: an edit, records, a new record, a note "
            "or a rule",
            verdict=given.verdict,
        )
    if given.verdict == "reference-wrong" and not case.has_reference:
        raise Refused(says="an answer sent from a chat has no reference; write a record instead")
    strange = [one for one in given.opens if one not in case.failure.near]
    if strange:
        raise Refused(
            says="{record} is not among the training records shown with this failure",
            record=strange[0],
        )


def _taken(review: Review, shown: Shown, verdict: Verdict, effects: Any) -> Taken:
    """The verdict and its effects in one transaction and one act."""

    def work(on: Connection) -> Taken:
        taken = decided(review.store, on, shown, verdict)
        if taken.again:
            return taken
        more = decisions.append(review.store, on, list(effects(on)))
        return Taken((*taken.decisions, *more))

    try:
        return review.store.write(work)
    except Refused:
        typed = {"payload": dict(verdict.payload), "reason": verdict.reason}
        review.keep_draft(shown, {"kind": verdict.kind, **typed})
        raise


def _final(
    shown: Shown, on: Connection, record_id: str, said: Verdict, check: str, meant: Sequence[str]
) -> Decision:
    """The last word on the record itself; an edit keeps what was edited before in other fields.

    It names the dev records whose failures it is `meant` for, so that a later run can credit it.
    """
    if said.kind not in KINDS or said.kind == "choose":
        raise Refused(says="{problem}", problem=unknown("kind of decision", said.kind, KINDS))
    made = Decision(
        record_id=record_id, kind=said.kind, reviewer=shown.reviewer, findings=(check,),
        reason=said.reason, request_id=f"{shown.request_id}/record", act=shown.request_id,
        payload={"failure": {"for": list(meant)}}, adjudicates=True, ordered_by=shown.ordered_by,
    )  # fmt: skip
    if said.kind not in CHANGING:
        return made
    found = standings(decisions.current_of(on, [record_id])).get(record_id)
    before = found.verdict if found else None
    earlier = before.payload["changes"] if before and before.kind in CHANGING else {}
    whole = {
        name: {"old": earlier.get(name, change)["old"], "new": change["new"]}
        for name, change in said.payload["changes"].items()
    }
    return replace(made, payload={**made.payload, "changes": {**earlier, **whole}})
