"""curate revert: take decisions back by new entries; the log keeps both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from curate.commands import options
from curate.commands.decide import Reviewer, who

if TYPE_CHECKING:
    from curate.store.database import Connection
    from curate.store.decision import Decision


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
    from curate.store.database import has_store, open_store
    from curate.store.failures import on_failure
    from curate.store.refusals import Refused

    t = translator(locale)
    place = workspaces.find(workspace)
    if not has_store(place):
        place.audited()  # or it is said that nothing was
        says = "{name} is no decision and no act; curate log RECORD lists them"
        raise Refused(says=says, name=named[0])
    store = open_store(place)

    def work(on: Connection) -> tuple[list[Decision], int]:
        last = decisions.newest(on)
        numbers = decisions.numbers(on, named)
        return decisions.undo(store, on, numbers, who(reviewer), reason), last

    back, last = store.write(work)
    before = [one for one in back if (one.id or 0) <= last]
    if any(on_failure(one.record_id) for one in back):
        save_drafts(store, place)
    if len(back) > len(before):
        typer.echo(t("Taken back: {n}").format(n=len(back) - len(before)))
    if before:
        typer.echo(t("already taken back: {n}").format(n=len(before)))
    return 0
