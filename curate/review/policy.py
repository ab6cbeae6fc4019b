"""Policies and bulk decisions: many records in one act, counted before, undone at once.

A policy answers the findings of one check, in the name of whoever switched it on. It never speaks
against a person, and the records' other findings still wait for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import orjson
import polars as pl

from curate.checks.synthetic import COLUMN as SYNTHETIC
from curate.errors import BadSetting, unknown
from curate.plan import every_check
from curate.review import Review
from curate.review.follow import NOTHING
from curate.store import decisions, leases
from curate.store.database import Connection
from curate.store.decision import Decision
from curate.store.refusals import Refused
from curate.store.standing import Standing, standings

KEEP = {
    "survivor": "of each cluster the survivor stays and its copies go",
    "all": "every record with this finding stays as it is",
    "none": "every record with this finding goes",
}
BULK = ("keep", "drop")
Place = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be decided, and what is left alone."""

    act: str  # names the whole, for undoing it
    decisions: tuple[Decision, ...]
    drops: int  # records that would leave the data; copies count one by one
    left: int  # records that a person has decided, somebody has open, or this policy has done


def decide(review: Review, check: str, keep: str, reviewer: str, dry_run: bool = False) -> Plan:
    """Answer every finding of a check in one transaction; with `dry_run` only say what would be."""
    if keep not in KEEP:
        raise BadSetting(f"--keep: {unknown('policy', keep, KEEP)}")
    answers = _answers(review, check, keep)
    limits = limits_in_force(review.report.document, check)
    act = f"policy-{uuid4().hex[:12]}"

    def work(on: Connection) -> Plan:
        kept = {
            place["record_id"] for payload in answers.values() for place in payload.get("keep", ())
        }
        known = standings(decisions.current_of(on, sorted({*answers, *kept})))
        name = f"{check}: {keep}"
        chosen = {
            record_id: payload
            for record_id, payload in answers.items()
            if _free(known, record_id, payload, name)
        }
        made = [
            Decision(
                record_id=record_id,
                kind=_kind(keep),
                reviewer=reviewer,
                request_id=f"{act}/{nth}",
                payload=payload,
                findings=(check,),
                policy=name,
                act=act,
                reason=limits,
            )
            for nth, (record_id, payload) in enumerate(chosen.items())
        ]
        done = made if dry_run else decisions.append(review.store, on, made)
        return Plan(act, tuple(done), _dropped(made), len(answers) - len(made))

    return review.store.read(work) if dry_run else review.store.write(work)


def limits_in_force(document: Mapping[str, Any], check: str) -> str | None:
    """The limits that the policy trusted, as `synthetic-copied.limit=0.5`; None without any.

    A policy on `synthetic` lets in what none of the numbers speaks against, so it names them all.
    """
    known = every_check(())  # rules of one's own have no limits
    told = []
    for name, one in known.items():
        params = {**one.params, **document["settings"].get(name, {})}
        if name == check or (check == SYNTHETIC and name.startswith(f"{SYNTHETIC}-")):
            told += [f"{name}.{p}={params[p]}" for p in ("limit", one.threshold) if p in params]
    return ", ".join(told) or None


def bulk(
    review: Review,
    records: Sequence[str],
    kind: str,
    reviewer: str,
    expected: int | None = None,
    reason: str | None = None,
) -> Plan:
    """Keep or drop many records as this person's decision; without `expected` only count.

    Left alone is what is decided or open before somebody else; Refused where the count has changed.
    """
    if kind not in BULK:
        raise BadSetting(unknown("bulk decision", kind, BULK))
    act = f"bulk-{uuid4().hex[:12]}"
    seen = {one: item.checks.get(one, ()) for item in review.queue() for one in item.members}
    keys = {one: item.key for item in review.queue() for one in item.members}

    def work(on: Connection) -> Plan:
        known = standings(decisions.current_of(on, records))
        held = {one.record_id for one in leases.live(review.store, on) if one.reviewer != reviewer}
        free = [
            one
            for one in dict.fromkeys(records)
            if keys.get(one, one) not in held and not known.get(one, NOTHING).blind
        ]
        if expected is not None and expected != len(free):
            raise Refused(
                says="{expected} records were counted, now there are {n}; look again and repeat",
                expected=expected,
                n=len(free),
            )
        first = Decision(record_id="", kind=kind, reviewer=reviewer, request_id=act, act=act,
                         reason=reason, ordered_by="bulk")  # fmt: skip
        made = [
            replace(first, record_id=one, request_id=f"{act}/{nth}", findings=seen.get(one, ()))
            for nth, one in enumerate(free)
        ]
        done = made if expected is None else decisions.append(review.store, on, made)
        return Plan(act, tuple(done), _dropped(made), len(set(records)) - len(made))

    return review.store.read(work) if expected is None else review.store.write(work)


def _answers(review: Review, check: str, keep: str) -> dict[str, dict[str, Any]]:
    """The records with this finding, and what the policy's decision says of each."""
    found = review.report.findings.filter(
        (pl.col("check") == check) & pl.col("record_id").is_not_null()
    )
    if not len(found):
        names = review.report.findings.filter(pl.col("record_id").is_not_null())["check"].unique()
        raise BadSetting(f"--check: {unknown('check with findings', check, names)}")
    if keep != "survivor":
        return {record_id: {} for record_id in sorted(found["record_id"].unique())}
    return _choices(check, found)


def _choices(check: str, found: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Of each record the places that go, and beside them the survivors that they give way to."""
    keeps: dict[str, list[Place]] = defaultdict(list)
    drops: dict[str, list[Place]] = defaultdict(list)
    columns = found.select("record_id", "source", "line", "evidence").sort(
        "record_id", "source", "line"
    )
    for record_id, source, line, evidence in columns.iter_rows():
        kept = orjson.loads(evidence).get("kept")
        if not kept:
            raise BadSetting(
                f"--keep survivor: {check} names no survivor; choose in review, "
                "or decide with --keep all or --keep none"
            )
        if kept not in keeps[record_id]:
            keeps[record_id].append(kept)
        drops[record_id].append({"record_id": record_id, "source": source, "line": line})
    return {each: {"keep": keeps[each], "drop": drops[each]} for each in drops}


def _free(
    known: Mapping[str, Standing], record_id: str, payload: Mapping[str, Any], policy: str
) -> bool:
    """Whether the policy may speak: not done yet, no person against it, and a survivor is left."""
    standing = known.get(record_id, NOTHING)
    if any(one.policy == policy for one in standing.policies):
        return False
    if not payload:
        return not standing.blind and not standing.adjudicated
    spoken = standing.verdict
    if standing.in_conflict or (spoken is not None and spoken.kind in ("drop", "choose")):
        return False
    return any(not known.get(p["record_id"], NOTHING).drops(p) for p in payload["keep"])


def _kind(keep: str) -> str:
    return {"survivor": "choose", "all": "keep", "none": "drop"}[keep]


def _dropped(made: Iterable[Decision]) -> int:
    return sum(
        len(one.payload["drop"]) if one.kind == "choose" else int(one.kind == "drop")
        for one in made
    )
