"""curate import-decisions: take in the log of another store, or verdicts of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options
from curate.commands.decisions import Form, listed, refuse_other_shapes, shape

UNKNOWN_RECORDS = 1


def import_decisions(
    file: Annotated[Path, typer.Argument(help="What export-decisions or the other tool wrote.")],
    form: Form = "jsonl",
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Take decisions in, all of them or none; those that are there already are not added twice.

    Exit code 1 where verdicts of another tool are about records that are not in the latest audit,
    3 where nothing was audited yet.
    """
    from curate import workspace as workspaces
    from curate.errors import BadSource
    from curate.locale import translator
    from curate.review import elsewhere, open_review
    from curate.review.exchange import read_decisions

    t = translator(locale)
    place = workspaces.find(workspace)
    tool = shape(form)
    review = open_review(place)
    says = t("Taken in: {new}; there before: {known}")
    if tool is None:
        refuse_other_shapes(file)
        taken = read_decisions(review.store, file)
        typer.echo(says.format(new=taken.new, known=taken.known))
        return 0
    if not file.is_file():
        raise BadSource(f"{file}: no such file; curate export-decisions FILE makes one")
    found = elsewhere.taken(review, tool.read(file), tool.TOOL)
    typer.echo(says.format(new=found.new, known=found.known))
    if not found.strangers:
        return 0
    typer.echo(t("Not taken in, because the latest audit has no such record:"))
    listed(list(found.strangers))
    return UNKNOWN_RECORDS
