"""Words: a proof as a person reads it, one sentence first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from curate.locale import Translator
from train.prove import intervals
from train.prove.precheck import STEPS
from train.prove.verdicts import VERDICTS, Judged, Judgement, Kind

if TYPE_CHECKING:
    from train.prove.proof import Proof

SHOWN = 20  # failures of a proof
VERDICT = {
    "fixed": "fixed",
    "by-chance": "fixed by chance",
    "not-fixed": "not fixed",
}
ARM: dict[Kind, str] = {"repair": "repaired", "control": "control", "dirty": "unrepaired"}
PROVEN = "Proven: the repair fixed {fixed} of {n} failures; changing as many other records did not."
FEW = (
    "Not proven: the repair fixed {fixed} of {n} failures, too few to rule out chance; "
    "more failures or more seeds would tell."
)
NONE = "Not proven: the repair fixed none of {n} failures beyond what any retraining does."


def lines(proof: Proof, t: Translator) -> list[str]:
    """The whole proof."""
    told = list(pre(proof, t))
    if proof.judgement is None:
        return told
    judged = proof.judgement
    said = [verdict_line(judged, t), *figures(judged, t), *table(judged, t)]
    return [*said, *told, *aside(proof, t)]


def verdict_line(judged: Judgement, t: Translator) -> str:
    """The one sentence."""
    fixed = judged.count("fixed")
    said = t(PROVEN) if judged.proven else t(FEW) if fixed else t(NONE)
    return said.format(fixed=fixed, n=len(judged.failures))


def figures(judged: Judgement, t: Translator) -> Iterator[str]:
    """Counts with their intervals."""
    n = len(judged.failures)
    for name in VERDICTS:
        count = judged.count(name)
        yield counted(t(VERDICT[name]), count, n)
    yield (
        counted(t("newly broken"), len(judged.broken), judged.passed)
        + "; "
        + t("in the control: {n}, unlike by chance p = {p}").format(
            n=judged.broken_in_control, p=f"{judged.by_chance:.2g}"
        )
    )
    low, high = intervals.difference(judged.differences)
    yield t("right again: repair {repair}, control {control}; difference {difference}").format(
        repair=percent(judged.mean("repair")),
        control=percent(judged.mean("control")),
        difference=f"{fmean(judged.differences):+.0%} [{low:+.0%}, {high:+.0%}]",
    )
    yield t("right again with another seed and no repair: {share}").format(
        share=percent(judged.mean("dirty", first=1))
    )


def counted(name: str, count: int, of: int) -> str:
    """A count of so many, its share, and the 95 % interval of the share."""
    low, high = intervals.share(count, of)
    share = f"{count / of:.0%} [{low:.0%}, {high:.0%}]" if of else "–"
    return f"{name}: {count} / {of}  {share}"


def table(judged: Judgement, t: Translator) -> Iterator[str]:
    """A line for each failure, with how often it was right, and for each record that broke."""
    yield t("of all seeds, its own question and its paraphrases answered rightly:")
    for one in judged.failures[:SHOWN]:
        place = f"{one.asked.failure.source}:{one.asked.failure.line}"
        said = "  ".join(f"{t(ARM[kind])} {tally(one, kind)}" for kind in ARM)
        yield f"  {place}  {one.asked.failure.record_id[:12]}  {t(VERDICT[one.verdict])}  {said}"
    if len(judged.failures) > SHOWN:
        yield "  " + t("and {n} more; --json lists them").format(n=len(judged.failures) - SHOWN)
    for broken in judged.broken[:SHOWN]:
        yield f"  {broken.record.place}  {broken.record.record_id[:12]}  {t('newly broken')}"


def tally(one: Judged, kind: Kind) -> str:
    """`2/2 3/4`: the failure's own question, and its paraphrases."""
    seeds = one.outcomes[kind]
    others = [right for seed in seeds for right in seed.paraphrases]
    own = f"{sum(seed.itself for seed in seeds)}/{len(seeds)}"
    return f"{own} {sum(others)}/{len(others)}" if others else own


def pre(proof: Proof, t: Translator) -> Iterator[str]:
    """What a few steps indicated, and what else to know of the two runs."""
    if proof.both.settings_apart:
        yield t(
            "mind: the recipes differ ({settings}); the control is trained by the later one, so "
            "what the recipe alone fixes counts as chance"
        ).format(settings=", ".join(proof.both.settings_apart))
    hopeful = sum(one.points_to_a_fix for one in proof.indications)
    yield t(
        "pre-check, an indication only: after {steps} steps on the changed records {n} of {of} "
        "failures move towards their reference, more than by other records"
    ).format(steps=STEPS, n=hopeful, of=len(proof.indications))


def aside(proof: Proof, t: Translator) -> Iterator[str]:
    """What was not asked, and why."""
    asked: Sequence[tuple[str, int]] = (
        (t("no dev record any more, so not asked: {n}"), len(proof.questions.gone)),
        (t("right all along by the corrected reference: {n}"), len(proof.questions.right)),
    )
    yield from (says.format(n=n) for says, n in asked if n)


def percent(value: float | None) -> str:
    """A share, or a dash where nothing was counted."""
    return "–" if value is None else f"{value:.0%}"
