"""train eval: answer the dev or test records once more and measure the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from train.commands import options

if TYPE_CHECKING:
    from train.approved import Record
    from train.recipe import Recipe

Run = Annotated[Path | None, typer.Argument(help="Folder of a run [the base model alone].")]
Split = Annotated[str, typer.Option(help="dev or test.")]
Shots = Annotated[int, typer.Option(help="Approved examples put before each prompt.", min=0)]


def eval(  # noqa: A001 - the command's name
    run: Run = None,
    split: Split = "dev",
    shots: Shots = 0,
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
        template = template_of(chosen, loaded.tokenizer)
        said = evaluate(loaded.model, loaded.tokenizer, template, asked, chosen.evaluate, before)
    means = {"records": len(said), **summary(said)}
    if as_json:
        typer.echo(json.dumps({"split": split, "snapshot": approved.id, **means}))
        return 0
    t = translator(locale)
    typer.echo(t("{n} {split} records of {snapshot}").format(
        n=len(said), split=split, snapshot=approved.id[:12]
    ))  # fmt: skip
    for name, value in summary(said).items():
        typer.echo(f"{name:12} {'–' if value is None else f'{value:.4g}'}")
    return 0


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
