"""train recipe: what can be set, and what a recipe comes to with all its defaults."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from train.commands import options

app = typer.Typer(help="Show recipes: their settings, presets and schema.", no_args_is_help=True)

Named = Annotated[str | None, typer.Argument(help="Recipe file or preset [qlora-all-linear].")]


@app.command()
def schema() -> None:
    """Print the JSON Schema of a recipe file."""
    from train import recipe

    typer.echo(json.dumps(recipe.schema(), indent=1, ensure_ascii=False))


@app.command()
def show(
    named: Named = None,
    changes: options.Changes = [],  # noqa: B006
    json_: options.Json = False,
) -> None:
    """Print a recipe with every default, as a file that can be used."""
    from train import recipe

    loaded = recipe.load(named, changes)
    typer.echo(loaded.model_dump_json(indent=1) if json_ else loaded.yaml().rstrip())


@app.command("list")
def list_() -> None:
    """Print the presets, each with what it is for."""
    from train import recipe

    width = max(len(name) for name in recipe.presets())
    for name in recipe.presets():
        typer.echo(f"{name:{width}}  {recipe.purpose(name)}")
