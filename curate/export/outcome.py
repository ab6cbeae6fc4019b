"""Outcome: what becomes of each record of a snapshot, by the decisions that are in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
import polars as pl

from curate.errors import BadSource
from curate.fix import TEXTS
from curate.record import SCHEMA, content_id, messages
from curate.store.decision import CHANGING, Decision
from curate.store.standing import Standing

Kind = Literal["kept", "changed", "dropped", "held-back"]
KINDS: tuple[Kind, ...] = ("kept", "changed", "dropped", "held-back")
DIFFER = "reviewers differ"  # stands among the undecided checks where people came to two verdicts
ALONE = "waiting for another reviewer"  # the same where two are asked and one has decided
LABELS = ("label", "category")
PROMPT = "prompt"  # instruction and input together, as review shows them
EXTRA: dict[str, Any] = {
    "first_id": pl.String,  # of the record in the parent snapshot
    "parent_id": pl.String,
    "verdict": pl.String,
    "answer_before": pl.String,
}
"""Columns that stand beside a record while it is on its way into an approved snapshot."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one record, and who said so."""

    kind: Kind = "kept"
    reason: str = "nothing was decided"
    decisions: tuple[str, ...] = ()  # request ids, which `curate revert` takes
    reviewers: tuple[str, ...] = ()
    policy: str | None = None
    note: str | None = None  # the reviewer's own words
    undecided: tuple[str, ...] = ()  # checks whose errors nobody has answered
    changes: Mapping[str, str] = field(default_factory=dict)


PLAIN = Outcome()
BY_PERSON = {
    "keep": "a person kept it",
    "drop": "a person dropped it",
    "edit": "a person changed its text",
    "relabel": "a person changed its label",
    "choose": "a person chose it",
}
NOT_CHOSEN = "a person chose another one"
BY_POLICY = "a policy kept it"
POLICY_DROPS = "a policy dropped it"
UNDECIDED = "an error on it is undecided"


def outcome_of(
    row: Mapping[str, Any], standing: Standing, errors: Sequence[str], wanted: int = 1
) -> Outcome:
    """What becomes of the record at one place.

    `errors` are the checks that found one there, `wanted` how many people are asked.
    """
    place = {name: row[name] for name in ("record_id", "source", "line")}
    alone = standing.blind and not standing.adjudicated and len(standing.blind) < wanted
    if standing.in_conflict or alone:
        why = DIFFER if standing.in_conflict else ALONE
        return said("kept", why, list(standing.blind.values()), (*sorted(set(errors)), why))
    verdict = standing.verdict
    policies = list(standing.policies)
    if standing.drops(place):
        return dropped(verdict, policies, place)
    if verdict is not None:
        changes = changes_of(row, verdict)
        kind: Kind = "changed" if changes else "kept"
        who = agreeing(standing, verdict)
        return said(kind, BY_PERSON[verdict.kind], who, changes=changes, note=verdict.reason)
    answered = {check for one in policies for check in one.findings}
    left = tuple(sorted(set(errors) - answered))
    if left:
        return said("kept", UNDECIDED, policies, left)
    return said("kept", BY_POLICY, policies) if policies else PLAIN


def dropped(
    verdict: Decision | None, policies: list[Decision], place: Mapping[str, Any]
) -> Outcome:
    """The outcome of a record that leaves the data."""
    if verdict is not None and Standing((verdict,)).drops(place):
        reason = BY_PERSON["drop"] if verdict.kind == "drop" else NOT_CHOSEN
        return said("dropped", reason, [verdict], note=verdict.reason)
    speaking = [one for one in policies if Standing((one,)).drops(place)]
    return said("dropped", POLICY_DROPS, speaking or policies)


def said(
    kind: Kind,
    reason: str,
    by: Sequence[Decision],
    undecided: tuple[str, ...] = (),
    changes: Mapping[str, str] | None = None,
    note: str | None = None,
) -> Outcome:
    """An outcome with the decisions behind it."""
    persons = sorted({one.reviewer for one in by if one.policy is None})
    policy = next((one.policy for one in by if one.policy is not None), None)
    requests = tuple(sorted(one.request_id for one in by))
    return Outcome(kind, reason, requests, tuple(persons), policy, note, undecided, changes or {})


