"""curate export-decisions and import-decisions: the log as JSON Lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options


def export_decisions(
    file: Annotated[Path, typer.Argument(help="Where to write them.")],
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Write every decision ever made to a file, one JSON object a line."""
    from curate import workspace as workspaces
    from curate.locale import translator
    from curate.review.exchange import write_decisions
    from curate.store.database import open_store

    written = write_decisions(open_store(workspaces.find(workspace)), file)
    typer.echo(translator(locale)("Written: {n} entries in {file}").format(n=written, file=file))
    return 0


def import_decisions(
    file: Annotated[Path, typer.Argument(help="What export-decisions wrote.")],
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Take decisions in, all of them or none; those that are there already are not added twice."""
    from curate import workspace as workspaces
    from curate.locale import translator
    from curate.review.exchange import read_decisions
    from curate.store.database import open_store

    taken = read_decisions(open_store(workspaces.find(workspace)), file)
    said = translator(locale)("Taken in: {new}; there before: {known}")
    typer.echo(said.format(new=taken.new, known=taken.known))
    return 0
