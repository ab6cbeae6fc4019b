"""curate duplicates: find the right threshold by eye."""

from __future__ import annotations

from typing import Annotated

import typer

from curate.commands import options


def duplicates(
    threshold: Annotated[
        float | None, typer.Option(help="Similarity, 0.5 to 1 [that of the latest audit].")
    ] = None,
    show: Annotated[int, typer.Option(help="Pairs to show, the least alike first.", min=0)] = 10,
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
    duplicates_terminal.show(found, show, locale, terminal.screen())
    return 0
