"""train run, as a story: from approved records to an adapter and what it got wrong."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean

from curate.errors import CurateError
from train import folder, ledger
from train.answers import after, baseline, forget, write_answers
from train.approved import Approved, open_approved
from train.choices import Choice
from train.fit import Fitted, fit, further_choices, schedule
from train.generate import answer_losses
from train.model import Loaded, load, trainable
from train.plan import plan
from train.prepared import Prepared, prepare
from train.processes import Together, together
from train.quiet import quiet
from train.recipe import Recipe
from train.signing import finish, keep, sign
from train.template import Template, template_of

Tell = Callable[[str], None]


def run(
    recipe: Recipe,
    snapshot: str | Path | None = None,
    workspace: Path | None = None,
    resume: Path | None = None,
    tell: Tell = print,
) -> Path:
    """Carry out a recipe on approved records; the run's folder."""
    began = time.monotonic()
    with quiet(), together() as others:
        tell = tell if others.first else silent
        recipe = others.same(partial(with_seed, recipe))
        refuse_unsound(recipe, snapshot, workspace, tell)
        approved = open_approved(snapshot or recipe.dataset.approved, workspace)
        place = others.same(lambda: folder.begin(recipe, resume))
        loaded = load(recipe)
        template = template_of(recipe, loaded.tokenizer)
        prepared = prepare(approved, template, recipe)
        chosen = [*loaded.choices, *further_choices(loaded, prepared, recipe)]
        others.same(lambda: sign(place, recipe, approved, loaded, template, chosen, others))
        announce(tell, place, recipe, approved, loaded, prepared, chosen)

        before = others.alone(lambda: baseline(place, recipe, approved, loaded, template, tell))
        fitted = train(place, recipe, approved, loaded, template, prepared, chosen, others)
        others.alone(lambda: keep(place, recipe, loaded, template))
        if not others.first:
            return place

        tell(f"trained {fitted.steps} steps in {fitted.seconds:.0f} s")
        entries = write_ledger(place, prepared, fitted)
        answers = after(place, recipe, approved, loaded, template, before)
        write_answers(place, approved, answers)
        forget(place, recipe, loaded, tell)
        finish(place, approved, fitted, entries, answers, time.monotonic() - began)
        tell(f"the run lies in {place}")
    return place


def silent(_: str) -> None:
    """What the other processes have to say, the first one says for them."""


class Unsound(CurateError):
    """The plan of a run found an error."""

    exit_code = 1


def refuse_unsound(
    recipe: Recipe, snapshot: str | Path | None, workspace: Path | None, tell: Tell
) -> None:
    """Unsound with everything that would go wrong; what is only worth knowing is told."""
    planned = plan(recipe, snapshot=str(snapshot) if snapshot else None, workspace=workspace)
    errors = [problem for problem in planned.problems if problem.severity == "error"]
    if any(problem.code == "not-approved" for problem in errors):
        open_approved(snapshot or recipe.dataset.approved, workspace)  # says why
    if errors:
        said = "".join(f"\n  {problem.code}: {problem.message}" for problem in errors)
        raise Unsound(f"this run would go wrong; `train plan` shows more:{said}")
    for problem in planned.problems:
        tell(f"mind: {problem.message}")


def with_seed(recipe: Recipe) -> Recipe:
    """The recipe with a seed drawn where it asks for one, so that the seed is recorded."""
    if recipe.run.seed >= 0:
        return recipe
    drawn = recipe.run.model_copy(update={"seed": secrets.randbelow(2**31)})
    return recipe.model_copy(update={"run": drawn})


def announce(
    tell: Tell,
    place: Path,
    recipe: Recipe,
    approved: Approved,
    loaded: Loaded,
    prepared: Prepared,
    chosen: Sequence[Choice],
) -> None:
    """What is about to happen, and why."""
    trained, every = trainable(loaded.model)
    held = len(prepared.read) - len(approved.records("train"))
    tell(f"run {place}: {recipe.method} of {recipe.model.llm_backbone}, seed {recipe.run.seed}")
    tell(
        f"approved snapshot {approved.id[:12]}: {len(prepared.encoded)} records to train, "
        f"{len(approved.records('train')) - len(prepared.encoded)} left out, {held} held out"
    )
    tell(f"{trained:,} of {every:,} parameters are trained ({trained / every:.3%})")
    for choice in chosen:
        tell(f"  {choice}")


def train(
    place: Path,
    recipe: Recipe,
    approved: Approved,
    loaded: Loaded,
    template: Template,
    prepared: Prepared,
    chosen: Sequence[Choice],
    others: Together,
) -> Fitted:
    """Train to the last step, watching the loss on dev."""
    values = {choice.setting: choice.value for choice in chosen}
    dev = [template.encode(record) for record in approved.records("dev")]
    dev = [encoded for encoded in dev if any(encoded.trained[1:])]
    size = recipe.evaluate.generation.batch_size

    def dev_loss() -> float:
        return fmean(answer_losses(loaded.model, loaded.tokenizer, dev, size))

    plan = schedule(prepared, recipe, values["packing"] == "on", others.count)
    watched = dev_loss if dev else None
    return fit(loaded, prepared, recipe, values.__getitem__, plan, place, watched)


def write_ledger(place: Path, prepared: Prepared, fitted: Fitted) -> list[ledger.Entry]:
    """ledger.parquet: what became of every record."""
    rest = "stopped" if fitted.stopped else "last-batch"
    entries = ledger.entries(prepared.read, prepared.fates, prepared.encoded, fitted.seen, rest)
    ledger.write(entries, place / "ledger.parquet")
    return entries
