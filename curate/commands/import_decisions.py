"""curate import-decisions: take in the log of another store, or verdicts of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options
from curate.commands.decisions import Form, listed, shape

UNKNOWN_RECORDS = 1


def import_decisions(
    file: Annotated[Path, typer.Argument(help="What export-decisions or the other tool wrote.")],
    form: Form = "jsonl",
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Take decisions in, all of them or none; those that are there already are not added twice.

    Exit code 1 where verdicts of another tool are about records that are not in the latest audit.
    """
    from curate import workspace as workspaces
    from curate.errors import BadSource
    from curate.locale import translator
    from curate.review import elsewhere, open_review
    from curate.review.exchange import read_decisions
    from curate.store.database import open_store

    t = translator(locale)
    place = workspaces.find(workspace)
    tool = shape(form)
    says = t("Taken in: {new}; there before: {known}")
    if tool is None:
        taken = read_decisions(open_store(place), file)
        typer.echo(says.format(new=taken.new, known=taken.known))
        return 0
    if not file.is_file():
        raise BadSource(f"{file}: no such file; curate export-decisions FILE makes one")
    found = elsewhere.taken(open_review(place), tool.read(file), tool.TOOL)
    typer.echo(says.format(new=found.new, known=found.known))
    if not found.strangers:
        return 0
    typer.echo(t("Not taken in, because the latest audit has no such record:"))
    listed(list(found.strangers))
    return UNKNOWN_RECORDS
