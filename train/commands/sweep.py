"""train sweep: several runs that differ in a few settings, and one table."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from train.commands import options


def sweep(
    preset: Annotated[
        str | None, typer.Option(help="qlora-4: two ranks, two sets of layers, 4 and 8 bits.")
    ] = None,
    over: Annotated[
        list[str], typer.Option(help="SETTING=[VALUE, …]; all combinations are run.")
    ] = [],  # noqa: B006
    learning_curve: Annotated[
        bool, typer.Option("--learning-curve", help="With 25, 50 and 100 % of the records.")
    ] = False,
    recipe: options.Recipe = None,
    changes: options.Changes = [],  # noqa: B006
    snapshot: options.Snapshot = None,
    model: options.Model = None,
    workspace: options.Workspace = None,
    as_json: options.Json = False,
    locale: options.Locale = "en",
) -> int:
    """Run each combination once, and write sweep.json and sweep.md; what has ended is kept."""
    import json

    from train import sweep_table
    from train.recipe import load
    from train.sweep import JSON
    from train.sweep import sweep as carry_out

    changes = [*changes, *([f"model.llm_backbone={model}"] if model else [])]
    say = aside if as_json else print
    place = carry_out(
        load(recipe, changes), preset, over, learning_curve, snapshot, workspace, say, locale
    )
    document = json.loads((place / JSON).read_bytes())
    if as_json:
        typer.echo(json.dumps({"sweep": str(place), **document}, ensure_ascii=False))
    else:
        typer.echo(sweep_table.markdown(document, locale))
    return 1 if any(row["why"] for row in document["runs"]) else 0


def aside(line: str) -> None:
    """Progress that is no part of the answer."""
    sys.stderr.write(f"{line}\n")
