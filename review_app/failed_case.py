"""Failed case: what lies before a reviewer when a trained model answered wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from curate.content.masking import mask
from curate.review import Review
from curate.review.failing import Case, Neighbour, about, case_of
from curate.review.failures import VERDICTS
from curate.review.shown import Shown
from curate.show.showing import private, values
from curate.store import decisions
from curate.store.decision import CHANGING, Decision
from curate.store.failures import Failure
from curate.store.standing import standings
from curate.trace.reasons import REASONS
from review_app import walk

KEYS = dict(zip(VERDICTS, "12345", strict=True))  # verdict -> the key that gives it
EDITED = "answer"  # the field of a record that a failure calls its reference


@dataclass(frozen=True, slots=True)
class Beside:
    """A training record near the failure: how like its prompt, how like its answer, 0 to 1."""

    record: Neighbour
    prompt: float | None
    answer: float | None
    reasons: tuple[str, ...] = ()  # why the failure was traced to it, for the translator
    copies: tuple[Neighbour, ...] = ()  # records that one decision covers with it


@dataclass(frozen=True, slots=True)
class Failed:
    """One screen."""

    shown: Shown
    case: Case
    beside: tuple[Beside, ...]  # the nearest first
    hidden: Mapping[str, set[str]]  # record -> private values that were found in it
    changed: tuple[str, ...] = ()  # records that it was traced to, and that people changed since

    def told(self, name: str) -> str:
        """A text of the failure, without what is private in its record."""
        return covered(self.value(name), self.hidden.get(self.case.failure.first_id, ()))

    @property
    def evidence(self) -> Mapping[str, Any]:
        """What was measured, and for each reason what it was seen in; private values masked."""
        told: Mapping[str, Any] = self.case.failure.told.get("evidence") or {}
        return all_covered(told, self.hidden.get(self.case.failure.first_id, ()))

    def value(self, name: str) -> str:
        """The same for an editor; nothing of it is masked."""
        return self.case.failure.told.get(name) or ""


def gathered(review: Review, shown: Shown) -> Failed | None:
    """The failure, its training records and what must stay hidden; None where there is none."""
    found = case_of(review.store, shown.record_id)
    if found is None:
        return None
    ids = [found.failure.first_id, *found.failure.near]
    changed = tuple(walk.changed(review, found))
    return Failed(shown, found, (*traced(found), *merged(found)), hidden_in(review, ids), changed)


def traced(found: Case) -> list[Beside]:
    """The records that the failure was traced to, the likeliest first."""
    return [
        Beside(
            one.record, one.told["prompt_likeness"], one.told["answer_likeness"],
            tuple(REASONS[code] for code in one.reasons), one.copies,
        )
        for one in found.traced
    ]  # fmt: skip


def merged(found: Case) -> list[Beside]:
    """Each other training record once, though it may be like the prompt and like the answer."""
    told = {each.record_id for one in found.traced for each in (one.record, *one.copies)}
    prompts = {one.record_id: one for one in found.by_prompt}
    answers = {one.record_id: one for one in found.by_answer}
    made = [
        Beside(
            one,
            prompts[name].score if name in prompts else None,
            answers[name].score if name in answers else None,
        )
        for name, one in {**prompts, **answers}.items()
        if name not in told
    ]
    return sorted(made, key=lambda one: -max(one.prompt or 0.0, one.answer or 0.0))


def hidden_in(review: Review, ids: Iterable[str]) -> dict[str, set[str]]:
    """The private values that checks found in each record."""
    found = private(review.report, list(ids))
    rows = review.report.records(sorted(found)).iter_rows(named=True) if found else ()
    return {row["record_id"]: values(row, found[row["record_id"]]) for row in rows}


def covered(text: str, hidden: Iterable[str]) -> str:
    """The text with these values masked."""
    for value in sorted(hidden, key=len, reverse=True):
        text = text.replace(value, mask(value))
    return text


def all_covered(told: Mapping[str, Any], hidden: Iterable[str]) -> Mapping[str, Any]:
    """The same for every text in it."""
    found: Mapping[str, Any] = orjson.loads(covered(orjson.dumps(told).decode(), hidden))
    return found


def without_private(review: Review, found: Sequence[Failure]) -> list[Failure]:
    """Failures to be listed, with nothing private of their own or of what lies beside them."""
    ids = {name for one in found for name in (one.first_id, *one.near)}
    hidden = hidden_in(review, ids)
    return [
        replace(one, told=all_covered(one.told, set().union(*(
            hidden.get(name, set()) for name in (one.first_id, *one.near)
        ))))
        for one in found
    ]  # fmt: skip


def kind_said(one: Decision) -> str:
    """What a decision was, for the translator: the verdict on a failure, or its kind."""
    return VERDICTS.get(str(about(one).get("verdict")), one.kind)


def edited(review: Review, record_id: str) -> dict[str, str]:
    """The fields that a decision in force changes, with their texts since."""
    found = review.store.read(
        lambda on: standings(decisions.current_of(on, [record_id])).get(record_id)
    )
    verdict = found.verdict if found else None
    if verdict is None or verdict.kind not in CHANGING:
        return {}
    return {name: change["new"] for name, change in verdict.payload["changes"].items()}
