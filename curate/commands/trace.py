"""curate trace: the training records behind what a model got wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options


def trace(
    run: Annotated[str, typer.Argument(help="Folder of a run, or `last` for the newest in runs/.")],
    failure: Annotated[
        str | None, typer.Argument(help="A failure: its number, or how its id begins [all].")
    ] = None,
    snapshot: Annotated[
        Path | None, typer.Option(help="Approved snapshot the run was trained on [workspace's].")
    ] = None,
    top: Annotated[int, typer.Option(help="Records shown of each failure.", min=1)] = 10,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Show records also where data is not the cause.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for a program.")] = False,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Say what each failure comes from, and show the records that most likely taught it.

    First it is told apart: caused by the data, not covered, under-trained, or a doubtful reference.
    """
    from curate import workspace as workspaces
    from curate.show import terminal
    from curate.trace import reading, run_folder, told, tracing
    from curate.trace.people import history
    from curate.trace.telling import detail, masked, table

    where = workspaces.find(workspace)
    opened = reading.opened(run_folder.named(run), snapshot, where)
    chosen = None if failure is None else [tracing.number_of(opened, failure)]
    found = tracing.traced(opened, chosen, top if chosen or as_json else 1)
    shown = {each.record["first_id"] for one in found for each in one.suspects}
    if as_json:
        import orjson

        document = told.document(opened, masked(found), history(where, shown))
        typer.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    elif chosen:
        people = history(where, shown)
        detail(opened, found[0], people, locale, terminal.screen(), anyway=anyway)
    else:
        table(opened, found, locale, terminal.screen())
    return 0
