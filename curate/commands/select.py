"""curate select: a budget of good, unlike records, and a random set of equal size beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options

INTO = Path("selected.jsonl")


def select(
    budget: Annotated[int, typer.Option(help="Records to take.", min=1)],
    into: Annotated[Path, typer.Option("--into", help="File for the selection.")] = INTO,
    workspace: options.Workspace = None,
    seed: Annotated[int, typer.Option(help="Draws the random set.")] = 0,
    locale: options.Locale = "en",
) -> int:
    """Choose among the records of the latest audit by quality and distance, within quotas.

    Beside the selection lie a random set of the same size and a reason for every record.
    """
    from curate import workspace as workspaces
    from curate.assist import choosing
    from curate.locale import translator
    from curate.show.numbers import number

    t = translator(locale)
    chosen = choosing.chosen(workspaces.find(workspace), budget, seed)
    files = choosing.written(chosen, into)
    says = t(
        "{all} records = {kept} selected + {dropped} not; "
        "{both} selected ones are in the random set too"
    )
    typer.echo(
        says.format(
            all=number(len(chosen.choices)), kept=number(budget),
            dropped=number(len(chosen.choices) - budget), both=number(len(chosen.in_both)),
        )
    )  # fmt: skip
    undecided = len(chosen.kept & chosen.undecided)
    if undecided:
        says = t("{n} selected records have errors that nobody has decided on: curate review")
        typer.echo(says.format(n=number(undecided)))
    for file in files:
        typer.echo(t("written: {file}").format(file=file))
    return 0
