"""curate export-decisions: the log, or the verdicts in the shape of another review tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options
from curate.commands.decisions import Form, listed, shape


def export_decisions(
    file: Annotated[Path, typer.Argument(help="Where to write them.")],
    form: Form = "jsonl",
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Write every decision ever made, or the verdicts in force in the shape of another tool.

    Exit code 2 where the file's folder does not exist, 3 where nothing was audited yet.
    """
    from curate import workspace as workspaces
    from curate.errors import BadSetting
    from curate.locale import translator
    from curate.review import open_review
    from curate.review.elsewhere import given
    from curate.review.exchange import write_decisions

    t = translator(locale)
    place = workspaces.find(workspace)
    tool = shape(form)
    if not file.parent.is_dir():
        raise BadSetting(f"{file}: there is no folder {file.parent}; make it, or name another file")
    review = open_review(place, reading=True)
    if tool is None:
        written = write_decisions(review.store, file)
        typer.echo(t("Written: {n} entries in {file}").format(n=written, file=file))
        return 0
    found = given(review)
    tool.write(found.tasks, file)
    typer.echo(t("Written: {n} records in {file}").format(n=len(found.tasks), file=file))
    if found.left:
        typer.echo(t("Left out, because {tool} cannot hold it:").format(tool=form))
        listed([f"{record_id}  {t(why)}" for record_id, why in found.left])
    return 0
