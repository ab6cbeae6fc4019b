"""curate log: everything that was ever decided on a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from curate.commands import options

if TYPE_CHECKING:
    from curate.locale import Translator
    from curate.store.decision import Decision

FEWEST = 4  # characters of an id that are enough, where they are of one record alone


def log(
    record: Annotated[str, typer.Argument(help="The record's id, or how it begins.")],
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """List all decisions on a record, the undone ones too, in the order they were made."""
    from curate import workspace as workspaces
    from curate.locale import translator
    from curate.store import decisions
    from curate.store.database import open_store

    t = translator(locale)
    store = open_store(workspaces.find(workspace))
    ids = store.read(lambda on: decisions.beginning(on, record))
    if len(ids) > 1 or len(record) < FEWEST:
        from curate.errors import BadSetting

        raise BadSetting(f"{record!r} begins {len(ids)} ids; write more of it")
    found = store.read(lambda on: list(decisions.log(on, ids[0]))) if ids else []
    undone = {one.undoes for one in found}
    for one in found:
        typer.echo(line(t, one, undone=one.id in undone))
    if not found:
        typer.echo(t("nothing was decided on this record"))
    return 0


def line(t: Translator, one: Decision, undone: bool) -> str:
    """One decision: number, when, who, what, why."""
    from datetime import datetime

    from curate.show.shown import one_line

    when = (
        datetime.fromtimestamp(one.decided_at or 0)
        .astimezone()
        .isoformat(sep=" ", timespec="seconds")
    )
    what = f"{t('undo')} {one.undoes}" if one.undoes else t(one.kind)
    notes = [
        t("policy {policy}").format(policy=one.policy) if one.policy else "",
        t("last word") if one.adjudicates else "",
        t("undone") if undone else "",
        one_line(one.reason or ""),
        *changed(one),
    ]
    return "  ".join([str(one.id), when, one_line(one.reviewer), what, *filter(None, notes)])


def changed(one: Decision) -> list[str]:
    """Each text that was changed, old and new, as one would write it in Python."""
    changes = one.payload.get("changes", {})
    return [f"{name}: {c['old']!r} -> {c['new']!r}" for name, c in changes.items()]
