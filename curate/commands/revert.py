"""curate revert: take decisions back by new entries; the log keeps both."""

from __future__ import annotations

from typing import Annotated

import typer

from curate.commands import options
from curate.commands.decide import Reviewer, who


def revert(
    named: Annotated[
        list[str], typer.Argument(metavar="DECISION...", help="Numbers of decisions, or acts.")
    ],
    reason: Annotated[str | None, typer.Option(help="Why; written in the log.")] = None,
    reviewer: Reviewer = None,
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Take decisions back, all of them or none; what was decided before them holds again."""
    from curate import workspace as workspaces
    from curate.locale import translator
    from curate.review.writing import save_drafts
    from curate.store import decisions
    from curate.store.database import open_store
    from curate.store.failures import on_failure

    t = translator(locale)
    place = workspaces.find(workspace)
    store = open_store(place)
    back = store.write(
        lambda on: decisions.undo(store, on, decisions.numbers(on, named), who(reviewer), reason)
    )
    if any(on_failure(one.record_id) for one in back):
        save_drafts(store, place)
    typer.echo(t("Taken back: {n}").format(n=len(back)))
    return 0
