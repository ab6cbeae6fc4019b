"""curate log: everything that was ever decided on a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from curate.commands import options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate.locale import Translator
    from curate.review.lookup import Place
    from curate.store.database import Store
    from curate.store.decision import Decision
    from curate.workspace import Workspace


def log(
    record: Annotated[str, typer.Argument(help="The record's id, or how it begins.")],
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """List all decisions on a record, the undone ones too, in the order they were made."""
    from curate import workspace as workspaces
    from curate.locale import translator
    from curate.show.shown import one_line
    from curate.store import decisions
    from curate.store.database import has_store, open_store

    t = translator(locale)
    place = workspaces.find(workspace)
    if not has_store(place):
        place.audited()  # or it is said that nothing was
    store = open_store(place, reading=True)
    ids = store.read(lambda on: decisions.beginning(on, record))
    if len(ids) > 1:
        from curate.errors import BadSetting

        raise BadSetting(f"{record!r} begins {len(ids)} ids; write more of it")
    if not ids:
        says = "nothing was decided on any record whose id begins with {record}"
        typer.echo(t(says).format(record=one_line(record)))
        return 0
    found = store.read(lambda on: list(decisions.log(on, ids[0])))
    undone = {one.undoes for one in found}
    known = places(place, store, found)
    for one in found:
        typer.echo(line(t, one, one.id in undone, known))
    return 0


def places(
    workspace: Workspace, store: Store, found: Sequence[Decision]
) -> Mapping[str, Sequence[Place]]:
    """Where the records lie that were chosen between; unknown where nothing was audited yet."""
    from curate.review import lookup, open_review

    if workspace.latest_audit() is None or all(one.kind != "choose" for one in found):
        return {}
    return lookup.places(open_review(workspace, store), found)


def line(t: Translator, one: Decision, undone: bool, known: Mapping[str, Sequence[Place]]) -> str:
    """One decision: number, when, who, what, why."""
    from datetime import datetime

    from curate.review.lookup import choice
    from curate.show.shown import one_line

    when = (
        datetime.fromtimestamp(one.decided_at or 0)
        .astimezone()
        .isoformat(sep=" ", timespec="seconds")
    )
    what = f"{t('undo')} {one.undoes}" if one.undoes else t(one.kind)
    notes = [
        choice(t, one, known),
        t("policy {policy}").format(policy=one.policy) if one.policy else "",
        t("last word") if one.adjudicates else "",
        t("undone") if undone else "",
        one_line(masked(one.reason) or ""),
        *changed(one),
    ]
    return "  ".join([str(one.id), when, one_line(one.reviewer), what, *filter(None, notes)])


def changed(one: Decision) -> list[str]:
    """Each text that was changed, old and new, as one would write it in Python."""
    changes = one.payload.get("changes", {})
    return [f"{name}: {masked(c['old'])!r} -> {masked(c['new'])!r}" for name, c in changes.items()]


def masked(text: str | None) -> str | None:
    """A text with every private value in it masked, as everywhere."""
    from curate.show.fix_terminal import masked_texts

    return masked_texts([text])[0] if text else text
