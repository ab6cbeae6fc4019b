"""Document: a proof as JSON, the same bytes for the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

from train.prove import intervals
from train.prove.verdicts import VERDICTS, Judged, Judgement

if TYPE_CHECKING:
    from train.failures import Failure
    from train.prove.precheck import Indication
    from train.prove.proof import Proof

FORMAT = "curate-proof/1"
DIGITS = 4


def document(proof: Proof) -> dict[str, Any]:
    """All that a proof found."""
    both, asked = proof.both, proof.questions
    told = {
        "format": FORMAT,
        "before": {"run": both.before.ran.name, "approved": both.before.approved.id},
        "after": {"run": both.after.ran.name, "approved": both.after.approved.id},
        "repair": both.repair.counts(),
        "settings_apart": both.settings_apart,
        "seeds": proof.seeds,
        "set_aside": {"gone": named(asked.gone), "right_by_the_reference": named(asked.right)},
        "precheck": [indication(one) for one in proof.indications],
    }
    return {**told, **(judgement(proof.judgement) if proof.judgement else {})}


def judgement(judged: Judgement) -> dict[str, Any]:
    """Verdicts, counts and intervals."""
    failures, passed = len(judged.failures), judged.passed
    fixed, broken = judged.count("fixed"), len(judged.broken)
    low, high = intervals.difference(judged.differences)
    return {
        "proven": judged.proven,
        "counts": {name: judged.count(name) for name in VERDICTS},
        "fixed": {"of": failures, "share": rounded(intervals.share(fixed, failures))},
        "right_again": {
            "repair": round(judged.mean("repair") or 0.0, DIGITS),
            "control": round(judged.mean("control") or 0.0, DIGITS),
            "other_seed": judged.mean("dirty", first=1),
        },
        "repair_minus_control": {
            "mean": round(fmean(judged.differences), DIGITS),
            "interval": rounded((low, high)),
        },
        "newly_broken": {
            "records": [one.record.record_id for one in judged.broken],
            "in_control_too": sum(one.in_control for one in judged.broken),
            "in_control": judged.broken_in_control,
            "of": passed,
            "share": rounded(intervals.share(broken, passed)),
            "mcnemar_p": round(judged.by_chance, DIGITS),
        },
        "failures": [failure(one) for one in judged.failures],
    }


def failure(judged: Judged) -> dict[str, Any]:
    """One failure: verdict, and [its own question, paraphrases …] by arm and seed."""
    one = judged.asked
    return {
        "record_id": one.failure.record_id,
        "asked_as": one.record.record_id,
        "source": one.failure.source,
        "line": one.failure.line,
        "prompt": one.record.prompt,
        "wrong_answer": one.failure.answer,
        "reference": one.record.answer,
        "paraphrases": [each.prompt for each in one.paraphrases],
        "verdict": judged.verdict,
        "outcomes": {
            kind: [[seed.itself, *seed.paraphrases] for seed in seeds]
            for kind, seeds in judged.outcomes.items()
        },
    }


def indication(one: Indication) -> dict[str, Any]:
    """One failure's losses in nats a token, before the steps and after."""
    return {
        "record_id": one.record_id,
        "wrong_answer": rounded(one.wrong),
        "reference": rounded(one.reference),
        "after_control": rounded(one.control),
        "points_to_a_fix": one.points_to_a_fix,
    }


def named(failures: Sequence[Failure]) -> list[str]:
    """Their records."""
    return [one.record_id for one in failures]


def rounded(values: Sequence[float]) -> list[float]:
    """To four places, which is more than a few failures can tell."""
    return [round(value, DIGITS) for value in values]
