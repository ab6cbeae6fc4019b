"""train plan: what a run would do, and what would go wrong, before anything is loaded."""

from __future__ import annotations

from typing import Annotated

import typer

from train.commands import options


def plan(
    recipe: options.Recipe = None,
    changes: options.Changes = [],  # noqa: B006
    snapshot: options.Snapshot = None,
    model: options.Model = None,
    model_config: Annotated[
        str | None,
        typer.Option(help="Only the model's shape: a config.json, or a name as llama-2-7b."),
    ] = None,
    show: Annotated[int, typer.Option(help="Show the tokens and the mask of so many records.")] = 1,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
    json: options.Json = False,
) -> int:
    """Say what a run would do and what would go wrong; exit 1 where it would fail."""
    from train.locale import translator
    from train.plan import plan as planned
    from train.recipe import DEFAULT, load

    t = translator(locale)
    named = [f"model.llm_backbone={model}"] if model else []
    made = planned(
        load(recipe, [*changes, *named]),
        shape=model_config,
        snapshot=snapshot,
        workspace=workspace,
    )
    if json:
        import json as writer

        typer.echo(writer.dumps(made.document(), indent=1, ensure_ascii=False))
    else:
        from train.show_plan import shown

        shown(made, t, show, recipe or DEFAULT)
    return 0 if made.sound else 1
