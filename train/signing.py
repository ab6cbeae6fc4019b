"""Signing: what a run says of itself in its folder, before it begins and when it has ended."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean

from curate.publish import write_whole
from train import folder, ledger
from train.answers import Answers, examples, held_out, results
from train.approved import Approved, Record
from train.backbones import digests
from train.choices import Choice
from train.fit import Fitted
from train.hardware import peak_bytes, versions
from train.model import Loaded, trainable
from train.processes import Together
from train.recipe import Recipe
from train.reciting import recited
from train.template import Template
from train.watch import best_states

ASKED = 200  # prompts whose tokens are counted
UNCOMPARED = {"experiment_name", "output_directory", "on_existing"}
"""Settings of `run` that may differ when a run goes on."""


def sign(
    place: Path,
    recipe: Recipe,
    approved: Approved,
    loaded: Loaded,
    template: Template,
    chosen: Sequence[Choice],
    others: Together,
) -> None:
    """Say in the folder what is about to be done; refuse to go on with anything else."""
    settings = recipe.model_dump(mode="json")
    settings["run"] = {k: v for k, v in settings["run"].items() if k not in UNCOMPARED}
    settings["dataset"].pop("approved")  # its id is compared
    del settings["track"], settings["environment"]
    model = {"name": recipe.model.llm_backbone, "files": digests(loaded.folder)}
    agreement = {
        "approved": approved.id,
        "template": template.fingerprint,
        "model": model["files"],
        "recipe": settings,
        "choices": {choice.setting: choice.value for choice in chosen},
        "processes": others.count,
    }
    folder.agree(place, agreement)
    notes = {"approved": approved.id, "template": template.fingerprint, **model}
    folder.write_resolved(place, recipe, {**notes, "versions": versions()})
    said = json.dumps(approved.manifest, indent=1, ensure_ascii=False)
    write_whole(place / "approved.json", said.encode() + b"\n")
    trained, every = trainable(loaded.model)
    folder.tell(
        place,
        approved={"id": approved.id, "path": str(approved.path.resolve())},
        recipe={"digest": recipe.digest(), "method": recipe.way, "task": recipe.training.task},
        template_fingerprint=template.fingerprint,
        stops=list(template.stops),
        model=model,
        precision=recipe.evaluate.precision,
        generation=recipe.evaluate.generation.model_dump(mode="json"),
        choices=[choice.document() for choice in chosen],
        parameters={"trainable": trained, "total": every},
        versions=versions(),
        hardware=loaded.hardware.told(),
        prompt_tokens=prompt_tokens(approved, template, recipe),
    )


def prompt_tokens(approved: Approved, template: Template, recipe: Recipe) -> dict[str, float]:
    """What a request costs: mean tokens of a prompt, alone and behind worked examples."""
    asked, shots = held_out(approved)[:ASKED], examples(approved, recipe)
    before: dict[str, list[Record]] = {"alone": [], **({"few_shot": shots} if shots else {})}
    return {
        kind: round(fmean(len(template.prompt_ids(record, some)) for record in asked), 1)
        for kind, some in before.items()
        if asked
    }


def keep(place: Path, recipe: Recipe, loaded: Loaded, template: Template) -> None:
    """Write the adapter: the best one where the recipe says so, else the last."""
    if recipe.training.save_checkpoint == "best" and (best := best_states(place)):
        loaded.restore(best[0][0])
    notes = {
        "fingerprint": template.fingerprint,
        "stops": list(template.stops),
        "model": recipe.model.llm_backbone,
        "revision": recipe.model.revision,
        "files": digests(loaded.folder),
    }
    weight = folder.write_model(place, loaded.model, loaded.tokenizer, notes)
    folder.tell(place, adapter_bytes=weight)


def finish(
    place: Path,
    approved: Approved,
    fitted: Fitted,
    entries: Sequence[ledger.Entry],
    answers: Answers,
    seconds: float,
) -> None:
    """Say in run.json how it went."""
    sittings = folder.told(place)["sittings"]
    dev = {record.record_id for record in approved.records("dev")}
    repeated = recited(
        [one for one in answers.tuned if one.record_id in dev], approved.records("train")
    )
    sittings[-1] |= {
        "resumed_from": fitted.resumed_from,
        "training_seconds": round(fitted.seconds, 2),
        "seconds": round(seconds, 2),
        "tokens": fitted.tokens,
        "tokens_per_second": round(fitted.tokens / max(fitted.seconds, 1e-9), 1),
        "peak_memory_bytes": peak_bytes(folder.told(place)["hardware"]["device"]),
        "training_joules": dict(fitted.joules),
    }
    folder.tell(
        place,
        status="stopped" if fitted.stopped else "finished",
        stopped=fitted.stopped,
        finished=folder.now(),
        sittings=sittings,
        steps=fitted.steps,
        records=dict(Counter(entry.outcome for entry in entries)),
        recited=[asdict(one) for one in repeated],
        results={split: results(approved, split, answers) for split in ("dev", "test")},
    )
