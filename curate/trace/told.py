"""Told: a trace as data, for a program and for the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curate.store.decision import Decision
from curate.trace.people import History
from curate.trace.reading import TracedRun
from curate.trace.tracing import Channel, Suspect, Traced

SCHEMA = "curate-traced/1"
DIGITS = 4


def document(run: TracedRun, found: Sequence[Traced], people: History) -> dict[str, Any]:
    """Everything that was asked for."""
    return {
        "schema": SCHEMA,
        "run": run.name,
        "snapshot": run.told["approved"],
        "gradients": run.traces is not None,
        "without": run.without,
        "failures": [failure(one, people) for one in found],
    }


def failure(one: Traced, people: History) -> dict[str, Any]:
    """One failure, its triage, its suspects and those of the baseline."""
    named = {name: one.failure[name] for name in ("record_id", "source", "line", "reasons")}
    texts = {name: one.failure[name] for name in ("prompt", "answer", "reference")}
    return {
        "number": one.number,
        **named,
        **texts,
        "triage": triage(one),
        "gradients": one.captured,
        "records": [
            {
                **suspect(each),
                "copies": [copy["record_id"] for copy in each.copies],
                "decisions": [decision(d) for d in people.get(each.record["first_id"], ())],
            }
            for each in one.suspects
        ],
        "lexical": [each["record_id"] for each in one.lexical],
    }


def behind(one: Traced) -> dict[str, Any]:
    """What review shows of a trace: `triage`, the `records` behind it, and by what evidence."""
    return {
        "triage": triage(one),
        "gradients": one.captured,
        "records": [
            {**suspect(each), "copies": [dict(row) for row in each.copies]} for each in one.suspects
        ],
        "lexical": [each["first_id"] for each in one.lexical],
    }


def triage(one: Traced) -> dict[str, Any]:
    """What the failure comes from, with what probability, and what that was read from."""
    told = one.triage
    return {
        "said": told.said,
        "probability": round(told.probability, DIGITS),
        "probabilities": {name: round(p, DIGITS) for name, p in told.probabilities.items()},
        "features": {name: round(value, DIGITS) for name, value in told.features.items()},
        "missing": told.missing,
    }


def suspect(one: Suspect) -> dict[str, Any]:
    """One record of a trace."""
    return {
        "rank": one.rank,
        **one.record,
        "score": round(one.score, 6),
        "text": channel(one.text),
        "gradient": None if one.gradient is None else channel(one.gradient),
        "prompt_likeness": round(one.near, DIGITS),
        "answer_likeness": round(one.says, DIGITS),
        "reasons": list(one.reasons),
    }


def channel(one: Channel) -> dict[str, Any]:
    """Score and rank."""
    return {"score": round(one.score, DIGITS), "rank": one.rank}


def decision(one: Decision) -> Mapping[str, Any]:
    """Who said what, and when."""
    return {
        "id": one.id, "kind": one.kind, "reviewer": one.reviewer, "reason": one.reason,
        "policy": one.policy, "undoes": one.undoes, "decided_at": one.decided_at,
    }  # fmt: skip
