"""Remarks: what a judge said of records, as checks of an audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from curate.assist.calibrate import Calibration
from curate.assist.judge import Judged
from curate.check import Check, Params, Row, Said, by_record
from curate.finding import Hit, Severity, Unsure

WHY_JUDGED = """
A language model read the record by a rubric. It errs, so it only points: how often it agrees with
the people who decide here is told beside it; without enough decisions it counts as uncalibrated.
"""
WHY_ORDERS = """
A sentence of the record speaks to whoever judges it, or asks for a score. Trained on, it teaches
the model to do the same; and it was meant to turn a judge.
"""
JUDGED_LOW = "a model that judges gives {axis} {score} of 5: {reason}"


def checks_of(made: Sequence[Judged], calibration: Calibration, model: str) -> list[Check]:
    """The checks that say what a judge said."""
    by_id = {one.record_id: one for one in made}
    severity: Severity = "warn" if calibration.calibrated else "info"
    return [
        check("judged-low", "a model that judges finds it weak", severity, WHY_JUDGED,
              partial(low, by_id, calibration, model)),
        check("judged-worse", "a model that judges prefers the rejected answer", severity,
              WHY_JUDGED, partial(worse, by_id)),
        check("speaks-to-a-judge", "a sentence speaks to whoever judges the record", "warn",
              WHY_ORDERS, partial(ordered, by_id)),
    ]  # fmt: skip


def check(
    name: str,
    says: str,
    severity: Severity,
    why: str,
    judge: Callable[[Row, Params], Iterator[Said]],
) -> Check:
    """A check that looks its answer up."""
    import polars as pl

    def everything(_: Params) -> pl.Expr:
        return pl.col("record_id").is_not_null()

    return Check(
        name=name, says=says, group="pairs", severity=severity, why=why,
        applies=everything, suspects=everything, look=by_record(judge),
    )  # fmt: skip


def low(
    by_id: Mapping[str, Judged], calibration: Calibration, model: str, row: Row, _: Params
) -> Iterator[Said]:
    """Each axis under the threshold; what was not judged could not be told."""
    one = by_id.get(row["record_id"])
    if one is None or one.why is not None:
        yield Unsure("no judgement: {why}".format(why=one.why if one else "not asked"))
        return
    evidence = {
        "judge": {
            "model": model, "scores": dict(one.scores), "reasons": dict(one.reasons),
            "calibrated": calibration.calibrated, "agreement": calibration.agreement,
            "decisions": calibration.decisions, "threshold": calibration.threshold,
        }
    }  # fmt: skip
    for axis, score in one.scores.items():
        if score < calibration.threshold:
            args = {"axis": axis, "score": score, "reason": one.reasons[axis]}
            yield Hit(JUDGED_LOW, args, field="answer", score=float(score), evidence=evidence)


def worse(by_id: Mapping[str, Judged], row: Row, _: Params) -> Iterator[Said]:
    """The judge prefers the rejected answer, whichever comes first."""
    one = by_id.get(row["record_id"])
    if one is not None and one.prefers_rejected is not None:
        says = "in both orders a model that judges prefers the rejected answer: {reason}"
        yield Hit(says, {"reason": one.prefers_rejected}, field="answer")


def ordered(by_id: Mapping[str, Judged], row: Row, _: Params) -> Iterator[Said]:
    """A sentence that talks to the judge."""
    one = by_id.get(row["record_id"])
    if one is not None and one.orders:
        yield Hit("this speaks to whoever judges the record: {text}", {"text": one.orders[0][:200]})
