"""train run, as a story: from approved records to an adapter and what it got wrong."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import fmean

from curate.errors import CurateError
from curate.workspace import find
from train import card, folder, ledger, report
from train.answers import after, baseline, earlier_tests, forget, write_answers
from train.approved import Approved, open_approved
from train.choices import Choice
from train.errors import NotApproved
from train.fit import Fitted, fit, further_choices, schedule
from train.generate import answer_losses
from train.locale import translator
from train.model import Loaded, load, trainable
from train.plan import plan
from train.prepared import Prepared, prepare
from train.processes import Together, together
from train.quiet import quiet
from train.recipe import Recipe
from train.sending import send
from train.signing import finish, keep, sign
from train.telling import Tell, Telling, silent
from train.template import Template, template_of
from train.tracing import stages
from train.tracing.asking import Model


def run(
    recipe: Recipe,
    snapshot: str | Path | None = None,
    workspace: Path | None = None,
    resume: Path | None = None,
    tell: Tell = print,
    locale: str = "en",
) -> Path:
    """Carry out a recipe on approved records; the run's folder."""
    began = time.monotonic()
    with quiet(), together() as others, ExitStack() as story:
        speak = Telling(tell if others.first else silent, translator(locale))
        recipe = others.same(partial(with_seed, recipe))
        named = snapshot or recipe.dataset.approved or trained_on(resume, workspace)
        others.same(lambda: folder.refuse_finished(recipe, resume))
        others.same(lambda: refuse_unsound(recipe, named, workspace, speak))
        approved = open_approved(named, workspace)
        earlier = earlier_tests(recipe, workspace)
        place = others.same(lambda: folder.begin(recipe, resume))
        story.enter_context(going_on(place, others, speak))
        loaded = load(recipe)
        template = template_of(recipe, loaded.tokenizer)
        prepared = prepare(approved, template, recipe)
        chosen = [*loaded.choices, *further_choices(loaded, prepared, recipe)]
        others.same(lambda: sign(place, recipe, approved, loaded, template, chosen, others))
        announce(speak, place, recipe, approved, loaded, prepared, chosen)

        before = others.alone(lambda: baseline(place, recipe, approved, loaded, template, speak))
        others.alone(lambda: stages.before_training(place, recipe, loaded, prepared, speak))
        fitted = train(place, recipe, approved, loaded, template, prepared, chosen, others, speak)
        others.alone(lambda: keep(place, recipe, loaded, template))
        if not others.first:
            return place

        speak("trained {n} steps in {seconds} s", n=fitted.steps, seconds=f"{fitted.seconds:.0f}")
        entries = write_ledger(place, prepared, fitted)
        answers = after(place, recipe, approved, loaded, template, before, speak)
        write_answers(place, approved, answers, speak)
        asked = Model(recipe, loaded, template)
        stages.after_evaluation(place, approved, asked, prepared, fitted, answers, speak)
        forget(place, recipe, loaded, template, earlier, speak)
        finish(place, approved, fitted, entries, answers, time.monotonic() - began)
        report.write(place, locale)
        if recipe.output.model_card:
            card.write(place)
        send(place, recipe, approved, workspace, speak)
        speak("the run lies in {place}", place=place)
    return place


@contextmanager
def going_on(place: Path, others: Together, tell: Telling) -> Iterator[None]:
    """Where somebody interrupts what happens inside, the folder and the person are told."""
    try:
        yield
    except KeyboardInterrupt:
        if others.first and folder.told(place).get("status") == folder.RUNNING:
            folder.tell(place, status=folder.INTERRUPTED)
            tell("stopped; go on with: {command}", command=folder.to_go_on(place))
        raise


def trained_on(run: Path | None, workspace: Path | None) -> str | Path | None:
    """The approved snapshot that a run goes on with: that it began with, wherever we are now."""
    began = folder.told(run).get("approved") if run else None
    if began is None:
        return None
    where = Path(began["path"])
    homes = (find(workspace), find(workspace, run))
    for one in (where, *(home.approved / str(began["id"]) for home in homes)):
        if (one / "manifest.json").is_file():
            return one
    raise NotApproved(
        "{run} was begun on the approved snapshot {name}, which is neither at {where} nor in "
        "{place}; name it with --snapshot, or its workspace with --workspace",
        run=run, name=began["id"], where=where, place=find(workspace).approved,
    )  # fmt: skip


class Unsound(CurateError):
    """The plan of a run found an error."""

    exit_code = 1


def refuse_unsound(
    recipe: Recipe, snapshot: str | Path | None, workspace: Path | None, tell: Telling
) -> None:
    """Unsound with everything that would go wrong; what is only worth knowing is told."""
    planned = plan(recipe, snapshot=str(snapshot) if snapshot else None, workspace=workspace)
    errors = [problem for problem in planned.problems if problem.severity == "error"]
    if any(problem.code in ("not-approved", "no-snapshot") for problem in errors):
        try:
            open_approved(snapshot or recipe.dataset.approved, workspace)  # says why
        except NotApproved as refused:
            raise refused.told(tell.t) from None
    if errors:
        said = "".join(f"\n  {problem.code}: {problem.said(tell.t)}" for problem in errors)
        raise Unsound(tell.t("this run would go wrong; `train plan` shows more:") + said)
    for problem in planned.problems:
        tell("mind: {problem}", problem=problem.said(tell.t))


def with_seed(recipe: Recipe) -> Recipe:
    """The recipe with a seed drawn where it asks for one, so that the seed is recorded."""
    if recipe.run.seed >= 0:
        return recipe
    drawn = recipe.run.model_copy(update={"seed": secrets.randbelow(2**31)})
    return recipe.model_copy(update={"run": drawn})


def announce(
    tell: Telling,
    place: Path,
    recipe: Recipe,
    approved: Approved,
    loaded: Loaded,
    prepared: Prepared,
    chosen: Sequence[Choice],
) -> None:
    """What is about to happen, and why."""
    trained, every = trainable(loaded.model)
    wanted = len(approved.records("train"))
    tell(
        "run {place}: {method} of {model}, seed {seed}",
        place=place, method=recipe.way, model=recipe.model.llm_backbone, seed=recipe.run.seed,
    )  # fmt: skip
    tell(
        "approved snapshot {id}: {n} records to train, {left} left out, {held} held out",
        id=approved.id[:12], n=len(prepared.encoded), left=wanted - len(prepared.encoded),
        held=len(prepared.read) - wanted,
    )  # fmt: skip
    tell(
        "{trained} of {every} parameters are trained ({share})",
        trained=f"{trained:,}", every=f"{every:,}", share=f"{trained / every:.3%}",
    )  # fmt: skip
    for choice in chosen:
        tell.out(f"  {choice.said(tell.t)}")


def train(
    place: Path,
    recipe: Recipe,
    approved: Approved,
    loaded: Loaded,
    template: Template,
    prepared: Prepared,
    chosen: Sequence[Choice],
    others: Together,
    tell: Telling,
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
    return fit(loaded, prepared, recipe, values.__getitem__, plan, place, watched, tell)


def write_ledger(place: Path, prepared: Prepared, fitted: Fitted) -> list[ledger.Entry]:
    """ledger.parquet: what became of every record."""
    rest = "stopped" if fitted.stopped else "last-batch"
    entries = ledger.entries(prepared.read, prepared.fates, prepared.encoded, fitted.seen, rest)
    ledger.write(entries, place / "ledger.parquet")
    return entries
