"""Answers: the dev and test records before and after training, and what the difference says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from train import folder, probes
from train.approved import Approved, Record, open_approved
from train.compare import pinned_under
from train.evaluate import Answered, evaluate, read_records, summary, write_records
from train.failures import failures, write_failures
from train.forgetting import forgotten, forgotten_tests, over_limit
from train.model import Loaded, answering, untrained
from train.recipe import Recipe
from train.telling import Telling
from train.template import Template

EARLIER = "baseline.parquet"
TOLD = {"exact_match": "exact match", "chrf": "chrF", "loss": "loss"}
"""Figures that a run prints of its dev records, and their names."""


@dataclass(frozen=True)
class Answers:
    """The dev and test records, answered."""

    baseline: Sequence[Answered]
    few_shot: Sequence[Answered]
    tuned: Sequence[Answered]


def held_out(approved: Approved) -> list[Record]:
    """The records that are answered: dev, which feeds review, and test, the frozen yardstick."""
    return [*approved.records("dev"), *approved.records("test")]


def baseline(
    place: Path,
    recipe: Recipe,
    approved: Approved,
    loaded: Loaded,
    template: Template,
    tell: Telling,
) -> Answers:
    """The answers before step 0, also with worked examples; a resumed run has them already."""
    records, asked = held_out(approved), probed(recipe)
    if not recipe.evaluate.before_training:
        return Answers([], [], [])
    with before_training(recipe, loaded) as model:
        to = (model, loaded.tokenizer, template)
        if asked and not (place / probes.FILE).exists():
            said = probes.ask(*to, asked, recipe.evaluate)
            probes.write(place / probes.FILE, probes.side_by_side(asked, said, said))
        if records and not (place / EARLIER).exists():
            tell("answering {n} records before training", n=len(records))
            shots = examples(approved, recipe)
            plain = evaluate(*to, records, recipe.evaluate)
            guided = evaluate(*to, records, recipe.evaluate, shots) if shots else None
            write_records(place / EARLIER, records, baseline=plain, few_shot=guided)
    if not records:
        return Answers([], [], [])
    plain, guided = (read_records(place / EARLIER, kind) for kind in ("baseline", "few_shot"))
    return Answers(plain, guided, [])


@contextmanager
def before_training(recipe: Recipe, loaded: Loaded) -> Iterator[Any]:
    """The model before step 0, in the precision of evaluation."""
    if recipe.evaluate.precision != "training":
        yield answering(recipe, loaded)
        return
    with loaded.as_baseline() as model:
        yield model


def probed(recipe: Recipe) -> list[Record]:
    """The fixed prompts that are answered before and after."""
    named = recipe.dataset.probe_prompts
    return probes.probes(Path(named)) if named else []


def examples(approved: Approved, recipe: Recipe) -> list[Record]:
    """Approved training records to put before a prompt: would worked examples do?"""
    records = approved.records("train")
    wanted = min(recipe.evaluate.few_shot_baseline, len(records))
    return random.Random(recipe.run.seed).sample(records, wanted)


def after(
    place: Path,
    recipe: Recipe,
    approved: Approved,
    loaded: Loaded,
    template: Template,
    before: Answers,
    tell: Telling,
) -> Answers:
    """The same records and probes, answered by the tuned model in the same way."""
    as_trained = recipe.evaluate.precision == "training"
    model = loaded.model if as_trained else answering(recipe, loaded, place / "adapter")
    to = (model, loaded.tokenizer, template)
    if asked := probed(recipe):
        first = [one.baseline or "" for one in probes.read(place / probes.FILE)] or None
        tuned = probes.ask(*to, asked, recipe.evaluate)
        probes.write(place / probes.FILE, probes.side_by_side(asked, tuned, first))
    records = held_out(approved)
    tell("answering {n} records after training", n=len(records))
    answered = evaluate(*to, records, recipe.evaluate) if records else []
    return Answers(before.baseline, before.few_shot, answered)


def write_answers(place: Path, approved: Approved, answers: Answers, tell: Telling) -> None:
    """records.parquet and failures.parquet."""
    records = held_out(approved)
    few_shot = answers.few_shot or None
    write_records(
        place / "records.parquet", records, answers.tuned, answers.baseline or None, few_shot
    )
    found = failures(records, answers.tuned, answers.baseline, pinned_under(place.parent))
    write_failures(place / "failures.parquet", found)
    reasons = Counter(reason for failure in found for reason in failure.reasons)
    folder.tell(place, failures={"records": len(found), "reasons": dict(reasons)})
    tell_results(approved, answers, reasons, len(found), tell)


def tell_results(
    approved: Approved, answers: Answers, reasons: Mapping[str, int], failed: int, tell: Telling
) -> None:
    """The few figures that say whether training helped, and what is still wrong."""
    dev = results(approved, "dev", answers)
    if "tuned" not in dev:
        return
    for name, called in TOLD.items():
        before, after = (dev.get(kind, {}).get(name) for kind in ("baseline", "tuned"))
        if before is not None and after is not None:
            moved = f"{before:.3g} → {after:.3g}"
            tell("dev, {figure}: {moved}", figure=tell.t(called), moved=moved)
    said = ", ".join(f"{reason} {n}" for reason, n in reasons.items()) or "–"
    of = len(approved.records("dev"))
    tell("wrong answers: {n} of {of} dev records ({reasons})", n=failed, of=of, reasons=said)


def earlier_tests(recipe: Recipe, workspace: Path | None) -> dict[str, list[Record]]:
    """The test records of earlier approved snapshots, by the beginning of its id."""
    opened = [open_approved(named, workspace) for named in recipe.forgetting.earlier_test_sets]
    return {approved.id[:12]: approved.records("test") for approved in opened}


def forget(
    place: Path,
    recipe: Recipe,
    loaded: Loaded,
    template: Template,
    earlier: Mapping[str, Sequence[Record]],
    tell: Telling,
) -> None:
    """What the model lost on general text and earlier tests, and whether the recipe allows it."""
    whole = recipe.adapter.type == "none"
    base = (lambda: untrained(recipe, loaded)) if whole else None
    to = (loaded.model, loaded.tokenizer)
    lost = forgotten(*to, base) if recipe.forgetting.text_probe else []
    lost += forgotten_tests(*to, template, earlier, base)
    if not lost:
        return
    over = over_limit(lost, recipe.gates.forgetting_delta)
    for one in over:
        tell(
            "forgetting: loss on {name} rose by {delta} nats a token; "
            "gates.forgetting_delta allows {limit}",
            name=one.name, delta=f"{one.delta:.3f}", limit=recipe.gates.forgetting_delta,
        )  # fmt: skip
    folder.tell(
        place,
        forgetting=[one.as_dict() for one in lost],
        gates={"forgetting_delta": not over},
    )


def results(approved: Approved, split: str, answers: Answers) -> Mapping[str, Any]:
    """The means of every measure on a split, before and after."""
    ids = {record.record_id for record in approved.records(split)}
    kinds = {
        "baseline": answers.baseline,
        "few_shot": answers.few_shot,
        "tuned": answers.tuned,
    }
    chosen = {kind: [one for one in each if one.record_id in ids] for kind, each in kinds.items()}
    return {kind: summary(each) for kind, each in chosen.items() if each}