def agreeing(standing: Standing, verdict: Decision) -> list[Decision]:
    """The verdict and the equal ones of others."""
    equal = [one for one in standing.blind.values() if one.outcome == verdict.outcome]
    return [verdict, *(one for one in equal if one is not verdict)]


def changes_of(row: Mapping[str, Any], verdict: Decision) -> dict[str, str]:
    """Field -> new text, of what an edit or a relabelling really changes.

    BadSource where it changes a field that a record lacks, or a text that the record does not hold.
    """
    if verdict.kind not in CHANGING:
        return {}
    changes: dict[str, str] = {}
    for name, change in verdict.payload["changes"].items():
        if name not in (*TEXTS, *LABELS, PROMPT):
            allowed = ", ".join((*TEXTS, *LABELS, PROMPT))
            raise BadSource(f"{undoing(row, verdict)} it changes {name!r}; allowed: {allowed}")
        now = row[name] or ""
        if name not in LABELS and change["old"] is not None and change["old"] != now:
            raise BadSource(f"{undoing(row, verdict)} its old {name} is not what the record holds")
        if name == "history" and roles_in(change["new"]) != roles_in(now):
            raise BadSource(f"{undoing(row, verdict)} it changes who speaks in earlier turns")
        if change["new"] != now:
            changes[name] = change["new"]
    return changes


def undoing(row: Mapping[str, Any], verdict: Decision) -> str:
    """Which decision cannot be applied where, and the way out."""
    return (
        f"{row['source']}:{row['line']}: the decision {verdict.request_id} cannot be applied "
        f"(curate revert {verdict.act or verdict.request_id}):"
    )


def changed(row: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    """The record with these texts, its ids made anew, and what it was before."""
    texts = dict(changes)
    if PROMPT in texts:
        texts |= {"instruction": texts.pop(PROMPT), "input": None}  # type: ignore[dict-item]
    new = {**row, **texts}
    new["roles"] = roles_of(new, system_changed="system" in texts)
    before, whole = messages(new)
    ids = {"record_id": content_id(whole), "prompt_id": content_id(before)}
    same = ids["record_id"] == row["record_id"]
    answered = "answer" in changes
    return {
        **{name: new[name] for name in SCHEMA},
        **(ids if not same else {}),
        "first_id": row["record_id"],
        "parent_id": None if same else row["record_id"],
        "verdict": "changed",
        "answer_before": row["answer"] if answered else None,
    }


def roles_of(row: Mapping[str, Any], *, system_changed: bool) -> str:
    """The roles of a record after an edit: a system text or a prompt may have come, or gone."""
    roles = str(row["roles"])
    if "u" not in roles and (row["instruction"] or row["input"]):
        roles = f"{roles[:-1]}u{roles[-1:]}" if roles.endswith("a") else f"{roles}u"
    if system_changed:
        roles = ("s" if row["system"] else "") + roles.removeprefix("s")
    return roles


def roles_in(history: str) -> list[str] | None:
    """Who speaks in the earlier turns; None where that cannot be read."""
    try:
        return [role for role, _ in orjson.loads(history or "[]")]
    except (ValueError, TypeError):
        return None


def applied(records: pl.DataFrame, outcomes: Mapping[int, Outcome]) -> pl.DataFrame:
    """The records that stay, with the texts that were decided; rows without an outcome stay too."""
    gone = [row for row, one in outcomes.items() if one.kind == "dropped"]
    edited = [row for row, one in outcomes.items() if one.kind == "changed"]
    first = pl.col("record_id").alias("first_id")
    nothing = [pl.lit(None, pl.String).alias(name) for name in ("parent_id", "answer_before")]
    told = records.select(*SCHEMA, first, *nothing, pl.lit("kept").alias("verdict"))
    if edited:
        rows = records[edited].iter_rows(named=True)
        made = [changed(row, outcomes[at].changes) for at, row in zip(edited, rows, strict=True)]
        new = pl.DataFrame(made, schema={**SCHEMA, **EXTRA})
        told = told.with_columns(told[name].scatter(edited, new[name]) for name in told.columns)
    staying = pl.Series(range(len(records))).is_in(pl.Series(gone, dtype=pl.Int64).implode())
    return told.filter(~staying).select(*SCHEMA, *EXTRA)
