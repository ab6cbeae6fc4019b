"""Failing: what trained models got wrong, as the queue and a reviewer see it.

A failure enters review as a finding of `model-failure` on its dev record. Beside it stand the
training records that may have taught it, with who decided on them and when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from curate.finding import Hit
from curate.review.frames import FAILED, OPENED, Failing
from curate.store import decisions
from curate.store import failures as kept
from curate.store.database import Connection, Store
from curate.store.decision import Decision
from curate.store.failures import Failure, Run

SENT = "sent-from-chat"
REASONS = {
    "empty": "the answer is empty",
    "loop": "the answer goes round in circles",
    "wrong-value": "the answer states another value than the reference",
    "bad-format": "the answer is not in the format asked for",
    "wrong-language": "the answer is in another language than the reference",
    "refusal-mismatch": "of answer and reference only one refuses",
    "over-claim": "the answer claims an ability that the model lacks",
    "no-stop": "the answer does not come to an end",
    "regression": "the answer is worse than before",
    SENT: "somebody who talked to the model called the answer wrong",
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training record near a failure, and who decided on it, oldest first."""

    record_id: str
    prompt: str
    answer: str
    score: float  # 0 to 1
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A training record that a failure was traced to."""

    rank: int
    record: Neighbour  # its score is that of both channels
    reasons: tuple[str, ...]  # codes of curate.trace.reasons.REASONS
    copies: tuple[Neighbour, ...]  # records that one decision covers with it
    told: Mapping[str, Any]  # place and numbers, as curate.trace.told has them


@dataclass(frozen=True, slots=True)
class Case:
    """All that a reviewer sees of a failure."""

    failure: Failure
    run: Run
    by_prompt: tuple[Neighbour, ...]
    by_answer: tuple[Neighbour, ...]
    decisions: tuple[Decision, ...]  # on the record itself
    traced: tuple[Suspect, ...] = ()  # the likeliest first; none where the run kept no traces

    @property
    def triage(self) -> Mapping[str, Any] | None:
        """What it comes from: said, probability; None where the run kept no traces."""
        found: Mapping[str, Any] = self.failure.told.get("trace") or {}
        return found.get("triage")

    @property
    def has_reference(self) -> bool:
        """Whether anybody has said what is right; not of an answer sent from a chat."""
        return self.failure.told.get("reference") is not None

    @property
    def says(self) -> list[str]:
        """Why the answer counts as wrong, for the translator."""
        return [REASONS.get(reason, reason) for reason in self.failure.reasons]


def waiting(on: Connection) -> tuple[Failing, ...]:
    """What trained models bring to the queue, decided or not; the queue leaves out what is."""
    standing = kept.standing(on)
    by_record = {one.record_id: one for one in standing}
    found = [
        Failing(
            one.key, one.first_id, FAILED, one.source, one.line, one.severity,
            one.near,
        )
        for one in standing
    ]  # fmt: skip
    opened: dict[str, Failing] = {}
    for verdict in kept.answers(on):
        cause = by_record.get(kept.record_of(verdict.record_id))
        again = kept.relapses(verdict.record_id)
        for record_id in about(verdict).get("opens", ()):
            source, line = (cause.source, cause.line) if cause else ("", 0)
            opened[record_id] = Failing(
                kept.key_of(kept.OPENED, record_id, again), record_id, OPENED, source, line, "error"
            )
    return (*found, *(opened[one] for one in sorted(opened)))


def case_of(store: Store, key: str) -> Case | None:
    """The failure that is decided under this id; None where the id is another thing's."""
    if not key.startswith(kept.FAILED):
        return None

    def work(on: Connection) -> Case | None:
        every = kept.of_record(on, kept.record_of(key))
        failure = next((one for one in every if one.key == key), None)
        if failure is None:
            return None
        said: dict[str, list[Decision]] = {}
        for one in decisions.current_of(on, sorted({failure.first_id, *failure.near})):
            said.setdefault(one.record_id, []).append(one)
        near = {
            side: tuple(_neighbour(one, said) for one in failure.told["near"].get(side, ()))
            for side in ("prompt", "answer")
        }
        run = next(one for one in kept.all_runs(on) if one.run_id == failure.run_id)
        trace = failure.told.get("trace") or {}
        return Case(
            failure, run, near["prompt"], near["answer"], tuple(said.get(failure.first_id, ())),
            tuple(_suspect(one, said) for one in trace.get("records", ())),
        )  # fmt: skip

    return store.read(work)


def opened_record(key: str) -> str | None:
    """The record that is decided under this id because a failure opened it; else None."""
    return kept.record_of(key) if key.startswith(kept.OPENED) else None


def about(decision: Decision) -> Mapping[str, Any]:
    """What a decision says of a failure."""
    found: Mapping[str, Any] = decision.payload.get("failure") or {}
    return found


def _neighbour(told: Mapping[str, Any], said: Mapping[str, Sequence[Decision]]) -> Neighbour:
    return Neighbour(
        told["first_id"], told["prompt"], told["answer"], told["score"],
        tuple(said.get(told["first_id"], ())),
    )  # fmt: skip


def _suspect(told: Mapping[str, Any], said: Mapping[str, Sequence[Decision]]) -> Suspect:
    copies = tuple(_neighbour({**one, "score": told["score"]}, said) for one in told["copies"])
    return Suspect(told["rank"], _neighbour(told, said), tuple(told["reasons"]), copies, told)


def finding_of(one: Failure) -> dict[str, Any]:
    """One failure as a finding; its first reason speaks."""
    reason = REASONS.get(one.reasons[0], one.reasons[0])
    hit = Hit("a trained model answers it wrongly: {reason}", {"reason": reason}, field="answer")
    evidence = {
        "says": hit.says, "args": dict(hit.args), "words": ["reason"], "run": one.run_id,
        "reasons": list(one.reasons), **one.told,
    }  # fmt: skip
    return {
        "record_id": one.first_id, "source": one.source, "line": one.line, "check": FAILED,
        "severity": one.severity, "field": hit.field, "message": hit.message,
        "evidence": orjson.dumps(evidence).decode(),
    }  # fmt: skip
