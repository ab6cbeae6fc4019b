"""curate duplicates: find the right threshold by eye."""

from __future__ import annotations

from typing import Annotated

import typer

from curate.commands import options


def duplicates(
    threshold: Annotated[
        float | None,
        typer.Option(
            help="Similarity, 0.5 to 1 [that of the latest audit]. Below 0.7 the audit has not "
            "found all pairs; what share of them is said."
        ),
    ] = None,
    show: Annotated[int, typer.Option(help="Pairs to show, the least alike first.", min=0)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="All pairs, for a program.")] = False,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Near-duplicates of the latest audit at any threshold; nothing is compared again.

    The least alike pairs come first: move the threshold until they are duplicates to your eye.
    """
    from curate import workspace as workspaces
    from curate.duplicates import at_threshold
    from curate.show import duplicates_terminal, terminal

    found = at_threshold(workspaces.find(workspace), threshold)
    if as_json:
        import orjson

        typer.echo(orjson.dumps(found.document(), option=orjson.OPT_INDENT_2).decode())
        return 0
    duplicates_terminal.show(found, show, locale, terminal.screen())
    return 0
