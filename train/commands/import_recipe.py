"""train import-recipe: another system's configuration as a recipe of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from train.commands import options


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
    from curate.publish import write_whole
    from train.importing import as_yaml, flow, imported
    from train.locale import translator

    t = translator(locale)
    made = imported(file, kind)
    text = as_yaml(made)
    if out:
        write_whole(out, text.encode())
    if json:
        said = [{"field": name, "value": value, "why": why} for name, value, why in made.unmapped]
        mapped = [{"field": name, "value": v, "setting": ours} for name, v, ours in made.mapped]
        document = {
            "kind": made.kind,
            "recipe": made.recipe.model_dump(mode="json"),
            "mapped": mapped,
            "unmapped": said,
        }
        typer.echo(flow(document))
        return 0
    if not out:
        typer.echo(text.rstrip())
    summary = t("{kind}: {mapped} fields are mapped, {unmapped} are not")
    counts = {"mapped": len(made.mapped), "unmapped": len(made.unmapped)}
    typer.echo(summary.format(kind=made.kind, **counts), err=True)
    for name, value, why in made.unmapped:
        typer.echo(f"  {name}={flow(value)}: {t(why)}", err=True)
    return 0
