"""Failures: dev records that the tuned model answers wrongly, each with the reasons why.

Never test records: those stay the yardstick, counted and not shown. A failure says what is wrong in
codes that a reviewer can act on; an answer that is merely worded otherwise is none.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.publish import write_whole
from train.errors import NotApproved
from train.evaluate import Answered, value_of
from train.measures import Attempt
from train.measures.loop import looping
from train.measures.wrong_value import differing

if TYPE_CHECKING:
    from train.approved import Record

SEVERITY = {
    "empty": "error",
    "loop": "error",
    "wrong-value": "error",
    "bad-format": "error",
    "wrong-language": "error",
    "refusal-mismatch": "error",
    "over-claim": "warn",
    "no-stop": "warn",
    "regression": "warn",
}
"""Reason -> how much it matters; a failure matters as much as the worst of its reasons."""

RANKS = {"error": 0, "warn": 1, "info": 2}
FELL = 20.0  # points of chrF below the baseline's from which an answer got worse, not just other
COLUMNS = (
    "record_id", "parent_id", "source", "line", "prompt", "reasons", "severity",
    "answer", "reference", "baseline_answer", "evidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """One wrong answer. `evidence` says for each reason what it was seen in."""

    record_id: str
    reasons: tuple[str, ...]
    severity: str
    answer: str
    reference: str
    baseline_answer: str | None
    evidence: Mapping[str, Any]
    parent_id: str | None = None
    source: str = ""
    line: int = 0
    prompt: str = field(default="", kw_only=True)


def failures(
    records: Sequence[Record],
    tuned: Sequence[Answered],
    baseline: Sequence[Answered] = (),
    pinned: Mapping[str, str] | None = None,
) -> list[Failure]:
    """The failures among the dev records, worst first.

    `pinned` are records that failed before and were fixed, with the run that fixed them: one that
    fails again is a regression, whatever the baseline says.
    """
    said = {one.record_id: one for one in tuned}
    before = {one.record_id: one for one in baseline}
    found = []
    for record in records:
        if record.split != "dev":
            continue
        one = said[record.record_id]
        evidence = dict(reasons(one, before.get(record.record_id)))
        fixed_in = (pinned or {}).get(record.record_id) or (pinned or {}).get(
            record.parent_id or ""
        )
        if fixed_in and evidence:
            evidence["regression"] = {**evidence.get("regression", {}), "fixed_in": fixed_in}
        if evidence:
            found.append(_failure(record, one, before.get(record.record_id), evidence))
    return sorted(found, key=_worst_first)


def reasons(one: Answered, baseline: Answered | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each reason why an answer is wrong, with what it was seen in."""
    if not one.answer.strip():
        yield "empty", {}
        return  # nothing else can be said of nothing
    measures = one.measures
    if measures.get("loop"):
        yield "loop", {"piece": (looping(one.answer) or "")[:80]}
    if measures.get("stop") is False:
        yield "no-stop", {"characters": len(one.answer)}
    formats = [name for name in ("json", "sql") if measures.get(f"{name}_valid") is False]
    if formats:
        yield "bad-format", {"wanted": formats[0]}
    if measures.get("language") is False:
        yield "wrong-language", {}
    yield from _against_reference(one)
    if baseline is not None and (worse := regressed(one, baseline)):
        yield "regression", worse


def regressed(one: Answered, baseline: Answered) -> dict[str, Any] | None:
    """How the answer got worse than the baseline's; None where it did not."""
    if baseline.measures.get("exact_match") and one.measures.get("exact_match") is False:
        return {"baseline": "exactly right"}
    now, then = value_of(one, "chrf"), value_of(baseline, "chrf")
    if now is None or then is None or then - now < FELL:
        return None
    return {"chrf": round(now, 1), "baseline_chrf": round(then, 1)}


def _against_reference(one: Answered) -> Iterator[tuple[str, dict[str, Any]]]:
    """Reasons that need the same measure of the reference."""
    refusing = one.measures.get("refusal")
    claiming = one.measures.get("over_claim")
    right = of_reference(one) if refusing is not None or claiming else {}
    if refusing is not None and right["refusal"] is not None and refusing != right["refusal"]:
        yield "refusal-mismatch", {"refuses": "answer" if refusing else "reference"}
    if claiming and not right["over_claim"]:
        yield "over-claim", {}
    attempt = Attempt(one.prompt, one.answer, one.reference)
    values = differing(attempt) if one.measures.get("wrong_value") else None
    if values is not None and not refusing:
        yield "wrong-value", {"expected": list(values.expected), "found": list(values.found)}


def of_reference(one: Answered) -> dict[str, Any]:
    """Whether the reference itself refuses or claims an ability."""
    from train.measures import over_claim, refusal

    own = [Attempt(one.prompt, one.reference, one.reference)]
    return {"refusal": refusal.refusal(own)[0], "over_claim": over_claim.over_claim(own)[0]}


def write_failures(file: Path, found: Sequence[Failure]) -> None:
    """failures.parquet, whole or not at all; an empty one says that there was none."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    rows = {name: [getattr(one, name) for one in found] for name in COLUMNS}
    rows["reasons"] = [list(one.reasons) for one in found]
    rows["evidence"] = [
        json.dumps(dict(one.evidence), ensure_ascii=False, sort_keys=True) for one in found
    ]
    special = {"reasons": pa.list_(pa.string()), "line": pa.int64()}
    table = pa.table(
        {name: pa.array(rows[name], special.get(name, pa.string())) for name in COLUMNS}
    )
    out = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({"split": "dev"}), out)
    write_whole(file, out.getvalue())


def read_failures(file: Path) -> list[Failure]:
    """What a run failed on; NotApproved where the file is of another split than dev."""
    import pyarrow.parquet as parquet

    table = parquet.read_table(file)
    if (table.schema.metadata or {}).get(b"split") != b"dev":
        raise NotApproved(f"{file} does not say that its records are of dev; train run writes it")
    return [
        Failure(
            **{**row, "reasons": tuple(row["reasons"]), "evidence": json.loads(row["evidence"])}
        )
        for row in table.to_pylist()
    ]


def _failure(
    record: Record, one: Answered, baseline: Answered | None, evidence: Mapping[str, Any]
) -> Failure:
    told = tuple(name for name in SEVERITY if name in evidence)
    severity = min((SEVERITY[name] for name in told), key=RANKS.__getitem__)
    if "fixed_in" in evidence.get("regression", {}):
        severity = "error"
    measured = {
        name: round(value, 4)
        for name in ("chrf", "loss")
        if (value := value_of(one, name)) is not None
    }
    return Failure(
        record_id=record.record_id,
        reasons=told,
        severity=severity,
        answer=one.answer,
        reference=one.reference,
        baseline_answer=baseline.answer if baseline else None,
        evidence={**evidence, "measures": measured},
        parent_id=record.parent_id,
        source=record.source,
        line=record.line,
        prompt=record.prompt,
    )


def _worst_first(one: Failure) -> tuple[int, int, float, str]:
    score = one.evidence["measures"].get("chrf", 0.0)
    return RANKS[one.severity], -len(one.reasons), score, one.record_id
