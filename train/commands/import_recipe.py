"""train import-recipe: another system's configuration as a recipe of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from train.commands import options

if TYPE_CHECKING:
    from curate.locale import Translator
    from train.importing import Imported


def import_recipe(
    file: Annotated[Path, typer.Argument(help="YAML of H2O LLM Studio, LLaMA-Factory or Axolotl.")],
    out: Annotated[Path | None, typer.Option(help="Recipe file to write [printed].")] = None,
    kind: Annotated[
        str | None, typer.Option(help="h2o, llama-factory or axolotl [found by looking].")
    ] = None,
    locale: options.Locale = "en",
    json: options.Json = False,
) -> int:
    """Write a recipe, and name every field that has no place in one, with the reason."""
    from curate.errors import BadSetting
    from curate.publish import write_whole
    from train.importing import as_yaml, flow, imported
    from train.locale import translator

    t = translator(locale)
    if out and out.exists():
        raise BadSetting(f"{out} is there already; name a new file")
    made = imported(file, kind)
    text = as_yaml(made)
    if out:
        write_whole(out, text.encode())
    if json:
        mapped = [{"field": name, "value": v, "setting": ours} for name, v, ours in made.mapped]
        document = {
            "kind": made.kind,
            "recipe": made.recipe.model_dump(mode="json"),
            "mapped": mapped,
            "unmapped": [each._asdict() for each in made.unmapped],
            "assumed": dict(made.assumed),
        }
        typer.echo(flow(document))
        return 0
    if not out:
        typer.echo(text.rstrip())
    tell(made, t)
    return 0


def tell(made: Imported, t: Translator) -> None:
    """What was kept, what was not, and what that system does without a word."""
    from train.importing import flow

    summary = t("{kind}: {mapped} fields are mapped, {unmapped} are not")
    counts = {"mapped": len(made.mapped), "unmapped": len(made.unmapped)}
    typer.echo(summary.format(kind=made.kind, **counts), err=True)
    for heading, changes in ((t("these change the run:"), True), (t("these do not:"), False)):
        lines = [each for each in made.unmapped if each.changes is changes]
        if lines:
            typer.echo(heading, err=True)
        for each in lines:
            typer.echo(f"  {each.field}={flow(each.value)}: {t(each.why)}", err=True)
    if made.assumed:
        typer.echo(t("not in the file, and so by default in that system:"), err=True)
    for name, value in made.assumed:
        typer.echo(f"  {name}={flow(value)}", err=True)
