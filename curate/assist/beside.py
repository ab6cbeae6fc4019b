"""Beside: what a reviewer sees beside a pair that a model made, or that a judge has read.

The text it was made from, who wrote it, its numbers in words, and what the judge said; all of it
from the evidence of its findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curate.checks.synthetic import COLUMN
from curate.locale import Translator
from curate.show.numbers import number
from curate.show.showing import evidence, where

Finding = Mapping[str, Any]
Part = tuple[str, str]
"""A title, and the text under it."""

NUMBERS = {
    "loss": "loss of the answer given its instruction, a token",
    "ifd_delta": "log-likelihood that the instruction adds to the answer, a token",
    "ifd_place": "share of its batch that its instruction helps less",
    "rank": "rank among near instructions, for its answer",
    "likeness": "likeness of an answer to the instruction alone (chrF, 0 to 1)",
    "copied": "share of the instruction that stands in the answer",
    "repeated": "likeness to the nearest instruction that is there",
    "same_language": "instruction and answer in one language",
    "kept_facts": "names, numbers and dates kept",
}
"""What each number is; `curate.assist.measure` takes them."""


def beside(findings: Sequence[Finding], t: Translator) -> list[Part]:
    """The parts to show, in the order in which they are read; none for other records."""
    said = [evidence(finding) for finding in findings]
    made = next((one[COLUMN] for one in said if "authors" in one.get(COLUMN, {})), None)
    judge = next((one["judge"] for one in said if "judge" in one), None)
    return [*(pair(made, t) if made else ()), *(judged(judge, t) if judge else ())]


def pair(made: Mapping[str, Any], t: Translator) -> Iterator[Part]:
    """What a pair was made from, by whom, and its numbers."""
    parent = made.get("parent") or {}
    if parent.get("source"):
        yield t("Made from"), where(parent["source"], parent.get("line"))
    if made.get("before"):
        yield t("The text it was made from"), made["before"]
    models = dict.fromkeys(str(author.get("model")) for author in made["authors"])
    yield t("Written by"), ", ".join(models)
    numbers, unmeasured = made.get("numbers") or {}, made.get("unmeasured") or {}
    told = [f"{t(says)}: {value(numbers, name, t)}" for name, says in NUMBERS.items()
            if name in numbers]  # fmt: skip
    told += [f"{t(says)}: {t('not measured')} ({t(unmeasured[name])})"
             for name, says in NUMBERS.items() if name in unmeasured]  # fmt: skip
    if told:
        yield t("Numbers"), "\n".join(told)


def value(numbers: Mapping[str, Any], name: str, t: Translator) -> str:
    """A number as it is shown: yes or no, 1 of 8, 0.42."""
    one = numbers[name]
    if isinstance(one, bool):
        changed = numbers.get("changed") if name == "kept_facts" and not one else None
        return t("yes") if one else f"{t('no')} ({changed})" if changed else t("no")
    if name == "rank":
        return f"{one}/{numbers.get('of')}"
    return number(one)


def judged(judge: Mapping[str, Any], t: Translator) -> Iterator[Part]:
    """What a judge said on each axis, and how far it is to be trusted."""
    trust = t("calibrated") if judge.get("calibrated") else t("uncalibrated")
    reasons = judge.get("reasons") or {}
    scores = (judge.get("scores") or {}).items()
    told = [f"{axis} {score}/5: {reasons.get(axis, '')}" for axis, score in scores]
    yield f"{t('Judge')}: {judge.get('model')} ({trust})", "\n".join(told)
