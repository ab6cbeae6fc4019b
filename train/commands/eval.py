"""train eval: answer the dev or test records once more and measure the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from train.commands import options

if TYPE_CHECKING:
    from train.approved import Record
    from train.recipe import Recipe

Run = Annotated[Path | None, typer.Argument(help="Folder of a run [the base model alone].")]
Split = Annotated[str, typer.Option(help="dev or test.")]
Templates = Annotated[
    list[str],
    typer.Option("--template", help="Ask under this template, alpaca or chat; several compare."),
]
Shots = Annotated[int, typer.Option(help="Approved examples put before each prompt.", min=0)]


def eval(  # noqa: A001 - the command's name
    run: Run = None,
    split: Split = "dev",
    shots: Shots = 0,
    templates: Templates = [],  # noqa: B006
    recipe: options.Recipe = None,
    changes: options.Changes = [],  # noqa: B006 - typer copies it
    snapshot: options.Snapshot = None,
    model: options.Model = None,
    workspace: options.Workspace = None,
    as_json: options.Json = False,
    locale: options.Locale = "en",
) -> int:
    """Measure a run's model, or a base model, on the dev or test records of a snapshot."""
    import json

    from train.approved import open_approved
    from train.evaluate import evaluate, summary
    from train.locale import translator
    from train.model import load
    from train.quiet import quiet
    from train.template import template_of

    chosen = recipe_of(run, recipe, changes, model)
    approved = open_approved(snapshot or chosen.dataset.approved, workspace)
    asked = approved.records(split_named(split))
    before = worked_examples(approved.records("train"), shots)
    with quiet():
        loaded = load(chosen)
        under = {
            name: template_of(named(chosen, name), loaded.tokenizer)
            for name in templates or [chosen.template.name]
        }  # all of them before the first answer, so that an unknown one costs nothing
        means = {
            name: summary(
                evaluate(loaded.model, loaded.tokenizer, template, asked, chosen.evaluate, before)
            )
            for name, template in under.items()
        }
    if as_json:
        several = {"templates": means} if templates else next(iter(means.values()))
        told = {"split": split, "snapshot": approved.id, "records": len(asked), **several}
        typer.echo(json.dumps(told))
        return 0
    t = translator(locale)
    typer.echo(t("{n} {split} records of {snapshot}").format(
        n=len(asked), split=split, snapshot=approved.id[:12]
    ))  # fmt: skip
    for line in lines(means):
        typer.echo(line)
    return 0


def lines(means: Mapping[str, Mapping[str, float | None]]) -> Iterator[str]:
    """A line for each measure, a column for each template."""
    wide = max(10, *map(len, means))
    if len(means) > 1:
        yield f"{'':12} " + " ".join(f"{name:>{wide}}" for name in means)
    for measure in next(iter(means.values())):
        values = [each[measure] for each in means.values()]
        said = ["–" if value is None else f"{value:.4g}" for value in values]
        yield f"{measure:12} " + " ".join(f"{one:>{wide}}" for one in said)


def named(recipe: Recipe, template: str) -> Recipe:
    """The recipe with another template, its other settings as they are."""
    section = recipe.template.model_copy(update={"name": template})
    return recipe.model_copy(update={"template": section})


def recipe_of(run: Path | None, named: str | None, changes: list[str], model: str | None) -> Recipe:
    """The recipe of a run with its adapter, or the one that is named."""
    from curate.errors import BadSource
    from train.recipe import load

    told = [*changes, *([f"model.llm_backbone={model}"] if model else [])]
    if run is None:
        return load(named, told)
    if not (run / "resolved.yaml").is_file():
        raise BadSource(f"{run} is no run: it has no resolved.yaml; train run makes one")
    if (run / "adapter").is_dir():
        told = [f"adapter.init_from={run / 'adapter'}", *told]
    return load(run / "resolved.yaml", told)


def split_named(split: str) -> str:
    """The split, where it is one that may be measured."""
    from curate.errors import BadSetting, unknown

    if split not in ("dev", "test"):
        raise BadSetting(f"--split: {unknown('split', split, ('dev', 'test'))}")
    return split


def worked_examples(records: list[Record], n: int) -> list[Record]:
    """As many approved train records, the same ones every time: those of the smallest ids."""
    return sorted(records, key=lambda one: one.record_id)[:n]
