"""train run: train on exactly what was approved, and show what the model still gets wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from train.commands import options


def run(
    recipe: options.Recipe = None,
    changes: options.Changes = [],  # noqa: B006
    snapshot: options.Snapshot = None,
    model: options.Model = None,
    resume: Annotated[
        Path | None, typer.Option(help="Run folder to go on in, as if it had never stopped.")
    ] = None,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
    as_json: options.Json = False,
) -> int:
    """Train on the newest approved snapshot; baseline and tuned answers, record by record."""
    from train.approved import must_be_there
    from train.locale import translator
    from train.quiet import quiet
    from train.recipe import load

    changes = [*changes, *([f"model.llm_backbone={model}"] if model else [])]
    named = recipe or (str(resume / "resolved.yaml") if resume else None)
    made, t = load(named, changes), translator(locale)
    if not resume:  # said before torch is loaded, which takes seconds
        must_be_there(snapshot or made.dataset.approved, workspace, t)
    with quiet():
        from train.run import run as carry_out

    say = sys.stderr if as_json else sys.stdout

    def tell(line: str) -> None:
        print(line, file=say, flush=True)

    place = carry_out(made, snapshot, workspace, resume, tell, locale)
    told = json.loads((place / "run.json").read_bytes())
    if as_json:
        typer.echo(json.dumps({"run": str(place), **told}, ensure_ascii=False))
    return 0 if all(told.get("gates", {}).values()) else 1
