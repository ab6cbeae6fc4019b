"""Proof: the repair trained again beside its control, and what that says; the story of a proof.

Everything lies in the folder `proof` of the later run: the arms, their answers, and `proof.json`.
A proof that was killed goes on where it was, and comes to the same verdicts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import BadSetting
from curate.publish import write_whole
from train.locale import translator
from train.prove.arms import arms, trained
from train.prove.asking import answered
from train.prove.document import document
from train.prove.precheck import STEPS, Indication, precheck
from train.prove.questions import Questions, questions
from train.prove.runs import Both, NothingToProve, both
from train.prove.verdicts import Answers, Judgement, judged
from train.telling import Tell, Telling

FOLDER, FILE = "proof", "proof.json"
NAMES = {
    "dirty": "the data before the repair",
    "control": "other records changed",
    "repair": "the repair",
}
FEWEST_SEEDS = 2


@dataclass(frozen=True)
class Proof:
    """What a proof found; `judgement` is None where only the pre-check was made."""

    both: Both
    questions: Questions
    indications: Sequence[Indication]
    seeds: int
    judgement: Judgement | None = None


def prove(
    before: Path,
    after: Path,
    seeds: int = FEWEST_SEEDS,
    quick: bool = False,
    tell: Tell = print,
    locale: str = "en",
) -> Proof:
    """Train what is missing, ask every arm, judge; NothingToProve and BadSetting say why not."""
    if seeds < FEWEST_SEEDS:
        raise BadSetting(
            f"--seeds {seeds}: a proof needs {FEWEST_SEEDS} or more, because one training moves "
            "answers by itself"
        )
    speak = Telling(tell, translator(locale))
    sides = both(before, after)
    asked = questions(sides)
    if not asked.failures:
        raise NothingToProve(
            f"no failure of {before.name} is left to ask: {len(asked.gone)} are no dev record now, "
            f"and {len(asked.right)} were right by the corrected reference"
        )
    speak("{n} failures are asked, with {m} paraphrases", n=len(asked.failures), m=asked.others)
    indications = precheck(sides, asked.failures)
    speak(
        "pre-check, an indication only: after {steps} steps on the changed records {n} of {of} "
        "failures move towards their reference, more than by other records",
        steps=STEPS, n=sum(one.points_to_a_fix for one in indications), of=len(indications),
    )  # fmt: skip
    proof = Proof(sides, asked, indications, seeds)
    if not quick:
        place = after / FOLDER
        place.mkdir(exist_ok=True)
        answers = carried_out(sides, asked, seeds, place, speak, locale)
        proof = Proof(sides, asked, indications, seeds, judged(asked, answers))
        told = json.dumps(document(proof), indent=1, ensure_ascii=False) + "\n"
        write_whole(place / FILE, told.encode())
    return proof


def carried_out(
    sides: Both, asked: Questions, seeds: int, place: Path, speak: Telling, locale: str
) -> Answers:
    """Every arm trained, or found, and asked."""
    said: dict[Any, list[Any]] = {"dirty": [], "control": [], "repair": []}
    wanted = list(arms(sides, seeds, place))
    for number, arm in enumerate(wanted, start=1):
        speak(
            "{n} of {arms}: {arm}, seed {seed}",
            n=number, arms=len(wanted), arm=speak.t(NAMES[arm.kind]), seed=arm.seed,
        )  # fmt: skip
        run = trained(arm, place, speak, locale)
        said[arm.kind].append(answered(run, asked.records, place / f"asked-{arm.name}.parquet"))
    return said
