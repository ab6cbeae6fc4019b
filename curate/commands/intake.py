"""curate intake: what a trained model got wrong, into the review queue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options


def intake(
    run: Annotated[Path, typer.Argument(help="Folder of a run, as train run made it.")],
    most: Annotated[int, typer.Option(help="Failures taken in, the worst first.", min=1)] = 200,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Take a run's failures in, and what chats with it sent; what is there is not asked again."""
    from curate import workspace as workspaces
    from curate.intake import take_in
    from curate.locale import translator

    t = translator(locale)
    done = take_in(workspaces.find(workspace), run, most=most)
    told = {
        "new": done.new, "known": done.known, "gone": done.gone, "name": done.run.name,
        "traced": done.traced, "caused": done.caused,
    }  # fmt: skip
    typer.echo(t("{name}: failures taken in: {new}; there before: {known}").format(**told))
    if done.sent or done.sent_before:
        says = "sent from a chat: {sent} new, {before} there before"
        typer.echo(t(says).format(sent=done.sent, before=done.sent_before))
    if done.traced:
        says = "traced to training records: {traced}; most likely caused by them: {caused}"
        typer.echo(t(says).format(**told))
    if done.gone:
        typer.echo(t("no longer failing, and out of the queue: {gone}").format(**told))
    if done.left:
        typer.echo(t("left out, less severe: {n} (--most)").format(n=done.left))
    if not done.linked:
        typer.echo(
            t("the approved snapshot {id} is not in this workspace, so no training records are "
              "shown beside them").format(id=done.run.approved[:12])
        )  # fmt: skip
    return 0
