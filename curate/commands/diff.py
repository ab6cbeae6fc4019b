"""curate diff: what changed between two snapshots, approved snapshots or exports."""

from __future__ import annotations

from typing import Annotated

import typer

from curate.commands import options

Side = Annotated[
    str, typer.Argument(help="A snapshot's id or how it begins, or the folder of one.")
]


def diff(
    one: Side,
    other: Side,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for a program.")] = False,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Show which records came and went, and what changed in the others, word by word.

    Private values are masked and hidden characters made visible, as everywhere.
    """
    from curate import workspace as workspaces
    from curate.diffing import differences, sides, telling
    from curate.show import terminal

    where = workspaces.find(workspace)
    found = differences.compared(sides.opened(one, where), sides.opened(other, where))
    if as_json:
        import orjson

        told = orjson.dumps(telling.as_json(found), option=orjson.OPT_INDENT_2)
        typer.echo(told.decode())
    else:
        telling.show(found, locale, terminal.screen())
    return 0
