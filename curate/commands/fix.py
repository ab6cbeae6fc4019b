"""curate fix: normalise records; shown as a diff, kept as a new snapshot, all on record."""

from __future__ import annotations

from typing import Annotated

import typer

from curate.commands import options

Where = Annotated[
    str | None,
    typer.Argument(
        metavar="[SNAPSHOT|SOURCE]",
        help="Snapshot id, file or folder; by default that of the latest audit.",
    ),
]
NAMES = "whitespace, unicode, quotes, placeholder, json, sql, code, mojibake"


def fix(
    where: Where = None,
    only: Annotated[
        list[str],
        typer.Option(help=f"Fixes to run, separated by commas or one each time: {NAMES}."),
    ] = [],  # noqa: B006
    changes: Annotated[
        list[str], typer.Option("--set", help="FIX.PARAM=VALUE, as json.style=2.")
    ] = [],  # noqa: B006
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
    undo: Annotated[
        list[str],
        typer.Option(
            "--undo",
            metavar="SOURCE:LINE[:FIX]",
            help="Take back what fixes (or one fix) changed there, in the latest fixed snapshot.",
        ),
    ] = [],  # noqa: B006
    workspace: options.Workspace = None,
    locale: options.Locale = "en",
) -> int:
    """Normalise records: spaces, characters, quotes, JSON, SQL, code. The old snapshot stays.

    Code, tables and deliberate spacing are untouched; JSON and SQL change only in layout, proved.
    """
    from curate import fixing, unfixing
    from curate import workspace as workspaces
    from curate.errors import BadSetting
    from curate.show import fix_terminal, terminal

    names = [name.strip() for text in only for name in text.split(",") if name.strip()]
    place = workspaces.find(workspace)
    if undo:
        if names or changes:
            raise BadSetting("--undo takes changes back and makes none; leave out --only and --set")
        fixed = unfixing.opened(where, place)
        undone = unfixing.run(fixed, undo, place, write=not dry_run)
        fix_terminal.show_undone(undone, locale, terminal.screen())
        return 0
    fixes = fixing.chosen(names, changes)
    parent = fixing.opened(where, place)
    done = fixing.run(parent, fixes, place, write=not dry_run)
    fix_terminal.show(done, locale, terminal.screen())
    return 0
